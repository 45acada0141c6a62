"""A drawing or a photo of a digit, brought into the form of MNIST's.

LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition", Proc.
IEEE 1998: light on dark, the longer side 20 pixels, the centre of mass in the middle of 28 x 28.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from explorer.data.dataset import DataError, Pixels
from explorer.data.pictures import FILTER

SIZE, BOX, MIDDLE = 28, 20, 14
WORKING_SIZE = 320  # longest side that is looked at, in pixels
CONTRAST = 24  # grey levels between ink and ground
SPECK = 0.05  # parts smaller than this share of the largest are dirt
# A pen is wider than this share of the picture nowhere; what is, is light and shade.
WIDEST_PEN = 0.3
# Widths of strokes in a box of 20 pixels as 2 x area / outline, in 2,000 digits of MNIST: the
# median, and what a tenth of them stays below.
USUAL_STROKE, THIN_STROKE = 2.35, 1.76

NOTHING_DRAWN = (
    "Nothing is drawn here: no part of the picture stands out from its ground. Draw one digit "
    "with a thick line, or choose a photo with more contrast."
)

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def fit_digit(image: Pixels) -> Pixels:
    """One digit, centred and scaled like MNIST's.

    Args:
        image: uint8 (H, W) or (H, W, C), dark on light or light on dark, any size.

    Returns:
        uint8 (28, 28, 1), light on dark.

    Raises:
        DataError: nothing is drawn.
    """
    ink = _ink(_grey(image))
    mask = _without_specks(ink > _threshold(ink))
    ink = np.where(ndimage.binary_dilation(mask, iterations=2), ink, 0)
    ink = np.minimum(ink / np.percentile(ink[mask], 75), 1)
    return _centred(_boxed(_thick_enough(ink, mask)))


def _grey(image: Pixels) -> Floats:
    """Grey levels with the frame's own margin, at most WORKING_SIZE long."""
    flat = image[:, :, 0] if image.ndim == 3 and image.shape[2] == 1 else image
    picture = Image.fromarray(flat).convert("L")
    picture.thumbnail((WORKING_SIZE, WORKING_SIZE), FILTER)
    return np.asarray(picture, np.float64)


def _ink(grey: Floats) -> Floats:
    """How far each pixel stands out from the ground, on the side of the ground that has more."""
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    ground = float(np.median(edge))
    smooth = ndimage.gaussian_filter(grey, 0.5)
    if ground - smooth.min() > smooth.max() - ground:
        grey = 255 - grey
    width = max(3, round(WIDEST_PEN * max(grey.shape)))
    level = ndimage.grey_opening(grey, (width, width), mode="nearest")
    paper: Floats = ndimage.uniform_filter(level, width, mode="nearest")
    return np.maximum(grey - paper, 0.0)


def _threshold(ink: Floats) -> float:
    """Otsu 1979: the level that separates ink from ground best."""
    if np.ptp(ink) < CONTRAST:
        raise DataError(NOTHING_DRAWN)
    counts, edges = np.histogram(ink, 128)
    middles = (edges[:-1] + edges[1:]) / 2
    below, total = np.cumsum(counts), counts.sum()
    mass = np.cumsum(counts * middles)
    inside = below[:-1]
    ground = mass[:-1] / inside
    drawn = (mass[-1] - mass[:-1]) / np.maximum(total - inside, 1)
    best = int((inside * (total - inside) * (drawn - ground) ** 2).argmax())
    if drawn[best] - ground[best] < CONTRAST:
        raise DataError(NOTHING_DRAWN)
    return float(edges[best + 1])


def _without_specks(mask: Mask) -> Mask:
    parts, count = ndimage.label(mask, structure=np.ones((3, 3)))
    areas = ndimage.sum_labels(mask, parts, np.arange(count + 1))
    return np.asarray((areas >= SPECK * areas[1:].max())[parts] & mask)


def _thick_enough(ink: Floats, mask: Mask) -> Floats:
    """Widen what a thin pen drew, which would fade when it is shrunk; cut to its box."""
    rows, columns = _box(mask)
    scale = max(rows.stop - rows.start, columns.stop - columns.start) / BOX
    outline = mask & ~ndimage.binary_erosion(mask)
    width = 2 * mask.sum() / max(1, outline.sum())
    if width < THIN_STROKE * scale:
        radius = max(1, round((USUAL_STROKE * scale - width) / 2))
        margin = ((radius, radius), (radius, radius))
        ink, mask = np.pad(ink, margin), np.pad(mask, margin)
        ink = ndimage.grey_dilation(ink, footprint=_disc(radius))
        rows, columns = _box(ndimage.binary_dilation(mask, _disc(radius)))
    return ink[rows, columns]


def _box(mask: Mask) -> tuple[slice, slice]:
    found: list[Any] = ndimage.find_objects(mask.astype(np.uint8))
    rows, columns = found[0]
    return rows, columns


def _disc(radius: int) -> Mask:
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    return np.asarray(x**2 + y**2 <= (radius + 0.5) ** 2)


def _boxed(ink: Floats) -> Floats:
    """The longer side 20 pixels, the brightest pixel 255."""
    height, width = ink.shape
    scale = BOX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    picture = Image.fromarray(np.rint(255 * ink).astype(np.uint8)).resize(size, FILTER)
    small = np.asarray(picture, np.float64)
    return np.asarray(small * (255 / small.max()))


def _centred(small: Floats) -> Pixels:
    height, width = small.shape
    y, x = ndimage.center_of_mass(small)
    top = int(np.clip(round(MIDDLE - y), 0, SIZE - height))
    left = int(np.clip(round(MIDDLE - x), 0, SIZE - width))
    whole = np.zeros((SIZE, SIZE, 1), np.uint8)
    whole[top : top + height, left : left + width, 0] = np.rint(small)
    return whole
