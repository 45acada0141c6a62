"""Maps from codes to the plane and back: PCA exactly, UMAP by its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import Doubles, Floats, LatentError, as_codes, as_places, require_rows
from explorer.latent.embedding import MAX_FIT, layout, place
from explorer.latent.neighbours import CodeIndex
from explorer.latent.plane import PlaneMap

Arrays = Mapping[str, np.ndarray]
INVERSE_NEIGHBOURS = 15
MIN_CODES = 3


@dataclass(frozen=True, eq=False)
class PcaMap(PlaneMap):
    """The plane of largest variance through the mean of the codes.

    Attributes:
        xy: (N, 2) the codes' coordinates in it.
        components: (2, D) orthonormal rows, each with its largest entry positive.
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
        """Codes (M, D) to places (M, 2): ``(z - mean) @ components.T``."""
        offsets = as_codes(z, name="z", dim=len(self.mean)) - self.mean
        return np.asarray(offsets @ self.components.T)

    def invert(self, xy: ArrayLike) -> Floats:
        """Places (M, 2) to the codes (M, D) lying there: ``mean + xy @ components``, exactly."""
        return np.asarray(self.mean + as_places(xy) @ self.components)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """All four arrays by their names, for the bundle."""
        return {name: getattr(self, name) for name in _PCA_ARRAYS}

    @classmethod
    def from_arrays(cls, arrays: Arrays, *, codes: ArrayLike) -> PcaMap:
        """The inverse of :meth:`to_arrays`; of ``codes`` (N, D) only the shape is used.

        Raises:
            LatentError: The arrays do not fit together or not to the codes.
        """
        fitted = cls(**{name: np.asarray(arrays[name], np.float32) for name in _PCA_ARRAYS})
        _require_same_rows(fitted, as_codes(codes, dim=len(fitted.mean)))
        return fitted


_PCA_ARRAYS = ("xy", "components", "mean", "explained")


@dataclass(frozen=True, eq=False)
class UmapMap(PlaneMap):
    """A UMAP of codes, inverted through the codes around a place.

    Attributes:
        xy: (N, 2) places of the codes.
        codes: (N, D) the codes, in the same order.
    """

    codes: Floats

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "codes", as_codes(self.codes))
        _require_same_rows(self, self.codes)

    def invert(self, xy: ArrayLike, *, k: int = INVERSE_NEIGHBOURS) -> Floats:
        """Places (M, 2) to codes (M, D): a weighted mean of the ``k`` nearest codes, at length.

        The weights are :func:`place_weights`. An average of codes is shorter than the codes and
        decodes to a dull picture, so it is stretched away from the mean of all codes to the
        weighted mean of its neighbours' distances from it. At a point of the map this is that
        point's code (to about 1 part in 100,000); between points it changes continuously.
        """
        places = as_places(xy)
        k = min(k, len(self) - 1)
        distance, index = self._neighbours(places, k + 1)
        weights = place_weights(distance)[:, :, None]
        offsets = self.codes[index[:, :k]] - self._mean
        blend = (weights * offsets).sum(axis=1)
        lengths = np.linalg.norm(offsets, axis=2, keepdims=True)
        wanted = (weights * lengths).sum(axis=1)
        length = np.linalg.norm(blend, axis=1, keepdims=True)
        stretch = np.divide(wanted, length, out=np.ones_like(length), where=length > 0)
        return np.asarray(self._mean + stretch * blend, np.float32)

    def project(self, z: ArrayLike) -> Floats:
        """Codes (M, D) to places (M, 2) among their nearest codes; see :func:`place`."""
        z = as_codes(z, name="z", dim=self.codes.shape[1])
        return place(z, index=self._index, xy=self.xy)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """``xy`` alone: the codes are the bundle's ``mu`` and are not stored twice."""
        return {"xy": self.xy}

    @classmethod
    def from_arrays(cls, arrays: Arrays, *, codes: ArrayLike) -> UmapMap:
        """The inverse of :meth:`to_arrays`; ``codes`` (N, D) are those the map was fitted to.

        Raises:
            LatentError: As many places as codes are needed.
        """
        return cls(np.asarray(arrays["xy"], np.float32), as_codes(codes))

    @cached_property
    def _mean(self) -> Floats:
        return np.asarray(self.codes.mean(axis=0, dtype=np.float64), np.float32)

    @cached_property
    def _index(self) -> CodeIndex:
        return CodeIndex(self.codes)


