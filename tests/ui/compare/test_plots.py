from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explorer.bundle import Config
from explorer.ui.compare.choice import Chosen
from explorer.ui.compare.cohorts import scale_of
from explorer.ui.compare.plots import make_dots, make_run
from explorer.ui.resources import Opened


def config(models: dict[str, Opened], rate: float, distortion: float) -> Config:
    one = models["one"].bundle.config
    return replace(one, results={"rate": rate, "distortion": distortion})


def test_a_run_is_the_log_epoch_by_epoch(models: dict[str, Opened]) -> None:
    chosen = Chosen("one", "one", models["one"])
    found = make_run(chosen, "elbo", split="train")
    assert found.epochs.tolist() == [1, 2, 3, 4, 5]
    np.testing.assert_allclose(found.values, -100 / found.epochs)


@pytest.mark.parametrize(("name", "split"), [("psnr", "train"), ("elbo", "valid")])
def test_what_the_log_does_not_hold_is_an_empty_run(
    models: dict[str, Opened], name: str, split: str
) -> None:
    assert not len(make_run(Chosen("one", "one", models["one"]), name, split=split).values)
    assert not len(make_run(Chosen("gone", "gone", None, "Gone."), name, split=split).values)


def test_dots_are_on_the_front_unless_another_is_better_in_both(
    models: dict[str, Opened],
) -> None:
    good, dear, bad = (config(models, *pair) for pair in ((1, 90), (9, 50), (9, 95)))
    dots, left_out = make_dots(
        {0: ("good", good), 2: ("bad", bad)}, others=[("dear", dear)], scale=scale_of(good)
    )
    assert [(dot.name, dot.number, dot.on_front) for dot in dots] == [
        ("good", 0, True),
        ("bad", 2, False),
        ("dear", None, True),
    ]
    assert dots[0].label == "β 1, 8"
    assert left_out == {}


def test_models_without_a_place_in_the_plane_are_named_with_the_reason(
    models: dict[str, Opened],
) -> None:
    good = config(models, 1, 2)
    chosen = {
        0: ("plain", models["plain"].bundle.config),
        1: ("digits", replace(models["digits"].bundle.config, results=good.results)),
        2: ("bare", replace(good, results={})),
    }
    dots, left_out = make_dots(chosen, others=[], scale=scale_of(good))
    assert dots == []
    assert left_out == {
        "An autoencoder's code is a point: it has no rate.": ["plain"],
        "Its nats are on another scale: data, size or likelihood differ.": ["digits"],
        "Its config.json holds no rate or no distortion.": ["bare"],
    }
