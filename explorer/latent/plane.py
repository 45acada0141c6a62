"""The plane a map lies in: which pictures are near a place, and how far off the data it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import Doubles, Floats, Indices, as_places, require_rows
from explorer.latent.offdata import RANK, OffData, compare

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

SPACING_SAMPLE = 4_000  # points whose own spacing stands for all of them


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
        """How far the places ``xy`` (M, 2) lie from the data, in the plane."""
        distance = self._neighbours(as_places(xy), RANK)[0][:, -1]
        return compare(distance, own=self._spacing)

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
        own = self._neighbours(self.xy[::step], RANK + 1)[0]
        return np.sort(own[:, -1])
