"""The FactorVAE score: the dimension that varies least while a factor is held still names it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.latent.codes import Doubles, Indices, LatentError
from explorer.latent.factors import as_pair, is_class
from explorer.latent.measures import ACTIVE_VARIANCE

VOTES = 5_000  # to learn from, and as many to judge by: as in Locatello et al. (2019)
BATCH = 64  # rows with the same value of a factor
BLOCK = 500  # votes at once, 8 MB at 32 dimensions


def factor_vae(
    codes: ArrayLike, factors: ArrayLike, *, votes: int = VOTES, seed: int = 0
) -> float:
    """The score of Kim & Mnih (2018, "Disentangling by Factorising", section 3), 0 to 1.

    For a vote, a factor k is drawn, 64 rows that agree in it, and the dimension d whose variance
    among them, over that among all, is least. A table that maps each d to the factor most often
    behind it is right for this share of new votes. Guessing scores about 1/K.

    Rows are chosen from the data there is (Locatello et al. 2019 do so where nothing can be
    drawn): of the same class, or the 64 next to each other in the order of a measure.
    Dimensions whose variance is 1 % of the largest or less have collapsed and do not take part.

    Args:
        codes: (N, D).
        factors: (N, K).
        votes: To fill the table, and as many to judge it.
        seed: Of the votes.

    Raises:
        LatentError: ``votes`` below 1, or see :func:`~explorer.latent.factors.as_pair`.
    """
    values, table = as_pair(codes, factors)
    if votes < 1:
        raise LatentError(f"votes is {votes}; choose at least 1.")
    rng = np.random.default_rng(seed)
    variance = values.var(axis=0)
    live = variance > ACTIVE_VARIANCE * variance.max()
    if not live.any():
        return 0.0
    values = values[:, live] / np.sqrt(variance[live])
    orders = [_Held(column) for column in table.T]
    factor = rng.integers(0, len(orders), 2 * votes)
    least = np.concatenate(
        [_vote(values, orders, part, rng=rng) for part in _blocks(factor, BLOCK)]
    )
    counts = np.zeros((values.shape[1], len(orders)), np.int64)
    np.add.at(counts, (least[:votes], factor[:votes]), 1)
    return float((counts.argmax(axis=1)[least[votes:]] == factor[votes:]).mean())


class _Held:
    """Rows in which a factor has one value, or nearly."""

    def __init__(self, column: Doubles) -> None:
        self._column = column
        self._is_class = is_class(column)

    def draw(self, count: int, *, rng: np.random.Generator) -> Indices:
        """(count, 64) rows."""
        # Equal values in an order of their own each time, not in that of the data.
        order = np.lexsort((rng.random(len(self._column)), self._column))
        size = min(BATCH, len(order) // 2)
        start = rng.integers(0, len(order) - size + 1, count)
        if not self._is_class:
            return np.asarray(order[start[:, None] + np.arange(size)])
        ordered = self._column[order]
        first = np.searchsorted(ordered, ordered[start], side="left")
        last = np.searchsorted(ordered, ordered[start], side="right")
        within = rng.random((count, BATCH)) * (last - first)[:, None]
        return np.asarray(order[first[:, None] + within.astype(np.int64)])


def _vote(
    values: Doubles, orders: list[_Held], factor: Indices, *, rng: np.random.Generator
) -> Indices:
    """The dimension (V,) that varies least for each of the factors (V,) held still."""
    least = np.empty(len(factor), np.int64)
    for number in np.unique(factor):
        mine = np.flatnonzero(factor == number)
        rows = orders[number].draw(len(mine), rng=rng)
        least[mine] = values[rows].var(axis=1).argmin(axis=1)
    return least


def _blocks(values: NDArray[np.int64], size: int) -> list[NDArray[np.int64]]:
    return np.split(values, range(size, len(values), size))
