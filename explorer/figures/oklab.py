"""OKLab (Björn Ottosson, 2020): a colour space in which equal distances look equal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Rgb = NDArray[np.uint8]

_LINEAR_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_CONES_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def to_oklab(rgb: Rgb) -> Doubles:
    """Colours in sRGB, uint8 (N, 3), to lightness (0 to 1), green-red and blue-yellow, (N, 3)."""
    return np.asarray(np.cbrt(to_linear(rgb) @ _LINEAR_TO_CONES.T) @ _CONES_TO_LAB.T)


def from_oklab(lab: Doubles) -> Rgb:
    """The inverse of :func:`to_oklab`, clipped to what a screen can show."""
    cones = (lab @ np.linalg.inv(_CONES_TO_LAB).T) ** 3
    light = np.clip(cones @ np.linalg.inv(_LINEAR_TO_CONES).T, 0, 1)
    srgb = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255 * srgb), np.uint8)


def to_linear(rgb: Rgb) -> Doubles:
    """Colours in sRGB, uint8 (N, 3), to linear light, 0 to 1 (IEC 61966-2-1)."""
    share = rgb / 255.0
    return np.asarray(np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4))
