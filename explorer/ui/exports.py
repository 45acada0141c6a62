"""Files that a visitor can take home."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import numpy as np
import pandas as pd
from PIL import Image

PNG_SIDE = 512  # large enough for a slide, small enough to mail


def deferred_png(image: np.ndarray) -> Callable[[], bytes]:
    """A function that encodes the picture (H, W, C) when it is asked for."""
    return lambda: to_png(image)


def to_png(image: np.ndarray, *, side: int = PNG_SIDE) -> bytes:
    """A picture (H, W, C) uint8 as PNG, enlarged smoothly to about ``side`` pixels."""
    height, width, channels = image.shape
    factor = max(1, round(side / max(height, width)))
    picture = Image.fromarray(image[..., 0] if channels == 1 else image)
    large = picture.resize((width * factor, height * factor), Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    large.save(buffer, format="PNG")
    return buffer.getvalue()


def png_name(bundle: str, place: str) -> str:
    """A file name that tells where the picture is from."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", f"{bundle}-{place.removesuffix('.jpg')}") + ".png"


def deferred_csv(items: pd.DataFrame, indices: np.ndarray) -> Callable[[], bytes]:
    """A function that writes the rows when they are asked for."""
    return lambda: rows_csv(items, indices)


def rows_csv(items: pd.DataFrame, indices: np.ndarray) -> bytes:
    """The chosen rows of a bundle's table as CSV, ids first."""
    return items.iloc[indices].to_csv(index=False).encode("utf-8")
