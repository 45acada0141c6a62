from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from explorer.ui.train.pictures import enlarged


def webp(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "WEBP", lossless=True)
    return buffer.getvalue()


def test_each_pixel_becomes_a_square() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (3, 4, 3), dtype=np.uint8)
    large = enlarged(webp(pixels), side=10)
    assert large is not None
    assert large.shape == (6, 8, 3)
    np.testing.assert_array_equal(large[::2, 1::2], pixels)


def test_a_large_picture_stays_as_it_is() -> None:
    large = enlarged(webp(np.zeros((2, 30, 3), np.uint8)), side=10)
    assert large is not None
    assert large.shape == (2, 30, 3)


@pytest.mark.parametrize("blob", [None, b"", b"RIFF", webp(np.zeros((9, 9, 3), np.uint8))[:20]])
def test_what_is_no_whole_picture_is_none(blob: bytes | None) -> None:
    assert enlarged(blob) is None