def place_weights(distance: Doubles) -> Doubles:
    """Weights (M, k), of sum 1, of the k nearest of k + 1 neighbours at ``distance`` (M, k + 1).

    With r the distance of the last: ``w(d) = (exp(-2 d²/r²) - exp(-2)) / d``. A Gaussian of
    standard deviation r/2, lowered to reach zero where a neighbour enters or leaves (so the sum
    is continuous in the place), over d as in Shepard's interpolation (1968), so that a point
    of the map is met exactly. Places with all neighbours equally far weigh them equally.
    """
    reach = np.maximum(distance[:, -1:], np.finfo(np.float32).tiny)
    share = np.minimum(distance[:, :-1] / reach, 1.0)
    weights = (np.exp(-2 * share**2) - np.exp(-2.0)) / np.maximum(share, 1e-6)
    total = weights.sum(axis=1, keepdims=True)
    equal = np.full_like(weights, 1 / weights.shape[1])
    return np.asarray(np.divide(weights, total, out=equal, where=total > 0))


def fit_pca(mu: ArrayLike) -> PcaMap:
    """The first two principal components of codes ``mu`` (N, D), N >= 3 and D >= 2.

    Eigenvectors of the (D, D) covariance in float64, whose sign is fixed by making the entry of
    largest magnitude positive. Codes that do not vary explain 0 of their variance.

    Raises:
        LatentError: Too few codes or dimensions, or NaN or infinity among them.
    """
    codes = as_codes(mu, name="mu")
    require_rows(codes, MIN_CODES, name="mu")
    if codes.shape[1] < 2:
        raise LatentError("mu has 1 dimension; a map needs at least 2.")
    mean = codes.mean(axis=0, dtype=np.float64)
    centred = codes - mean
    variance, vectors = np.linalg.eigh(centred.T @ centred / len(codes))
    components = vectors[:, :-3:-1].T
    strongest = np.abs(components).argmax(axis=1, keepdims=True)
    components = components * np.sign(np.take_along_axis(components, strongest, 1))
    explained = np.clip(variance[:-3:-1], 0, None) / max(variance.sum(), np.finfo(float).tiny)
    return PcaMap(
        xy=(centred @ components.T).astype(np.float32),
        components=components.astype(np.float32),
        mean=mean.astype(np.float32),
        explained=explained.astype(np.float32),
    )


def fit_umap(
    mu: ArrayLike,
    *,
    seed: int = 0,
    max_fit: int = MAX_FIT,
    progress: Callable[[str], None] | None = None,
) -> UmapMap:
    """A UMAP of codes ``mu`` (N, D), N >= 3.

    At most ``max_fit`` codes, a random subset in a fixed order, are laid out by UMAP; the rest
    are placed among them by their neighbours (:func:`place`).

    Args:
        mu: The codes.
        seed: Decides the subset and the layout; the result is the same on every run.
        max_fit: Number of codes to lay out.
        progress: Is told, in a few words, what is being done.

    Raises:
        LatentError: Too few codes, or NaN or infinity among them.
    """
    codes = as_codes(mu, name="mu")
    require_rows(codes, MIN_CODES, name="mu")
    say = progress or (lambda _: None)
    fitted = np.arange(len(codes))
    if len(codes) > max_fit:
        fitted = np.sort(np.random.default_rng(seed).permutation(len(codes))[:max_fit])
    say(f"UMAP of {len(fitted):,} codes")
    xy = np.empty((len(codes), 2), np.float32)
    xy[fitted] = layout(codes[fitted], seed=seed)
    rest = np.setdiff1d(np.arange(len(codes)), fitted)
    if len(rest):
        say(f"placing {len(rest):,} more codes")
        xy[rest] = place(codes[rest], index=CodeIndex(codes[fitted]), xy=xy[fitted])
    return UmapMap(xy, codes)


def _require_same_rows(plane: PlaneMap, codes: Floats) -> None:
    if len(plane) != len(codes):
        raise LatentError(f"The map has {len(plane)} places for {len(codes)} codes; fit it again.")
