"""The plane a map lies in: which pictures are near a place, and how far off the data it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import Doubles, Floats, Indices, as_places, require_rows

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

SPACING_RANK = 5  # the neighbour whose distance counts: one stray point does not make "data"
SPACING_SAMPLE = 4_000  # points whose own spacing stands for all of them


@dataclass(frozen=True, eq=False)
class OffData:
    """How far places (M,) lie from the data, measured in the plane.

    Attributes:
        distance: (M,) to the 5th nearest point, in plane units.
        ratio: (M,) ``distance`` over the data's own median distance to its 5th neighbour:
            about 1 among the data, 10 where neighbours are ten times rarer than usual.
        percentile: (M,) share, 0 to 1, of the data whose own 5th neighbour is nearer than that.
    """

    distance: Doubles
    ratio: Doubles
    percentile: Doubles


@dataclass(frozen=True, eq=False)
class PlaneMap:
    """Points ``xy`` (N, 2) float32 of a two-dimensional map, in the order of the codes."""

    xy: Floats

    def __post_init__(self) -> None:
        object.__setattr__(self, "xy", as_places(self.xy))
        require_rows(self.xy, 2, name="xy")

    def __len__(self) -> int:
        return len(self.xy)

    def nearest(self, xy: ArrayLike, *, k: int = 1) -> Indices:
        """Indices (M, k) of the points nearest to the places ``xy`` (M, 2), nearest first.

        ``k`` above the number of points means all of them.
        """
        return self._neighbours(as_places(xy), k)[1]

    def distance(self, xy: ArrayLike) -> OffData:
        """How far the places ``xy`` (M, 2) lie from the data."""
        distance = self._neighbours(as_places(xy), SPACING_RANK)[0][:, -1]
        # Duplicates can make the usual spacing zero; the smallest number keeps the ratio defined.
        usual = max(float(np.median(self._spacing)), np.finfo(np.float32).tiny)
        rank = np.searchsorted(self._spacing, distance, side="left")
        return OffData(distance, distance / usual, rank / len(self._spacing))

    def _neighbours(self, xy: Floats, k: int) -> tuple[Doubles, Indices]:
        """Distances and indices, both (M, k), of the nearest points."""
        ranks = np.arange(1, min(k, len(self.xy)) + 1)
        distance, index = self._tree.query(xy, k=ranks)
        return distance, index

    @cached_property
    def _tree(self) -> cKDTree:
        from scipy.spatial import cKDTree

        return cKDTree(self.xy)

    @cached_property
    def _spacing(self) -> Doubles:
        """Sorted distances of a subsample to their 5th neighbour, themselves left out."""
        step = max(1, len(self.xy) // SPACING_SAMPLE)
        own = self._neighbours(self.xy[::step], SPACING_RANK + 1)[0]
        return np.sort(own[:, -1])
