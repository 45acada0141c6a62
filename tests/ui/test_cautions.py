from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from explorer.latent import Direction, Effects
from explorer.ui.cautions import cautions

FINE = {"auc": 0.95, "num_with": 900.0, "num_without": 900.0}
EMPTY = pd.DataFrame({"Smiling": [0, 1], "Male": [1, 1]})


def direction(*vector: float, name: str = "Smiling", **changes: Any) -> Direction:
    step = np.array(vector or (1.0, 0.0, 0.0), np.float32)
    scores = FINE | changes.pop("scores", {})
    return Direction(name, "mean", step, float(np.linalg.norm(step)), scores, **changes)


def said(one: Direction, **changes: Any) -> tuple[str, ...]:
    given = {
        "classifiers": [],
        "items": EMPTY,
        "attribute_names": ("Smiling", "Male"),
        "effects": None,
    } | changes
    return cautions(one, **given)


def test_nothing_is_said_of_a_good_direction() -> None:
    assert said(direction(), classifiers=[direction(), direction(0, 1, 0, name="Male")]) == ()


def test_a_direction_the_codes_hardly_know() -> None:
    (sentence,) = said(direction(scores={"auc": 0.63}))
    assert "in 63 of 100 pairs" in sentence


def test_few_examples_are_named_with_their_side() -> None:
    (sentence,) = said(direction(scores={"num_with": 57.0}))
    assert sentence.startswith("Only 57 training pictures with it")
    (sentence,) = said(direction(scores={"num_without": 30.0}))
    assert sentence.startswith("Only 30 training pictures without it")


def test_what_moves_along_is_named_strongest_first() -> None:
    classifiers = [
        direction(),
        direction(0, 2, 0, name="Male"),
        direction(0, 0, 1, name="Wearing_Hat"),
        direction(0.1, 0, 0, name="Young"),
    ]
    # Male reads -0.8 / 2, Wearing_Hat reads 0.5, Young reads 1 / 0.1 of the first dimension.
    (sentence,) = said(direction(0.01, -0.8, 0.5), classifiers=classifiers)
    assert "Wearing Hat by +0.5 and Male by -0.4" in sentence


def test_lopsided_data_are_told_with_both_shares() -> None:
    items = pd.DataFrame(
        {
            "Smiling": pd.array([1] * 10 + [0] * 10, dtype="Int8"),
            "Male": pd.array([1] * 9 + [0] + [1] * 2 + [0] * 7 + [None], dtype="Int8"),
        }
    )
    (sentence,) = said(direction(), items=items)
    assert "90 % of the pictures with it, but 22 % of the others, are Male" in sentence


@pytest.mark.parametrize(("share", "is_said"), [(0.31, True), (0.1, False)])
def test_what_the_judge_saw_change(share: float, is_said: bool) -> None:
    effects = Effects(
        names=("Smiling",),
        methods=("mean",),
        judged=("Smiling", "Male"),
        alphas=np.array([0, 1], np.float32),
        success=np.array([[[0, 0.9]]], np.float32),
        flips=np.array([[[[np.nan, 0], [np.nan, share]]]], np.float32),
        counts=np.array([[10, 10]], np.int32),
        agreement=np.ones((1, 2), np.float32),
        accuracy=np.array([0.9, 0.9], np.float32),
    )
    found = said(direction(), effects=effects)
    assert [sentence for sentence in found if "Male on 31 %" in sentence] == list(found)
    assert bool(found) is is_said


def test_an_own_directions_caution_comes_first() -> None:
    found = said(direction(caution="Made of 3 pictures.", scores={"num_with": 3.0}))
    assert found[0] == "Made of 3 pictures."
    assert len(found) == 2
