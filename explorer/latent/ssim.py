"""Structural similarity: how alike two pictures are in brightness, contrast and structure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.latent.codes import Doubles, LatentError

PEAK = 255.0
SIGMA, RADIUS = 1.5, 5  # pixels; a window of 11 x 11
C1, C2 = (0.01 * PEAK) ** 2, (0.03 * PEAK) ** 2


def ssim(images: NDArray[np.uint8], others: NDArray[np.uint8]) -> Doubles:
    """The structural similarity index of each pair of pictures, (N,): 1 for equal ones.

    Wang, Bovik, Sheikh & Simoncelli (2004), equation 13, with their constants (K1 0.01, K2 0.03)
    and their window, a Gaussian of 11 x 11 and sigma 1.5: ``(2 μx μy + C1) (2 σxy + C2) /
    ((μx² + μy² + C1) (σx² + σy² + C2))``, averaged over the places where the whole window lies
    in the picture. Colour pictures are measured channel by channel, and averaged.

    Args:
        images: uint8 (N, H, W, C), at least 11 pixels either way.
        others: The same.

    Raises:
        LatentError: Other shapes or types.
    """
    _require_pictures(images, others)
    x, y = images.astype(np.float64), others.astype(np.float64)
    mean_x, mean_y = _blur(x), _blur(y)
    var_x = _blur(x * x) - mean_x**2
    var_y = _blur(y * y) - mean_y**2
    shared = _blur(x * y) - mean_x * mean_y
    top = (2 * mean_x * mean_y + C1) * (2 * shared + C2)
    bottom = (mean_x**2 + mean_y**2 + C1) * (var_x + var_y + C2)
    return np.asarray((top / bottom).mean(axis=(1, 2, 3)))


def _blur(values: Doubles) -> Doubles:
    """The window's mean at each place where it fits in whole."""
    from scipy.ndimage import gaussian_filter

    found = gaussian_filter(values, SIGMA, radius=RADIUS, axes=(1, 2))
    return np.asarray(found[:, RADIUS:-RADIUS, RADIUS:-RADIUS])


def _require_pictures(images: NDArray[np.uint8], others: NDArray[np.uint8]) -> None:
    if images.shape != others.shape or images.ndim != 4:
        raise LatentError(
            f"Pictures of shapes {images.shape} and {others.shape}; give two of (N, H, W, C)."
        )
    if images.dtype != np.uint8 or others.dtype != np.uint8:
        raise LatentError(f"Pictures are {images.dtype} and {others.dtype}; give uint8, 0 to 255.")
    side = 2 * RADIUS + 1
    if min(images.shape[1:3]) < side:
        raise LatentError(
            f"Pictures are {images.shape[1]} × {images.shape[2]}; the window needs {side} pixels."
        )
