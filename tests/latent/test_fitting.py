from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from explorer.latent.codes import LatentError
from explorer.latent.directions import METHODS, Direction, Directions
from explorer.latent.fitting import (
    all_directions,
    attribute_directions,
    label_directions,
    logistic_normal,
    mean_difference,
)
from explorer.latent.groups import Known
from explorer.latent.locks import conditional, default_locks

DIM = 6
Find = Callable[..., Direction]


@dataclass(frozen=True)
class Sample:
    mu: np.ndarray
    has: np.ndarray
    split: np.ndarray


@pytest.fixture(scope="module")
def sample() -> Sample:
    """300 codes of which half are moved by 2 along the first axis; every fifth is held out."""
    rng = np.random.default_rng(0)
    has = (np.arange(300) % 2).astype(np.int8)
    mu = rng.normal(size=(300, DIM)).astype(np.float32)
    mu[:, 0] += 2 * has
    split = np.where(np.arange(300) % 5 == 0, 2, 0).astype(np.uint8)
    return Sample(mu, has, split)


def test_the_vector_is_the_difference_of_the_training_means(sample: Sample) -> None:
    direction = mean_difference(sample.mu, sample.has, split=sample.split, name="Smiling")
    train = sample.split == 0
    expected = sample.mu[train & (sample.has == 1)].mean(axis=0)
    expected = expected - sample.mu[train & (sample.has == 0)].mean(axis=0)
    np.testing.assert_allclose(direction.vector, expected, rtol=1e-5)
    assert direction.scale == pytest.approx(np.linalg.norm(expected), rel=1e-5)
    assert (direction.name, direction.method, direction.kind) == ("Smiling", "mean", "attribute")


def test_the_scores_are_those_of_the_held_out_pictures(sample: Sample) -> None:
    direction = mean_difference(sample.mu, sample.has, split=sample.split)
    held = sample.split != 0
    along, has = sample.mu[held] @ direction.vector, sample.has[held]
    groups = along[has == 1], along[has == 0]
    spread = np.sqrt(np.mean([group.var(ddof=1) for group in groups]))
    expected = {
        "num_with": 120,
        "num_without": 120,
        "num_held_out_with": 30,
        "num_held_out_without": 30,
        "auc": roc_auc_score(has, along),
        "effect_size": (groups[0].mean() - groups[1].mean()) / spread,
    }
    for name, value in expected.items():
        assert direction.scores[name] == pytest.approx(value, rel=1e-4), name
    assert direction.scores["accuracy"] > 0.75
    assert direction.scores["effect_size"] == pytest.approx(2, abs=0.6)  # as it was made


def by_method(done: Directions, method: str) -> list[Direction]:
    return [direction for direction in done.found if direction.method == method]


@pytest.mark.parametrize("find", [mean_difference, logistic_normal])
def test_missing_values_take_no_part(sample: Sample, find: Find) -> None:
    """Codes of unknown attribute may be anything without moving the vector or the scores."""
    has = sample.has.copy()
    has[:50] = -1
    wild = sample.mu.copy()
    wild[:50] = 1e3
    one = find(sample.mu, has, split=sample.split)
    other = find(wild, has, split=sample.split)
    np.testing.assert_array_equal(one.vector, other.vector)
    assert one.scores == other.scores


@pytest.mark.parametrize("find", [mean_difference, logistic_normal])
def test_swapping_the_sides_turns_the_vector_round(sample: Sample, find: Find) -> None:
    one = find(sample.mu, sample.has, split=sample.split)
    other = find(sample.mu, 1 - sample.has, split=sample.split)
    np.testing.assert_allclose(one.vector, -other.vector, rtol=1e-5)
    assert one.scores["auc"] == pytest.approx(other.scores["auc"])


@pytest.mark.parametrize("find", [mean_difference, logistic_normal])
def test_the_means_stand_at_zero_and_one(sample: Sample, find: Find) -> None:
    direction = find(sample.mu, sample.has, split=sample.split)
    train = sample.split == 0
    means = [sample.mu[train & (sample.has == side)].mean(axis=0) for side in (0, 1)]
    np.testing.assert_allclose(direction.position(np.stack(means)), [0, 1], atol=1e-5)


