from __future__ import annotations

import numpy as np
import pytest

from explorer.figures.evidence import FLOOR, rate_bar, score_bars, share_map, variance_bars
from explorer.figures.palette import CATEGORICAL, MISSING


def test_units_above_the_line_are_coloured_and_those_below_grey() -> None:
    (bars,) = variance_bars([0.002, 0.9, 0.0, 0.3], threshold=0.01).data
    assert bars.customdata.tolist() == [1, 3, 0, 2]
    np.testing.assert_allclose(bars.y, [0.9, 0.3, 0.002, FLOOR])
    assert list(bars.marker.color) == [CATEGORICAL[0]] * 2 + [MISSING] * 2


def test_the_line_is_in_sight_whatever_the_bars() -> None:
    for variances in ([0.0], [50.0, 20.0], [0.5, 1e-4]):
        figure = variance_bars(variances, threshold=0.01)
        low, high = figure.layout.yaxis.range
        assert low < -2 < high
        assert figure.layout.shapes[0].y0 == 0.01


def test_the_rate_is_its_two_parts_with_the_ceiling_as_a_line() -> None:
    figure = rate_bar(information=9.0, marginal=14.5, ceiling=9.4)
    assert [bar.x[0] for bar in figure.data] == [9.0, 14.5]
    assert figure.layout.barmode == "stack"
    assert figure.layout.shapes[0].x0 == 9.4


def test_an_estimate_below_0_is_drawn_as_nothing_and_told_as_it_is() -> None:
    bar = rate_bar(information=0.1, marginal=-0.02, ceiling=5.0).data[1]
    assert bar.x[0] == 0
    assert "-0.02 nats" in bar.hovertemplate


def test_scores_have_their_spread() -> None:
    (bars,) = score_bars(["MIG", "SAP"], [0.25, 0.1], [0.01, np.nan]).data
    assert list(bars.y) == ["MIG", "SAP"]
    assert bars.error_x.array.tolist() == [0.01, 0]
    assert list(bars.text) == ["0.25 ± 0.01", "0.10"]


def test_a_map_of_shares_has_a_name_at_every_side() -> None:
    (cells,) = share_map([[0.0, 1.0, 0.2]], ["smile"], ["4", "7", "1"]).data
    assert list(cells.x) == ["4", "7", "1"]
    assert cells.z.tolist() == [[0, 1, 0.2]]
    with pytest.raises(ValueError, match=r"shape \(1, 2\) for 2 rows and 2 columns"):
        share_map([[0.0, 1.0]], ["a", "b"], ["c", "d"])
