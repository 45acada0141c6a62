from __future__ import annotations

import numpy as np
import pytest

from explorer.figures.run_curves import Term, run_curves, value_range

NOTHING = np.zeros((0, 2))
TRAIN = np.array([(0.25, -9000.0), (0.5, -90.0), (0.75, -80.0), (1.0, -70.0)])
VALID = np.array([(1.0, -75.0)])


def test_each_term_has_a_panel_with_both_curves() -> None:
    figure = run_curves([Term("elbo", TRAIN, VALID), Term("rate", VALID, NOTHING)], epochs=4)
    assert [trace.name for trace in figure.data] == 2 * ["training", "unseen"]
    np.testing.assert_array_equal(figure.data[0].y, TRAIN[:, 1])
    np.testing.assert_array_equal(figure.data[1].x, [1.0])
    assert figure.data[2].xaxis == "x2"
    assert figure.layout.xaxis.range == (0, 4)
    assert [note.text for note in figure.layout.annotations] == ["elbo", "rate"]
    assert [trace.showlegend for trace in figure.data] == [True, True, False, False]


def test_a_single_event_is_a_dot() -> None:
    assert run_curves([Term("elbo", VALID, NOTHING)], epochs=None).data[0].mode == "lines+markers"


def test_the_axis_leaves_out_the_first_quarter() -> None:
    low, high = value_range(Term("elbo", TRAIN, VALID)) or (0, 0)
    assert (low, high) == pytest.approx((-90 - 0.06 * 20, -70 + 0.06 * 20))


@pytest.mark.parametrize("values", [NOTHING, VALID, np.array([(1.0, 0.0), (2.0, 0.0)])])
def test_too_little_to_tell_is_left_to_the_figure(values: np.ndarray) -> None:
    assert value_range(Term("rate", values, NOTHING)) is None
