"""Plain figures about codes and pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.latent.codes import Doubles, LatentError, as_codes, require_rows

ACTIVE_VARIANCE = 0.01
PEAK = 255.0


@dataclass(frozen=True, eq=False)
class Aggregate:
    """How the codes of a data set lie as a whole, against the prior N(0, I).

    Attributes:
        mean: (D,); the prior's is 0.
        std: (D,); the prior's is 1, and that of posterior means is below.
        radius_mean: Mean distance of the codes from the origin.
        radius_std: Its standard deviation.
        prior_radius: The mean distance of the prior's samples, about the root of D.
    """

    mean: Doubles
    std: Doubles
    radius_mean: float
    radius_std: float
    prior_radius: float


def aggregate(mu: ArrayLike) -> Aggregate:
    """Statistics of codes ``mu`` (N, D)."""
    codes = as_codes(mu, name="mu").astype(np.float64)
    require_rows(codes, 1, name="mu")
    length = radius(codes)
    return Aggregate(
        mean=codes.mean(axis=0),
        std=codes.std(axis=0),
        radius_mean=float(length.mean()),
        radius_std=float(length.std()),
        prior_radius=prior_radius(codes.shape[1]),
    )


def radius(z: ArrayLike) -> Doubles:
    """Euclidean distance (M,) of codes (M, D) from the origin, the mean of the prior."""
    return np.asarray(np.linalg.norm(as_codes(z, name="z").astype(np.float64), axis=1))


def prior_radius(dim: int) -> float:
    """Mean radius of N(0, I) in ``dim`` dimensions: sqrt(2) Γ((D + 1) / 2) / Γ(D / 2).

    The mean of the chi distribution; sqrt(D - 1/2) to better than 1 % from D = 2 on.
    """
    from math import exp, lgamma, sqrt

    if dim < 1:
        raise LatentError(f"dim is {dim}; a code has at least 1 dimension.")
    return sqrt(2) * exp(lgamma((dim + 1) / 2) - lgamma(dim / 2))


def unit_variances(mu: ArrayLike) -> Doubles:
    """Variance (D,) over the data of each dimension of the posterior means ``mu`` (N, D)."""
    codes = as_codes(mu, name="mu")
    require_rows(codes, 1, name="mu")
    return np.asarray(codes.var(axis=0, dtype=np.float64))


def active_units(mu: ArrayLike, *, threshold: float = ACTIVE_VARIANCE) -> int:
    """How many dimensions of ``mu`` (N, D) depend on the picture.

    A unit u is active if Cov_x(E[u | x]) > 0.01 (Burda, Grosse & Salakhutdinov 2016, section
    5.2).
    """
    return int((unit_variances(mu) > threshold).sum())


def psnr(images: NDArray[np.uint8], others: NDArray[np.uint8]) -> Doubles:
    """Peak signal-to-noise ratio in dB of each pair of pictures, (N,): 10 log10(255² / MSE).

    Pictures are uint8 (N, H, W, C); equal ones give infinity.

    Raises:
        LatentError: The shapes differ or are not (N, H, W, C), or the type is not uint8.
    """
    if images.shape != others.shape or images.ndim != 4:
        raise LatentError(
            f"Pictures of shapes {images.shape} and {others.shape}; give two of (N, H, W, C)."
        )
    if images.dtype != np.uint8 or others.dtype != np.uint8:
        raise LatentError(f"Pictures are {images.dtype} and {others.dtype}; give uint8, 0 to 255.")
    error = np.square(images.astype(np.float64) - others).mean(axis=(1, 2, 3))
    with np.errstate(divide="ignore"):
        return np.asarray(10 * np.log10(PEAK**2 / error))
