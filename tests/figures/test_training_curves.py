from __future__ import annotations

import numpy as np

from explorer.figures.training_curves import Run, training_curves

EPOCHS = np.arange(1.0, 5)


def run(name: str, count: int = 4) -> Run:
    return Run(name, EPOCHS[:count], -100 / EPOCHS[:count])


def test_a_line_for_each_run_told_apart_without_colour() -> None:
    figure = training_curves([run("one"), run("other")], title="ELBO (nats)")
    assert [line.name for line in figure.data] == ["one", "other"]
    np.testing.assert_allclose(figure.data[0].y, -100 / EPOCHS)
    assert figure.data[0].line.dash != figure.data[1].line.dash
    assert figure.data[0].line.color != figure.data[1].line.color
    assert figure.layout.yaxis.title.text == "ELBO (nats)"


def test_a_run_without_values_keeps_its_colour_for_the_others_sake() -> None:
    with_gap = training_curves([run("none", 0), run("other")], title="")
    whole = training_curves([run("none"), run("other")], title="")
    assert [line.name for line in with_gap.data] == ["other"]
    assert with_gap.data[0].line.color == whole.data[1].line.color


def test_a_run_of_one_epoch_is_seen() -> None:
    assert training_curves([run("short", 1)], title="").data[0].mode == "lines+markers"
