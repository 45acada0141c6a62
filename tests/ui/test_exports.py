from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from explorer.ui import exports


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB")])
def test_a_picture_is_enlarged_smoothly(channels: int, mode: str) -> None:
    image = np.zeros((64, 64, channels), np.uint8)
    image[:, 32:] = 200
    picture = Image.open(io.BytesIO(exports.deferred_png(image)()))
    assert (picture.format, picture.mode, picture.size) == ("PNG", mode, (512, 512))
    row = np.asarray(picture)[256, :, ...].reshape(512, -1)[:, 0]
    assert len(np.unique(row)) > 4  # a ramp, not a step


def test_a_file_name_tells_where_the_picture_is_from() -> None:
    assert exports.png_name("my faces", "000012.jpg") == "my_faces-000012.png"
    assert exports.png_name("a/../b", "umap:1.5,-2") == "a_.._b-umap_1.5_-2.png"


def test_the_chosen_rows_are_written() -> None:
    items = pd.DataFrame({"id": ["a", "b", "c"], "error": [0.1, 0.2, 0.3]})
    text = exports.deferred_csv(items, np.array([2, 0]))().decode()
    assert text.splitlines() == ["id,error", "c,0.3", "a,0.1"]
