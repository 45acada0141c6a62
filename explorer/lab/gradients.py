"""Two estimates of d/dmu E[f(z)], z ~ N(mu, sigma²), from draws of z.

With the reparameterisation trick z = mu + sigma·eps the gradient goes through the draw: f'(z) is
an estimate (Kingma and Welling 2014, section 2.4). Without it the density's gradient must do:
f(z)·(z - mu)/sigma², the score-function estimate (REINFORCE; Williams 1992).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from explorer.lab.errors import LabError
from explorer.lab.grids import Doubles

REPEATS = 2_000  # estimates, for their spread
MOST_DRAWS = 500


@dataclass(frozen=True)
class Target:
    """A function of a code whose mean is to fall.

    Attributes:
        value: f.
        slope: f'.
        gradient: d/dmu E[f(z)] for mu and sigma, exactly.
    """

    value: Callable[[Doubles], Doubles]
    slope: Callable[[Doubles], Doubles]
    gradient: Callable[[float, float], float]


SQUARE, WAVE, STEP = "Square", "Wave", "Step"
TARGETS: Mapping[str, Target] = {
    SQUARE: Target(np.square, lambda z: 2 * z, lambda mu, sigma: 2 * mu),
    # E sin z = sin(mu) exp(-sigma² / 2), the characteristic function of a Gaussian.
    WAVE: Target(np.sin, np.cos, lambda mu, sigma: float(np.cos(mu) * np.exp(-(sigma**2) / 2))),
    # E[z > 0] = Phi(mu / sigma); the step's own slope is 0 almost everywhere.
    STEP: Target(
        lambda z: (z > 0).astype(np.float64),
        np.zeros_like,
        lambda mu, sigma: float(np.exp(-((mu / sigma) ** 2) / 2) / (sigma * np.sqrt(2 * np.pi))),
    ),
}


@dataclass(frozen=True, eq=False)
class Estimates:
    """Estimates of one gradient.

    Attributes:
        exact: The gradient.
        pathwise: (REPEATS,) with the trick, each the mean of so many draws.
        score: (REPEATS,) without it, from the same draws.
    """

    exact: float
    pathwise: Doubles
    score: Doubles

    @property
    def times_as_many(self) -> float:
        """Draws the score function needs for the spread the trick has with one.

        The variance of a mean falls as one over the number of draws.
        """
        return float(self.score.var() / max(self.pathwise.var(), np.finfo(np.float64).tiny))


def estimate(name: str, *, mu: float, sigma: float, draws: int, seed: int = 0) -> Estimates:
    """Both estimates, many times over.

    Args:
        name: Of one of ``TARGETS``.
        mu: Mean of the code.
        sigma: Its standard deviation, above 0.
        draws: Of z, for each estimate.
        seed: Of the draws.

    Raises:
        LabError: ``sigma`` is not above 0, or ``draws`` not from 1 to ``MOST_DRAWS``.
    """
    if not (np.isfinite(sigma) and sigma > 0):
        raise LabError(f"sigma is {sigma}; give a number above 0.")
    if not 1 <= draws <= MOST_DRAWS:
        raise LabError(f"{draws} draws; give a number from 1 to {MOST_DRAWS}.")
    target = TARGETS[name]
    eps = np.random.default_rng(seed).standard_normal((REPEATS, draws))
    z = mu + sigma * eps
    score = target.value(z) * eps / sigma
    return Estimates(
        exact=target.gradient(mu, sigma),
        pathwise=target.slope(z).mean(axis=1),
        score=score.mean(axis=1),
    )
