"""All disentanglement scores of a set of codes, each over several seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import Doubles, LatentError
from explorer.latent.dci import dci
from explorer.latent.factor_votes import factor_vae
from explorer.latent.factors import as_pair
from explorer.latent.mig import mig
from explorer.latent.sap import sap

SCORES = ("mig", "dci-d", "dci-c", "dci-i", "sap", "factor-vae")
TITLES = {
    "mig": "MIG",
    "dci-d": "DCI disentanglement",
    "dci-c": "DCI completeness",
    "dci-i": "DCI informativeness",
    "sap": "SAP",
    "factor-vae": "FactorVAE score",
}
ROWS = 8_000
SHARE = 0.8  # of few rows, so that seeds differ in what they see


@dataclass(frozen=True)
class Score:
    """A disentanglement score.

    Attributes:
        name: One of ``SCORES``.
        value: Mean over the seeds.
        std: Standard deviation over the seeds (n - 1); NaN for a single one. It says how much of
            the score is chance in measuring this one model, not how models trained anew differ.
        seeds: Those it was measured with.
    """

    name: str
    value: float
    std: float
    seeds: tuple[int, ...]

    @property
    def title(self) -> str:
        """The score's name in the literature."""
        return TITLES[self.name]


def disentanglement(
    codes: ArrayLike,
    factors: ArrayLike,
    *,
    seeds: Sequence[int] = (0, 1, 2),
    rows: int = ROWS,
    progress: Callable[[float], object] | None = None,
) -> tuple[Score, ...]:
    """MIG, DCI, SAP and the FactorVAE score of codes whose pictures' factors are known.

    Each seed draws its own rows, at most ``rows`` and 80 % of them all, and its own splits,
    forests and votes.

    Args:
        codes: (N, D), posterior means.
        factors: (N, K), each with more than one value; up to 12 values are classes.
        seeds: One or more.
        rows: The most to look at.
        progress: Told the share done, 0 to 1, after each seed.

    Raises:
        LatentError: No seeds, or see :func:`~explorer.latent.factors.as_pair`.
    """
    values, table = as_pair(codes, factors)
    if not seeds:
        raise LatentError("seeds is empty; give at least one.")
    count = min(rows, int(SHARE * len(values)))
    rounds = []
    for seed in seeds:
        rounds.append(_measure(values, table, count, seed=seed))
        if progress:
            progress(len(rounds) / len(seeds))
    found = np.array(rounds)
    spread = found.std(axis=0, ddof=1) if len(found) > 1 else np.full(len(SCORES), np.nan)
    named = zip(SCORES, found.mean(axis=0), spread, strict=True)
    return tuple(Score(name, float(mean), float(std), tuple(seeds)) for name, mean, std in named)


def _measure(values: Doubles, table: Doubles, count: int, *, seed: int) -> list[float]:
    drawn = np.random.default_rng(seed).permutation(len(values))[:count]
    codes, factors = values[drawn], table[drawn]
    parts = dci(codes, factors, seed=seed)
    return [
        mig(codes, factors),
        parts.disentanglement,
        parts.completeness,
        parts.informativeness,
        sap(codes, factors, seed=seed),
        factor_vae(codes, factors, seed=seed),
    ]
