"""Parts of the space worth a look: rings about the origin, corners of the map, between classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import (
    Doubles,
    Floats,
    Indices,
    LatentError,
    as_codes,
    as_places,
    require_finite,
    require_rows,
)
from explorer.latent.paths import lerp, require_steps
from explorer.latent.sampling import require_temperature, standard_noise

BEYOND = 1.5  # how far the rings go, over the 99th percentile of the data's radii
OUTER = 0.99


def ring_radii(radii: ArrayLike, *, count: int) -> Doubles:
    """Even steps (count,) from the origin to half as far again as the data goes.

    Args:
        radii: (N,) distances of the data's codes from the origin,
            :func:`~explorer.latent.measures.radius`.
        count: 2 or more; the first is 0.

    Raises:
        LatentError: A count out of range, or NaN or infinity among the radii.
    """
    require_steps(count, name="count")
    own = _radii(radii)
    return np.linspace(0, BEYOND * float(np.quantile(own, OUTER)), count)


def rings(radii: ArrayLike, *, per_ring: int, dim: int, rng: np.random.Generator) -> Floats:
    """Codes at given distances from the origin, in the same random directions on every ring.

    The directions are even over the sphere: normal numbers over their length (Muller 1959).

    Args:
        radii: (R,) 0 or more.
        per_ring: P directions.
        dim: D.
        rng: Draws the directions.

    Returns:
        (R, P, D).

    Raises:
        LatentError: A negative radius, no directions, or a dimension below 1.
    """
    own = _radii(radii)
    if (own < 0).any():
        raise LatentError(f"radii holds {own.min():g}; choose 0 (the origin) or more.")
    if per_ring < 1:
        raise LatentError(f"per_ring is {per_ring}; choose at least 1.")
    ways = standard_noise(per_ring, dim=dim, rng=rng).astype(np.float64)
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    return np.asarray(own[:, None, None] * ways, np.float32)


def chi_density(radii: ArrayLike, *, dim: int) -> Doubles:
    """How densely the radii of N(0, I) in ``dim`` dimensions lie at ``radii`` (R,).

    The chi distribution: ``2^(1 - D/2) r^(D - 1) exp(-r² / 2) / Γ(D / 2)``; integrates to 1.

    Raises:
        LatentError: A dimension below 1, or NaN or infinity among the radii.
    """
    from scipy.special import gammaln, xlogy

    half = _require_dim(dim) / 2
    own = np.maximum(_radii(radii), 0)
    logs = (1 - half) * np.log(2) + xlogy(dim - 1, own) - np.square(own) / 2 - gammaln(half)
    return np.asarray(np.exp(logs))


def prior_within(radii: ArrayLike, *, dim: int) -> Doubles:
    """Share of N(0, I) in ``dim`` dimensions nearer to the origin than ``radii`` (R,), 0 to 1.

    The chi distribution's: the regularised incomplete gamma function P(D / 2, r² / 2).

    Raises:
        LatentError: As for :func:`chi_density`.
    """
    from scipy.special import gammainc

    half = _require_dim(dim) / 2
    return np.asarray(gammainc(half, np.square(np.maximum(_radii(radii), 0)) / 2))


def share_within(radii: ArrayLike, *, data: ArrayLike) -> Doubles:
    """Share of the data's radii (N,) that are below each of ``radii`` (R,), 0 to 1."""
    own = np.sort(_radii(data, name="data"))
    return np.asarray(np.searchsorted(own, _radii(radii), side="left") / len(own))


def map_corners(xy: ArrayLike) -> Floats:
    """Corners (4, 2) of the rectangle that holds the places ``xy`` (N, 2) of a map.

    Top left, top right, bottom left, bottom right, with y upwards: the order that
    :func:`~explorer.latent.paths.bilinear_grid` takes.

    Raises:
        LatentError: No places, or NaN or infinity among them.
    """
    places = as_places(xy)
    require_rows(places, 1, name="xy")
    (left, low), (right, high) = places.min(axis=0), places.max(axis=0)
    corners = [[left, high], [right, high], [left, low], [right, low]]
    return np.array(corners, np.float32)


def corner_rows(xy: ArrayLike) -> Indices:
    """Rows (4,) of the places that reach furthest towards each of :func:`map_corners`.

    Furthest along the diagonal, with both sides of the rectangle counting the same.

    Raises:
        LatentError: No places, or NaN or infinity among them.
    """
    places = as_places(xy)
    corners = map_corners(places).astype(np.float64)
    middle = corners.mean(axis=0)
    half = np.maximum(np.ptp(corners, axis=0) / 2, np.finfo(np.float32).tiny)
    towards = np.sign(corners - middle)
    return np.asarray(((places - middle) / half @ towards.T).argmax(axis=0), np.int64)


def between_clouds(
    means: ArrayLike,
    stds: ArrayLike,
    *,
    steps: int,
    n: int,
    temperature: float = 1.0,
    truncation: float = np.inf,
    rng: np.random.Generator,
) -> Floats:
    """Draws on the way from one class to another, each column the same draw all along.

    Between N(m0, s0²) and N(m1, s1²), both diagonal, mean and standard deviation go straight
    from one to the other: the shortest way by optimal transport (McCann 1997; Peyré & Cuturi
    2019, remark 2.31).

    Args:
        means: (2, D).
        stds: (2, D), 0 or more.
        steps: T from the first class to the second, both counted.
        n: Draws.
        temperature: Factor on the standard deviations; 0 gives the means.
        truncation: See :func:`~explorer.latent.sampling.standard_noise`.
        rng: Draws the noise, the same at every step.

    Returns:
        (T, n, D).

    Raises:
        LatentError: Not two classes, a negative deviation or temperature, or numbers out of range.
    """
    ends = as_codes(means, name="means")
    spreads = as_codes(stds, name="stds", dim=ends.shape[1])
    if len(ends) != 2 or len(spreads) != 2:
        raise LatentError(f"means and stds have {len(ends)} and {len(spreads)} rows; give 2 each.")
    if (spreads < 0).any():
        raise LatentError(f"stds holds {spreads.min():g}; a standard deviation is 0 or more.")
    require_temperature(temperature)
    require_steps(steps)
    share = np.linspace(0, 1, steps)
    noise = standard_noise(n, dim=ends.shape[1], truncation=truncation, rng=rng)
    spread = np.float32(temperature) * lerp(spreads[0], spreads[1], share)
    return np.asarray(lerp(ends[0], ends[1], share)[:, None] + spread[:, None] * noise, np.float32)


def _radii(values: ArrayLike, *, name: str = "radii") -> Doubles:
    own = np.asarray(values, np.float64)
    if own.ndim != 1:
        raise LatentError(f"{name} has shape {own.shape}; give (R,), distances from the origin.")
    require_finite(own, name=name)
    return own


def _require_dim(dim: int) -> int:
    if dim < 1:
        raise LatentError(f"dim is {dim}; a code has at least 1 dimension.")
    return dim
