from __future__ import annotations

import numpy as np
import pytest

from explorer.ui.lab.checkerboard import FLAT, HILL, all_boards, enlargements, verdict


def test_the_verdict_says_what_would_cure() -> None:
    assert verdict(3, 2).startswith("S = 2 does not divide K = 3: as few as 1 and as many as 4")
    assert verdict(3, 2).endswith("Try K = 2 or K = 4.")
    assert "reached by 4 inputs, so the overlap draws no pattern" in verdict(4, 2)


@pytest.mark.parametrize("kernel", range(2, 8))
@pytest.mark.parametrize("stride", range(2, 5))
def test_every_setting_of_the_sliders_can_be_drawn(kernel: int, stride: int) -> None:
    boards = all_boards(kernel, stride, 0.5, FLAT)
    assert len(boards) == 6
    for board in boards:
        assert np.isfinite(board["values"]).all()


def test_noise_in_the_weights_spoils_all_but_two_cures() -> None:
    notes = [board["note"] for board in all_boards(4, 2, 0.3, FLAT)[1:]]
    assert [note.endswith(" 0.0 % of the grey") for note in notes] == [
        False,
        False,
        True,
        False,
        True,
    ]


def test_a_hill_stays_a_hill() -> None:
    for found in enlargements(4, 2, 0.0, HILL).values():
        rows, columns = np.unravel_index(found.argmax(), found.shape)
        middle = len(found) / 2
        assert abs(rows - middle) <= 2
        assert abs(columns - middle) <= 2