@pytest.mark.parametrize("find", [mean_difference, logistic_normal])
def test_twenty_training_examples_of_each_side_are_needed(sample: Sample, find: Find) -> None:
    has = np.zeros(300, np.int8)
    train = np.flatnonzero(sample.split == 0)
    has[train[:19]] = 1
    has[sample.split != 0] = 1  # held-out ones do not help
    with pytest.raises(LatentError, match="Hat: 19 training pictures with it; at least 20"):
        find(sample.mu, has, split=sample.split, name="Hat")
    with pytest.raises(LatentError, match="Hat: 19 training pictures without it"):
        find(sample.mu, 1 - has, split=sample.split, name="Hat")
    has[train[19]] = 1
    assert find(sample.mu, has, split=sample.split).scores["num_with"] == 20


def test_codes_that_know_nothing_of_it_are_refused(sample: Sample) -> None:
    with pytest.raises(LatentError, match="Hat: pictures with and without it have the same mean"):
        mean_difference(np.ones((300, DIM)), sample.has, split=sample.split, name="Hat")


def test_all_attributes_at_once_skip_the_rare_with_a_sentence(sample: Sample) -> None:
    rare = np.zeros_like(sample.has)
    rare[1] = 1
    table = np.stack([sample.has, rare, 1 - sample.has], axis=1)
    names = ("Smiling", "Hat", "Serious")
    done = attribute_directions(sample.mu, table, names=names, split=sample.split)
    order = [(direction.name, direction.method) for direction in done.found]
    assert order == [(name, method) for name in ("Smiling", "Serious") for method in METHODS]
    assert done.skipped == (
        "Hat: 1 training pictures with it; at least 20 are needed for a direction.",
    )
    alone = mean_difference(sample.mu, sample.has, split=sample.split)
    np.testing.assert_array_equal(done.found[0].vector, alone.vector)
    assert done.found[0].scores == alone.scores
    alone = logistic_normal(sample.mu, sample.has, split=sample.split)
    np.testing.assert_array_equal(done.found[1].vector, alone.vector)


def test_no_attributes_no_directions(sample: Sample) -> None:
    none = np.empty((300, 0), np.int8)
    done = attribute_directions(sample.mu, none, names=(), split=sample.split)
    assert (done.found, done.skipped) == ((), ())


def test_labels_give_each_class_against_the_rest(sample: Sample) -> None:
    labels = (np.arange(300) % 3).astype(np.int16)
    labels[:30] = -1
    mu = sample.mu.copy()
    mu[np.arange(300), labels] += 5  # the last axis for the unknown
    done = label_directions(mu, labels, names=("a", "b", "c"), split=sample.split)
    assert [int(direction.vector.argmax()) for direction in by_method(done, "mean")] == [0, 1, 2]
    assert {direction.kind for direction in done.found} == {"label"}
    has = np.where(labels < 0, -1, labels == 1)
    one = mean_difference(mu, has, split=sample.split)
    np.testing.assert_array_equal(by_method(done, "mean")[1].vector, one.vector)
    assert {direction.scores["auc"] > 0.95 for direction in done.found} == {True}


def test_arrays_that_do_not_fit_are_refused(sample: Sample) -> None:
    mu, split = sample.mu, sample.split
    with pytest.raises(LatentError, match=r"has has shape \(5,\); one per code, \(300,\)"):
        mean_difference(mu, np.ones(5), split=split)
    with pytest.raises(LatentError, match=r"split has shape \(5,\)"):
        attribute_directions(mu, sample.has[:, None], names=("x",), split=np.ones(5))
    with pytest.raises(LatentError, match=r"attributes has shape \(300, 1\) for 2 names"):
        attribute_directions(mu, sample.has[:, None], names=("x", "y"), split=split)
    with pytest.raises(LatentError, match="labels has class 1, but only 1 have names"):
        label_directions(mu, sample.has, names=("x",), split=split)
    with pytest.raises(LatentError, match="mu holds NaN or infinity in 300 of 300 rows"):
        mean_difference(np.full((300, DIM), np.nan), sample.has, split=split)


def test_the_logistic_normal_is_that_of_scikit_learn(sample: Sample) -> None:
    """On codes of unit spread, by another solver; its length is from mean to mean."""
    train = sample.split == 0
    codes, has = sample.mu[train].astype(np.float64), sample.has[train]
    spread = codes.std(axis=0)
    model = LogisticRegression(C=0.01, class_weight="balanced", tol=1e-8)
    normal = model.fit((codes - codes.mean(axis=0)) / spread, has).coef_[0] / spread
    normal /= np.linalg.norm(normal)
    difference = codes[has == 1].mean(axis=0) - codes[has == 0].mean(axis=0)
    direction = logistic_normal(sample.mu, sample.has, split=sample.split, name="Smiling")
    np.testing.assert_allclose(direction.vector, normal * (difference @ normal), atol=1e-4)
    assert (direction.name, direction.method) == ("Smiling", "logistic")
    assert direction.scale == pytest.approx(difference @ normal, rel=1e-4)


