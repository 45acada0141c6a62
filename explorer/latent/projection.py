"""Maps from codes to the plane and back: PCA exactly, UMAP by its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import Doubles, Floats, LatentError, as_codes, as_places, require_rows
from explorer.latent.embedding import MAX_FIT
from explorer.latent.plane import PlaneMap

Arrays = Mapping[str, np.ndarray]
INVERSE_NEIGHBOURS = 15


@dataclass(frozen=True, eq=False)
class PcaMap(PlaneMap):
    """The two directions of largest variance.

    Attributes:
        xy: (N, 2) the codes' coordinates along them.
        components: (2, D) orthonormal rows.
        mean: (D,) of the codes; the plane's origin.
        explained: (2,) share of the total variance along each, 0 to 1.
    """

    components: Floats
    mean: Floats
    explained: Floats

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.components.shape != (2, len(self.mean)):
            raise LatentError(
                f"components has shape {self.components.shape}; (2, {len(self.mean)}) is needed."
            )

    def project(self, z: ArrayLike) -> Floats:
        """Codes (M, D) to places (M, 2)."""
        return (as_codes(z, name="z", dim=len(self.mean)) - self.mean) @ self.components.T

    def invert(self, xy: ArrayLike) -> Floats:
        """Places (M, 2) to the codes (M, D) in the plane: ``mean + xy @ components``."""
        return self.mean + as_places(xy) @ self.components

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Everything there is, for the bundle."""
        return {
            "xy": self.xy,
            "components": self.components,
            "mean": self.mean,
            "explained": self.explained,
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays, *, codes: ArrayLike) -> PcaMap:
        """The inverse of :meth:`to_arrays`; ``codes`` (N, D) only lend their number."""
        return cls(**{name: np.asarray(arrays[name], np.float32) for name in _PCA_ARRAYS})


_PCA_ARRAYS = ("xy", "components", "mean", "explained")


@dataclass(frozen=True, eq=False)
class UmapMap(PlaneMap):
    """A UMAP of the codes. (first version; see the docstrings of the methods)."""

    codes: Floats

    def invert(self, xy: ArrayLike, *, k: int = INVERSE_NEIGHBOURS) -> Floats:
        """Places (M, 2) to codes (M, D) by Gaussian-weighted neighbours in the plane."""
        raise NotImplementedError

    def project(self, z: ArrayLike) -> Floats:
        """Codes (M, D) to places (M, 2) by Gaussian-weighted neighbours among the codes."""
        raise NotImplementedError

    def to_arrays(self) -> dict[str, np.ndarray]:
        """``xy`` alone: the codes are the bundle's ``mu`` and are not stored twice."""
        return {"xy": self.xy}

    @classmethod
    def from_arrays(cls, arrays: Arrays, *, codes: ArrayLike) -> UmapMap:
        """The inverse of :meth:`to_arrays`; ``codes`` (N, D) are those the map was fitted to."""
        return cls(np.asarray(arrays["xy"], np.float32), as_codes(codes))


def fit_pca(mu: ArrayLike) -> PcaMap:
    """Principal components of codes ``mu`` (N, D)."""
    raise NotImplementedError


def fit_umap(
    mu: ArrayLike,
    *,
    seed: int = 0,
    max_fit: int = MAX_FIT,
    progress: Callable[[str], None] | None = None,
) -> UmapMap:
    """A UMAP of codes ``mu`` (N, D)."""
    raise NotImplementedError
