"""The UMAP layout itself (McInnes, Healy & Melville 2018): slow, imported late, one at a time."""

from __future__ import annotations

import warnings
from threading import Lock

import numpy as np

from explorer.latent.codes import Doubles, Floats
from explorer.latent.neighbours import CodeIndex

MAX_FIT = 20_000
GRAPH_NEIGHBOURS = 15
PLACING_NEIGHBOURS = 5
PLACING_STEPS = 10

# numba's default threading layer aborts the process when entered from two threads.
_umap_lock = Lock()


def layout(mu: Floats, *, seed: int) -> Floats:
    """A UMAP of codes (N, D), N >= 3, as float32 (N, 2); the same on every run with one ``seed``.

    The neighbour graph is exact, by :class:`CodeIndex`: for the 20,000 codes fitted at most that
    is faster than compiling and running the approximate search, and independent of its chance.
    The layout starts from the first two principal components, which keeps the large distances as
    well as the spectral start does (Kobak & Linderman 2021) and cannot fail to converge.
    """
    if not np.ptp(mu, axis=0).any():
        return np.zeros((len(mu), 2), np.float32)  # a collapsed posterior: all is one point
    k = min(GRAPH_NEIGHBOURS, len(mu) - 1)
    near = CodeIndex(mu).nearest(mu, k=k)
    graph = (near.index.astype(np.int32), near.distance.astype(np.float32))
    with _umap_lock, warnings.catch_warnings():
        # It warns that one thread is used (the price of a seed) and that transform is not
        # available (place does that here); numba's import warns of its own deprecations.
        warnings.simplefilter("ignore")
        from umap import UMAP

        model = UMAP(n_neighbors=k, init="pca", random_state=seed, n_jobs=1, precomputed_knn=graph)
        return np.asarray(model.fit_transform(mu), np.float32)


def place(z: Floats, *, index: CodeIndex, xy: Floats) -> Floats:
    """Put codes (M, D) on a finished map ``xy`` (N, 2) of the codes in ``index``, as (M, 2).

    A Gaussian-weighted mean of the neighbours' places falls into the empty sea between islands
    whenever the neighbours live on two of them, so the mean is moved to the nearest mode of their
    weighted density in the plane (mean shift: Comaniciu & Meer 2002, eq. 20).
    """
    near = index.nearest(z, k=PLACING_NEIGHBOURS)
    weights = _neighbour_weights(near.distance)
    return mode_of_places(xy[near.index], weights)


def mode_of_places(places: Floats, weights: Doubles) -> Floats:
    """A mode (M, 2) of weighted places (M, k, 2), reached by mean shift from their mean.

    Args:
        places: (M, k, 2).
        weights: (M, k), rows of sum 1.
    """
    at = np.einsum("mk,mkd->md", weights, places)
    for _ in range(PLACING_STEPS):
        apart = np.linalg.norm(places - at[:, None, :], axis=2)
        pull = weights * _gaussian(apart, np.median(apart, axis=1, keepdims=True))
        at = np.einsum("mk,mkd->md", pull / pull.sum(axis=1, keepdims=True), places)
    return np.asarray(at, np.float32)


def _neighbour_weights(distance: Doubles) -> Doubles:
    """Weights (M, k), of sum 1, falling from the nearest neighbour's distance on.

    In many dimensions all neighbours are nearly equally far; what tells them apart is by how much
    they are farther than the nearest, UMAP's rho.
    """
    beyond = distance - distance[:, :1]
    weights = _gaussian(beyond, 0.5 * beyond[:, -1:])
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _gaussian(distance: Doubles, width: Doubles) -> Doubles:
    floor = np.finfo(np.float32).tiny
    return np.asarray(np.exp(-0.5 * (distance / np.maximum(width, floor)) ** 2))
