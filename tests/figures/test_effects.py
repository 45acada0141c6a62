from __future__ import annotations

import numpy as np

from explorer.figures.effects import effect_curves

ALPHAS = np.array([-1.0, 0.0, 1.0, 2.0])


def test_each_method_has_a_line_of_success_and_one_of_leakage() -> None:
    curves = {
        "mean": ([0.5, 0.1, 0.6, 0.9], [0.2, 0.0, 0.1, 0.3]),
        "conditional": ([0.4, 0.1, 0.5, 0.8], [0.1, 0.0, 0.05, 0.1]),
    }
    figure = effect_curves(ALPHAS, curves)
    success, leakage, other, _ = figure.data
    np.testing.assert_array_equal(success.x, ALPHAS)
    np.testing.assert_array_equal(leakage.y, curves["mean"][1])
    assert (success.yaxis, leakage.yaxis) == ("y", "y2")
    assert success.line.color == leakage.line.color != other.line.color
    assert success.line.dash != other.line.dash
    assert [trace.name for trace in figure.data if trace.showlegend] == ["Mean", "Conditional"]


def test_success_is_open_where_nothing_was_edited() -> None:
    """At 0 the judge's own errors stand in the array, which are no success."""
    figure = effect_curves(ALPHAS, {"mean": ([0.5, 0.1, 0.6, 0.9], np.zeros(4))})
    np.testing.assert_equal(figure.data[0].y, [0.5, np.nan, 0.6, 0.9])
    assert figure.data[0].connectgaps is None


def test_axes_say_what_is_counted() -> None:
    layout = effect_curves(ALPHAS, {}).layout
    assert layout.xaxis2.title.text == "← taken away   α (slider units)   added →"
    assert layout.yaxis.title.text == "Success<br>(of pictures)"
    assert layout.yaxis2.title.text == "Leakage<br>(of other verdicts)"
    assert layout.yaxis.tickformat == layout.yaxis2.tickformat == ".0%"
