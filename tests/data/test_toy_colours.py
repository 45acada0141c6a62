from __future__ import annotations

import numpy as np
import pytest

from explorer.data import toy_colours as colours
from explorer.data.toy_factors import HAIR_COLOURS


def test_blend_meets_the_palette_and_its_middles() -> None:
    palette = np.array([[0, 0, 0], [1, 0.5, 0], [1, 1, 1]], np.float32)
    mixed = colours.blend(palette, np.array([0, 0.25, 0.5, 1], np.float32))
    assert mixed.shape == (3, 4, 1, 1)
    assert (
        pytest.approx(np.array([[0, 0, 0], [0.5, 0.25, 0], [1, 0.5, 0], [1, 1, 1]]))
        == mixed[:, :, 0, 0].T
    )


def test_there_is_a_colour_for_every_hair() -> None:
    numbers = np.arange(len(HAIR_COLOURS), dtype=np.float32)
    rgb = colours.hair(numbers)[:, :, 0, 0].T
    assert len(np.unique(rgb, axis=0)) == len(HAIR_COLOURS)


def test_skin_darkens_and_lips_stay_visible_on_it() -> None:
    tone = np.linspace(0, 1, 9, dtype=np.float32)
    skin, lips = colours.skin(tone).mean(axis=0), colours.lips(tone).mean(axis=0)
    assert (np.diff(skin[:, 0, 0]) < 0).all()
    assert (skin - lips > 0.15).all()


def test_shade_goes_towards_black_and_white() -> None:
    grey = colours.constant("808080")
    assert colours.shade(grey, -1).max() == 0
    assert colours.shade(grey, 1).min() == 1
    assert colours.shade(grey, 0.5)[0, 0, 0, 0] == pytest.approx((128 / 255 + 1) / 2)
