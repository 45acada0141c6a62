from __future__ import annotations

import numpy as np
import pytest

from explorer.figures.estimates import estimates_figure


def test_histograms_share_their_bins_and_hold_nearly_all() -> None:
    rng = np.random.default_rng(0)
    figure = estimates_figure(
        {"narrow": rng.normal(1, 0.1, 1000), "wide": rng.normal(1, 2, 1000)}, exact=1, title="x"
    )
    narrow, wide = figure.data
    np.testing.assert_array_equal(narrow.x, wide.x)
    assert sum(narrow.y) == pytest.approx(100)
    assert sum(wide.y) == pytest.approx(99, abs=1)
    assert max(narrow.y) > 4 * max(wide.y)


def test_the_true_value_is_marked_and_in_sight_when_all_estimates_miss_it() -> None:
    figure = estimates_figure({"none": np.zeros(10), "all": np.zeros(10)}, exact=3, title="x")
    assert figure.layout.shapes[0].x0 == 3
    low, high = figure.layout.xaxis.range
    assert low < 0 < 3 < high
    assert max(figure.data[0].y) == 100


def test_equal_estimates_are_one_bar() -> None:
    figure = estimates_figure({"one": np.ones(5), "two": np.ones(5)}, exact=1, title="x")
    assert max(figure.data[0].y) == 100
