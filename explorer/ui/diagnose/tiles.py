"""Small pictures side by side, as HTML that follows the page's width and colours."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

ENLARGED = 2  # times, smoothly, so that screens with fine pixels show no steps


def tiles(
    images: NDArray[np.uint8],
    *,
    label: str,
    columns: int,
    captions: Sequence[str] = (),
) -> str:
    """Pictures (N, H, W, C) in rows of ``columns``.

    Args:
        images: To show.
        label: What they are, for those who do not see them.
        columns: In a row.
        captions: One below each; none if empty.
    """
    named = captions or [""] * len(images)
    cells = "".join(
        f'<figure><img src="{_source(image)}" alt="{_alt(label, number, caption)}">'
        f"{f'<figcaption>{html.escape(caption)}</figcaption>' if caption else ''}</figure>"
        for number, (image, caption) in enumerate(zip(images, named, strict=True), 1)
    )
    return f'<div class="diagnose-tiles" style="--columns:{columns}">{cells}</div>'


def _alt(label: str, number: int, caption: str) -> str:
    return html.escape(f"{label} {number}" + (f", {caption}" if caption else ""), quote=True)


def _source(image: NDArray[np.uint8]) -> str:
    picture = Image.fromarray(image[..., 0] if image.shape[2] == 1 else image)
    side = (ENLARGED * picture.width, ENLARGED * picture.height)
    buffer = io.BytesIO()
    picture.resize(side, Image.Resampling.BICUBIC).save(buffer, format="WEBP", quality=90)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
