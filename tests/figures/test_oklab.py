from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from explorer.figures.oklab import from_oklab, to_linear, to_oklab

CHANNEL = st.integers(0, 255)


def test_colours_of_known_place() -> None:
    """Published values for white and the three primaries (CSS Color 4, examples)."""
    rgb = np.array([[255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255]], np.uint8)
    expected = [
        [1.0, 0.0, 0.0],
        [0.62796, 0.22486, 0.12585],
        [0.86644, -0.23389, 0.17950],
        [0.45201, -0.03246, -0.31153],
    ]
    np.testing.assert_allclose(to_oklab(rgb), expected, atol=1e-4)


def test_middle_grey_is_a_fifth_of_the_light() -> None:
    light = to_linear(np.array([[0, 10, 128]], np.uint8))
    np.testing.assert_allclose(light, [[0, 10 / 255 / 12.92, 0.21586]], atol=1e-5)


@given(red=CHANNEL, green=CHANNEL, blue=CHANNEL)
def test_there_and_back(red: int, green: int, blue: int) -> None:
    rgb = np.array([[red, green, blue]], np.uint8)
    np.testing.assert_array_equal(from_oklab(to_oklab(rgb)), rgb)


def test_colours_no_screen_can_show_are_clipped() -> None:
    assert from_oklab(np.array([[2.0, 0.0, 0.0]])).tolist() == [[255, 255, 255]]
