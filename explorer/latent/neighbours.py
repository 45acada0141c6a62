"""Nearest codes in all D dimensions, and how typical a code is of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import Doubles, Floats, Indices, LatentError, as_codes, require_rows
from explorer.latent.offdata import RANK, OffData, compare

TYPICAL_SAMPLE = 1_000  # codes whose own neighbours stand for everyone's; 0.1 % resolution
BLOCK_NUMBERS = 16_000_000  # numbers held at once, 64 MB
SPARE = 8  # candidates beyond k that float32 rounding may have misplaced


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The k nearest codes of M queries, nearest first.

    Attributes:
        index: (M, k) rows of the codes.
        distance: (M, k) Euclidean.
    """

    index: Indices
    distance: Doubles


class CodeIndex:
    """Exact nearest neighbours among codes (N, D), by matrix products.

    In 32 and more dimensions space-partitioning trees visit nearly every leaf; one product with
    BLAS is quicker, and exact.
    """

    def __init__(self, codes: ArrayLike) -> None:
        values = as_codes(codes)
        require_rows(values, 2, name="codes")
        self._centre = values.mean(axis=0, dtype=np.float64).astype(np.float32)
        # Centred: |a|^2 - 2ab + |b|^2 loses digits when the codes lie far from the origin.
        self._codes = values - self._centre
        self._half_squares = 0.5 * np.einsum("nd,nd->n", self._codes, self._codes)

    def __len__(self) -> int:
        return len(self._codes)

    def nearest(self, z: ArrayLike, *, k: int = 1) -> Neighbours:
        """The ``k`` codes nearest to each of ``z`` (M, D); k above N means all of them.

        Raises:
            LatentError: ``k`` below 1, or ``z`` of another D or not finite.
        """
        if k < 1:
            raise LatentError(f"k is {k}; ask for at least 1 neighbour.")
        queries = as_codes(z, name="z", dim=self._codes.shape[1]) - self._centre
        k = min(k, len(self))
        rows = max(1, BLOCK_NUMBERS // max(len(self), (k + SPARE) * queries.shape[1]))
        index = np.empty((len(queries), k), np.int64)
        distance = np.empty((len(queries), k), np.float64)
        for start in range(0, len(queries), rows):
            block = slice(start, start + rows)
            index[block], distance[block] = self._search(queries[block], k)
        return Neighbours(index, distance)

    def typicality(self, z: ArrayLike, *, members: bool = False) -> OffData:
        """How far each of ``z`` (M, D) lies from the data, in all dimensions.

        A low percentile is ordinary. An average of many codes is nearer to all of them than they
        are to each other and comes out near 0; so do codes found through a map.

        Args:
            z: Codes to judge.
            members: They are among the index's own codes, and each leaves itself out.
        """
        return compare(self._spread(z, members=members), own=self._own)

    def _search(self, queries: Floats, k: int) -> tuple[Indices, Doubles]:
        """Candidates by float32 products, then exact float64 distances among them."""
        score = queries @ self._codes.T
        np.subtract(self._half_squares, score, out=score)
        wide = min(k + SPARE, len(self))
        candidates = np.argpartition(score, wide - 1, axis=1)[:, :wide]
        offsets = self._codes[candidates].astype(np.float64) - queries[:, None, :]
        distance = np.sqrt(np.einsum("mkd,mkd->mk", offsets, offsets))
        # Ties go to the lower row, whatever order the partition left them in.
        order = np.lexsort((candidates, distance), axis=1)[:, :k]
        return np.take_along_axis(candidates, order, 1), np.take_along_axis(distance, order, 1)

    def _spread(self, z: ArrayLike, *, members: bool) -> Doubles:
        return self.nearest(z, k=RANK + members).distance[:, -1]

    @cached_property
    def _own(self) -> Doubles:
        """Sorted distances of a subsample to their 5th neighbour, themselves left out."""
        step = max(1, len(self) // TYPICAL_SAMPLE)
        sample = self._codes[::step] + self._centre
        return np.sort(self._spread(sample, members=True))
