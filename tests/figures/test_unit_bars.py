from __future__ import annotations

import numpy as np

from explorer.figures.palette import MISSING
from explorer.figures.unit_bars import unit_bars


def test_the_tallest_stands_first_and_the_dead_are_one_grey_bar() -> None:
    kl = np.array([0.004, 2.0, 5.0, 0.002, 3.0])
    figure = unit_bars(kl, dead=kl < 0.01)
    bars, dead = figure.data
    assert bars.y.tolist() == [5, 3, 2]
    assert bars.customdata.tolist() == [2, 4, 1]
    assert dead.marker.color == MISSING
    np.testing.assert_allclose(dead.y, [0.006])
    assert dead.x == (3,)
    assert dead.hovertemplate.startswith("2 dead dimensions together")
    assert figure.layout.xaxis.ticktext == ("2", "4", "1", "2 dead")
    assert figure.layout.yaxis.title.text == "KL (nats per picture)"


def test_without_dead_units_there_is_no_grey_bar() -> None:
    figure = unit_bars([1.0, 2.0], dead=[False, False], title="Variance")
    assert len(figure.data) == 1
    assert figure.layout.yaxis.title.text == "Variance"


def test_many_dimensions_are_named_by_the_pointer_alone() -> None:
    living = unit_bars(np.ones(128), dead=np.arange(128) > 99)
    assert living.layout.xaxis.ticktext == ()
    assert len(living.data[0].x) == 100


def test_a_collapsed_model_has_only_the_grey_bar() -> None:
    figure = unit_bars(np.zeros(30), dead=np.ones(30, bool))
    assert len(figure.data[0].x) == 0
    assert figure.layout.xaxis.ticktext == ("30 dead",)
