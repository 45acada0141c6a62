"""Small pictures made larger without blurring them."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

SIDE_PX = 720


def enlarged(blob: bytes | None, *, side: int = SIDE_PX) -> np.ndarray | None:
    """The picture in a file, each pixel a square, about ``side`` wide; None if there is none.

    Returns:
        uint8 (H, W, 3), or None also for a file that is damaged or not whole.
    """
    try:
        with Image.open(io.BytesIO(blob or b"")) as picture:
            pixels = np.asarray(picture.convert("RGB"))
    except (OSError, ValueError, SyntaxError):
        return None
    factor = max(1, round(side / pixels.shape[1]))
    return pixels.repeat(factor, axis=0).repeat(factor, axis=1)
