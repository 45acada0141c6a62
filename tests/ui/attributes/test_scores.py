from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from explorer.latent import Direction, Effects
from explorer.ui.attributes.scores import grade, score_sentence, success_of, success_sentence


@pytest.fixture
def effects() -> Effects:
    success = np.array([[[np.nan, 0.5, 0.04, 0.62, 0.95]]], np.float32)
    return Effects(
        names=("Male",),
        methods=("mean",),
        judged=("Male",),
        alphas=np.array([-2, -1, 0, 1, 2], np.float32),
        success=success,
        flips=np.full((1, 1, 5, 1), np.nan, np.float32),
        counts=np.array([[100, 100]], np.int32),
        agreement=np.array([[0.9, 0.9]], np.float32),
        accuracy=np.array([0.9], np.float32),
    )


@pytest.mark.parametrize(
    ("auc", "word"),
    [(0.97, "strong"), (0.9, "strong"), (0.89, "good"), (0.76, "fair"), (0.74, "weak")],
)
def test_a_word_for_an_auc(auc: float, word: str) -> None:
    assert grade(auc) == word
    assert grade(math.nan) == "unknown"


def test_the_score_in_words(directions: tuple[Direction, ...]) -> None:
    direction = replace(directions[0], scores={"auc": 0.914, "effect_size": 1.93})
    text = score_sentence(direction, noun="face")
    assert "unseen face" in text
    assert "91 of 100 pairs (AUC 0.91;" in text
    assert "d′ 1.9." in text


def test_a_score_that_is_not_there(directions: tuple[Direction, ...]) -> None:
    text = score_sentence(replace(directions[0], scores={"auc": math.nan}), noun="digit")
    assert text.startswith("Not measured: too few unseen digits")


def test_success_where_it_was_measured(
    directions: tuple[Direction, ...], effects: Effects
) -> None:
    success = success_of(directions[0], effects)
    assert list(success) == [-1, 1, 2]  # nothing at 0, nothing where there was no picture
    assert success_sentence(success, noun="face") == (
        "An independent judge of pictures sees it at 1 on 62 % and at 2 on 95 % of unseen faces."
    )


def test_no_word_on_success_where_nobody_looked(
    directions: tuple[Direction, ...], effects: Effects
) -> None:
    by_other_method = next(item for item in directions if item.method == "logistic")
    other_attribute = next(item for item in directions if item.name != "Male")
    for direction in (by_other_method, other_attribute):
        assert success_of(direction, effects) == {}
    assert success_of(directions[0], None) == {}
    assert success_sentence({}, noun="face") == ""
