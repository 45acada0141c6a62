from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from explorer.ui.diagnose.tiles import ENLARGED, tiles

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("channels", [1, 3])
def test_each_picture_is_there_enlarged(channels: int) -> None:
    levels = RNG.integers(0, 256, (3, 1, 1, channels), dtype=np.uint8)
    images = np.broadcast_to(levels, (3, 28, 28, channels))
    html = tiles(images, label="Code", columns=3)
    sources = re.findall(r'src="data:image/webp;base64,([^"]+)"', html)
    assert len(sources) == 3
    for source, level in zip(sources, levels[:, 0, 0], strict=True):
        shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(source))).convert("RGB"))
        assert shown.shape == (28 * ENLARGED, 28 * ENLARGED, 3)
        np.testing.assert_allclose(shown[20, 20], np.broadcast_to(level, 3), atol=4)
    assert "--columns:3" in html
    assert "figcaption" not in html


def test_captions_are_shown_and_told_and_cannot_be_code() -> None:
    html = tiles(np.zeros((1, 8, 8, 1), np.uint8), label="<b>", columns=1, captions=["1 < 2"])
    assert "<figcaption>1 &lt; 2</figcaption>" in html
    assert 'alt="&lt;b&gt; 1, 1 &lt; 2"' in html
