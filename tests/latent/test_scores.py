from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, balanced_accuracy_score, roc_auc_score

from explorer.latent.scores import effect_size, score_positions


@given(seed=st.integers(0, 10_000), count=st.integers(2, 50))
def test_scores_agree_with_scikit_learn(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    has = rng.random(count) < 0.4
    has[:2] = True, False
    position = np.round(rng.normal(size=count) + has, 1)  # rounded: ties happen
    scores = score_positions(position, has)
    assert scores["auc"] == pytest.approx(roc_auc_score(has, position))
    assert scores["accuracy"] == pytest.approx(accuracy_score(has, position > 0.5))
    expected = balanced_accuracy_score(has, position > 0.5)
    assert scores["balanced_accuracy"] == pytest.approx(expected)
    assert scores["num_held_out_with"] == has.sum()
    assert scores["num_held_out_without"] == (~has).sum()


def test_auc_is_the_share_of_pairs_in_order() -> None:
    position = np.array([0.1, 0.4, 0.4, 0.9])
    has = np.array([False, True, False, True])
    # Pairs (with, without): 0.4>0.1, 0.4=0.4 (half), 0.9>0.1, 0.9>0.4.
    assert score_positions(position, has)["auc"] == pytest.approx(3.5 / 4)


def test_effect_size_counts_standard_deviations() -> None:
    without = np.array([-1.0, 0.0, 1.0])  # variance 1
    assert effect_size(without + 2, without) == pytest.approx(2)
    assert effect_size(without, without + 2) == pytest.approx(-2)


@pytest.mark.parametrize("has", [[True] * 3, [False] * 3])
def test_one_sided_data_leave_the_scores_undefined(has: list[bool]) -> None:
    scores = score_positions(np.arange(3.0), np.array(has))
    undefined = {name for name, value in scores.items() if np.isnan(value)}
    assert undefined == {"auc", "accuracy", "balanced_accuracy", "effect_size"}


def test_no_spread_or_one_example_leave_the_effect_undefined() -> None:
    assert np.isnan(effect_size(np.ones(3), np.zeros(3)))
    assert np.isnan(effect_size(np.ones(1), np.arange(3.0)))
