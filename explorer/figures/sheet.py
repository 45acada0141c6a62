"""Many small pictures as one."""

from __future__ import annotations

from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
WHITE = 255


def contact_sheet(
    images: Picture, *, columns: int | None = None, gap: int = 2, background: int = WHITE
) -> Picture:
    """Lay pictures out row by row, left to right, in one RGB picture.

    Args:
        images: uint8 (N, H, W, C), C = 1 (grey) or 3 (RGB).
        columns: Pictures in a row; by default as many as make the sheet about square.
        gap: Pixels between pictures; there is no margin around the sheet.
        background: Grey level, 0 to 255, of the gaps and of places left over in the last row.

    Returns:
        uint8 (rows * (H + gap) - gap, columns * (W + gap) - gap, 3).

    Raises:
        ValueError: No pictures, another shape or type, no columns, or a negative gap.
    """
    images = _checked(images)
    columns = ceil(sqrt(len(images))) if columns is None else min(columns, len(images))
    if columns < 1 or gap < 0:
        raise ValueError(f"columns is {columns} and gap {gap}; choose at least 1 and 0.")
    count, height, width, _ = images.shape
    rows = ceil(count / columns)
    shape = (rows, height + gap, columns, width + gap, 3)
    sheet = np.full(shape, background, np.uint8)
    row, column = np.divmod(np.arange(count), columns)
    sheet[row, :height, column, :width] = images
    flat = sheet.reshape(rows * (height + gap), columns * (width + gap), 3)
    return np.ascontiguousarray(flat[: len(flat) - gap, : flat.shape[1] - gap])


def _checked(images: Picture) -> Picture:
    if images.ndim != 4 or images.shape[3] not in (1, 3) or not images.size:
        raise ValueError(
            f"Pictures have shape {images.shape}; give (N, H, W, C) with N at least 1, C 1 or 3."
        )
    if images.dtype != np.uint8:
        raise ValueError(f"Pictures are {images.dtype}; give uint8, 0 to 255.")
    return images
