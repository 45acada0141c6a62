"""What the rate is made of: the aggregate posterior q(z) against the prior N(0, I)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import Doubles, Floats, LatentError, as_codes, require_rows

MAX_PICTURES = 20_000  # 20,000 x 1,000 densities take a second
MAX_DRAWS = 1_000
BLOCK_NUMBERS = 4_000_000  # densities held at once, 32 MB
LOG_2_PI = float(np.log(2 * np.pi))


@dataclass(frozen=True)
class RateParts:
    """What the rate of a data set of N pictures is made of, in nats per picture.

    Attributes:
        rate: Mean KL of the posteriors to the prior: information + marginal.
        information: I(n; z) between a picture's number and its code: how well codes tell pictures
            apart. At most log N.
        marginal: KL(q(z) || p(z)): how far all codes together are from the prior.
        ceiling: log N; information that has reached it could not tell more pictures apart, and
            the marginal is then only an upper bound of what more pictures would give.
    """

    rate: float
    information: float
    marginal: float
    ceiling: float


def rate_parts(mu: ArrayLike, logvar: ArrayLike, *, seed: int = 0) -> RateParts:
    """Split the rate as Hoffman & Johnson (2016, "ELBO surgery", section 3) do.

    ``E_n KL(q(z|n) || p(z)) = I(n; z) + KL(q(z) || p(z))``, with q(z) = 1/N Σ_n q(z|n). The two
    parts are means over codes z drawn from posteriors q(z|n) of ``log q(z|n) - log q(z)`` and of
    ``log q(z) - log p(z)``, where log q(z) is the log-sum-exp of all N posteriors' densities.

    Args:
        mu: (N, D); more than 20,000 pictures are represented by as many chosen by chance.
        logvar: (N, D).
        seed: Of the draws and the choice.

    Raises:
        LatentError: Fewer than 2 pictures, different shapes, or NaN or infinity.
    """
    means, logs = posteriors(mu, logvar)
    require_rows(means, 2, name="mu")
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(means))[:MAX_PICTURES]
    means, logs = means[chosen].astype(np.float64), logs[chosen].astype(np.float64)
    # Few pictures are drawn from several times each: the estimate needs about a thousand draws.
    source = np.arange(MAX_DRAWS if len(means) < MAX_DRAWS else min(MAX_DRAWS, len(means)))
    source %= len(means)
    noise = rng.standard_normal((len(source), means.shape[1]))
    z = means[source] + np.exp(logs[source] / 2) * noise
    own = -(np.square(noise) + logs[source] + LOG_2_PI).sum(axis=1) / 2
    prior = -(np.square(z) + LOG_2_PI).sum(axis=1) / 2
    whole = log_aggregate(z, means, logs)
    return RateParts(
        rate=float((own - prior).mean()),
        information=float((own - whole).mean()),
        marginal=float((whole - prior).mean()),
        ceiling=float(np.log(len(means))),
    )


def log_aggregate(z: ArrayLike, mu: ArrayLike, logvar: ArrayLike) -> Doubles:
    """Log-density (M,) in nats of the aggregate posterior at ``z`` (M, D)."""
    from scipy.special import logsumexp

    codes = np.asarray(z, np.float64)
    means, logs = np.asarray(mu, np.float64), np.asarray(logvar, np.float64)
    precision = np.exp(-logs)
    # |z - mu|² / sigma² by products; constant parts of each posterior once.
    constant = (np.square(means) * precision + logs + LOG_2_PI).sum(axis=1)
    rows = max(1, BLOCK_NUMBERS // len(means))
    found = np.empty(len(codes))
    for start in range(0, len(codes), rows):
        block = codes[start : start + rows]
        square = np.square(block) @ precision.T - 2 * block @ (precision * means).T
        found[start : start + rows] = logsumexp(-(square + constant) / 2, axis=1)
    return found - float(np.log(len(means)))


def draw_aggregate(
    mu: ArrayLike, logvar: ArrayLike, n: int, *, rng: np.random.Generator
) -> Floats:
    """Codes (n, D) drawn from the aggregate posterior: a picture by chance, then its posterior."""
    means, logs = posteriors(mu, logvar)
    rows = rng.integers(0, len(means), n)
    noise = rng.standard_normal((n, means.shape[1]), dtype=np.float32)
    return np.asarray(means[rows] + np.exp(logs[rows] / 2) * noise, np.float32)


def moment_gap(mu: ArrayLike, logvar: ArrayLike) -> Doubles:
    """KL in nats (D,) of each dimension's aggregate, were it Gaussian, to the prior N(0, 1).

    ``(m² + s² - 1 - log s²) / 2`` with mean m and variance s² of the aggregate posterior (law of
    total variance). It is 0 if both are the prior's, and a lower bound of what a decoder fed from
    the prior has not been trained on; unlike the marginal KL it does not depend on N.
    """
    means, logs = posteriors(mu, logvar)
    mean = means.mean(axis=0, dtype=np.float64)
    variance = means.var(axis=0, dtype=np.float64) + np.exp(logs).mean(axis=0, dtype=np.float64)
    return np.asarray((np.square(mean) + variance - 1 - np.log(variance)) / 2)


def noise_share(mu: ArrayLike, logvar: ArrayLike) -> Doubles:
    """Share (D,) of each dimension's variance in q(z) that is the posteriors' noise, 0 to 1."""
    means, logs = posteriors(mu, logvar)
    noise = np.exp(logs).mean(axis=0, dtype=np.float64)
    return np.asarray(noise / (noise + means.var(axis=0, dtype=np.float64)))


def posteriors(mu: ArrayLike, logvar: ArrayLike) -> tuple[Floats, Floats]:
    """Means and log-variances of equal shapes (N, D), at least one row.

    Raises:
        LatentError: Different shapes, no rows, or NaN or infinity.
    """
    means, logs = as_codes(mu, name="mu"), as_codes(logvar, name="logvar")
    if means.shape != logs.shape:
        raise LatentError(f"mu has shape {means.shape} and logvar {logs.shape}; give equal ones.")
    require_rows(means, 1, name="mu")
    return means, logs