def test_the_logistic_normal_sees_through_correlated_codes() -> None:
    """Where noise is shared, the best normal is not the mean difference: LDA knows it exactly."""
    rng = np.random.default_rng(0)
    has = np.arange(4000) % 2
    mixing = np.array([[1.0, 0.0], [1.9, 0.6]])
    mu = rng.normal(size=(4000, 2)) @ mixing.T + np.outer(has, [1.0, 0.0])
    split = np.where(np.arange(4000) < 3000, 0, 2)
    best = np.linalg.solve(mixing @ mixing.T, [1.0, 0.0])
    logistic = logistic_normal(mu, has, split=split)
    cosine = logistic.vector @ best / logistic.scale / np.linalg.norm(best)
    assert cosine > 0.99
    mean = mean_difference(mu, has, split=split)
    assert logistic.scores["auc"] > mean.scores["auc"] + 0.1


def test_a_collapsed_dimension_has_no_say_in_the_logistic_normal(sample: Sample) -> None:
    """Its spread is a thousandth of the others', so dividing by it would make it count alike."""
    mu = sample.mu.copy()
    mu[:, 1] = 1e-3 * (mu[:, 1] + sample.has)
    direction = logistic_normal(mu, sample.has, split=sample.split)
    assert abs(direction.vector[1]) < 0.05 * direction.scale


@dataclass(frozen=True)
class Pair:
    """1,000 codes of two things that go together in 70 %; each moves its own axis by 2."""

    mu: np.ndarray
    first: np.ndarray
    second: np.ndarray
    split: np.ndarray


@pytest.fixture(scope="module")
def pair() -> Pair:
    rng = np.random.default_rng(0)
    first = rng.integers(0, 2, 1000)
    second = np.where(rng.random(1000) < 0.7, first, 1 - first)
    mu = rng.normal(size=(1000, DIM))
    mu[:, 0] += 2 * first
    mu[:, 1] += 2 * second
    return Pair(mu, first, second, np.where(np.arange(1000) % 5 == 0, 2, 0))


def test_the_conditional_direction_is_the_mean_difference_without_its_locks(pair: Pair) -> None:
    table = np.stack([pair.first, pair.second], axis=1)
    done = attribute_directions(pair.mu, table, names=("one", "two"), split=pair.split)
    mean, logistic = by_method(done, "mean"), by_method(done, "logistic")
    moved = by_method(done, "conditional")[0]
    assert default_locks(mean[0], [logistic[1]], own=logistic[0]) == [logistic[1]]
    assert moved.locks == ("two",)
    expected = conditional(mean[0], [logistic[1]], own=logistic[0])
    np.testing.assert_array_equal(moved.vector, expected.vector)
    assert moved.scores["share"] == expected.scores["share"]
    assert moved.scores["num_with"] == mean[0].scores["num_with"]


def test_the_conditional_direction_is_scored_along_its_own_axis(pair: Pair) -> None:
    table = np.stack([pair.first, pair.second], axis=1)
    done = attribute_directions(pair.mu, table, names=("one", "two"), split=pair.split)
    moved = by_method(done, "conditional")[0]
    along = pair.mu @ moved.vector
    held, has = pair.split != 0, pair.first == 1
    middle = (along[~held & has].mean() + along[~held & ~has].mean()) / 2
    assert moved.scores["auc"] == pytest.approx(roc_auc_score(has[held], along[held]), abs=1e-6)
    assert moved.scores["accuracy"] == np.mean((along > middle)[held] == has[held])


def test_attributes_may_be_locked_for_a_class_but_not_another_class(pair: Pair) -> None:
    """To become one is to stop being another."""
    known = Known(pair.split, pair.second[:, None], ("two",), pair.first, ("even", "odd"))
    found = by_method(all_directions(pair.mu, known), "conditional")
    assert {item.name: item.locks for item in found} == {
        "two": (),
        "even": ("two",),
        "odd": ("two",),
    }


def test_forty_attributes_take_seconds() -> None:
    rng = np.random.default_rng(0)
    mu = rng.normal(size=(2000, 128))
    table = (mu[:, :10] + rng.normal(size=(2000, 10)) > 0).astype(np.int8)
    split = np.where(np.arange(2000) % 10 == 0, 2, 0)
    began = time.perf_counter()
    attribute_directions(mu, table, names=[str(n) for n in range(10)], split=split)
    assert time.perf_counter() - began < 5  # 0.3 s alone on one slow core
