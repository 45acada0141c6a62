from __future__ import annotations

import numpy as np

from explorer.figures.learning_curve import learning_curves


def test_a_line_goes_through_the_means_with_the_spread_as_whiskers() -> None:
    curves = {"One": [(0.5, 0.7, 0.6), (0.9,)], "Other": [(0.4, 0.4, 0.4), (0.8,)]}
    figure = learning_curves([50, 7185], curves, chance=0.1)
    one, other = figure.data
    np.testing.assert_allclose(one.y, [0.6, 0.9])
    np.testing.assert_allclose(one.error_y.array, [0.1, 0], atol=1e-12)
    np.testing.assert_allclose(one.error_y.arrayminus, [0.1, 0], atol=1e-12)
    assert (one.name, other.name) == ("One", "Other")
    assert list(figure.layout.xaxis.ticktext) == ["50", "7,185"]


def test_a_guess_is_a_line_of_its_own() -> None:
    (line,) = learning_curves([2], {"One": [(1.0,)]}, chance=0.25).layout.shapes
    assert (line.y0, line.y1) == (0.25, 0.25)
