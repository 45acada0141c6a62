from __future__ import annotations

import math

import numpy as np
import pytest

from explorer.ui.photo import ink

SEVEN = [[[0.3, 0.2], [0.7, 0.2], [0.45, 0.8]]]


def strokes(message: object) -> tuple[np.ndarray, ...]:
    found = ink.parse_strokes(message)
    assert found is not None
    return found


def test_strokes_come_back_as_they_went() -> None:
    assert ink.as_message(strokes(SEVEN)) == SEVEN
    assert strokes([]) == ()


@pytest.mark.parametrize(
    "message",
    [
        None,
        "7",
        {"a": 1},
        [["a"]],
        [[]],
        [[[0.1]]],
        [[[0.1, 1.5]]],
        [[[0.1, -0.1]]],
        [[[math.nan, 0.1]]],
        [[[0.1, 0.2], [0.3]]],
        [[[10**400, 0.1]]],
        [[[0.5, 0.5]]] * (ink.MAX_STROKES + 1),
        [[[0.5, 0.5]] * ink.MAX_POINTS, [[0.5, 0.5]]],
    ],
    ids=range(13),
)
def test_what_are_no_strokes_is_none(message: object) -> None:
    assert ink.parse_strokes(message) is None


def test_a_drawing_is_as_large_as_it_goes_wherever_it_was_drawn() -> None:
    large = ink.draw(strokes(SEVEN))
    small = ink.draw(strokes([[[0.1 + 0.3 * x, 0.6 + 0.3 * y] for x, y in SEVEN[0]]]))
    assert large.shape == (ink.SIDE, ink.SIDE, 1)
    assert np.abs(large.astype(int) - small).mean() < 1  # 16ths of a pixel apart
    rows = np.flatnonzero(large[..., 0].max(axis=1) > 127)
    assert rows[0] == pytest.approx(ink.MARGIN, abs=2)
    assert rows[-1] == pytest.approx(ink.SIDE - ink.MARGIN - 1, abs=2)


def test_lines_are_white_on_black_and_as_wide_as_the_pen() -> None:
    image = ink.draw(strokes([[[0.5, 0.1], [0.5, 0.9]]]))
    width = int((image[ink.SIDE // 2, :, 0] > 127).sum())
    box = ink.SIDE - 2 * ink.MARGIN
    assert width == pytest.approx(box * ink.PEN / (1 + ink.PEN), abs=1.5)
    assert image[0, 0, 0] == 0


def test_a_dot_is_a_dot() -> None:
    image = ink.draw(strokes([[[0.2, 0.2]]]))
    share = float((image > 127).mean())
    assert 0.001 < share < 0.05
