from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from explorer.latent.codes import LatentError
from explorer.latent.directions import (
    Direction,
    attribute_directions,
    label_directions,
    mean_difference,
)

DIM = 6


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


def test_missing_values_take_no_part(sample: Sample) -> None:
    """Codes of unknown attribute may be anything without moving the vector or the scores."""
    has = sample.has.copy()
    has[:50] = -1
    wild = sample.mu.copy()
    wild[:50] = 1e3
    one = mean_difference(sample.mu, has, split=sample.split)
    other = mean_difference(wild, has, split=sample.split)
    np.testing.assert_array_equal(one.vector, other.vector)
    assert one.scores == other.scores


def test_swapping_the_sides_turns_the_vector_round(sample: Sample) -> None:
    one = mean_difference(sample.mu, sample.has, split=sample.split)
    other = mean_difference(sample.mu, 1 - sample.has, split=sample.split)
    np.testing.assert_allclose(one.vector, -other.vector, rtol=1e-5)
    assert one.scores["auc"] == pytest.approx(other.scores["auc"])


@given(alpha=st.floats(-3, 3), seed=st.integers(0, 100))
def test_applying_moves_the_position_by_alpha(alpha: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    vector = rng.normal(size=DIM).astype(np.float32)
    length = float(np.linalg.norm(vector))
    direction = Direction("x", "mean", vector, length, {}, origin=0.3)
    z = rng.normal(size=(4, DIM))
    moved = direction.apply(z, alpha=alpha)
    np.testing.assert_allclose(direction.position(moved) - direction.position(z), alpha, atol=1e-4)
    np.testing.assert_allclose(moved - z, np.tile(alpha * vector, (4, 1)), atol=1e-5)


def test_the_means_stand_at_zero_and_one(sample: Sample) -> None:
    direction = mean_difference(sample.mu, sample.has, split=sample.split)
    train = sample.split == 0
    means = [sample.mu[train & (sample.has == side)].mean(axis=0) for side in (0, 1)]
    np.testing.assert_allclose(direction.position(np.stack(means)), [0, 1], atol=1e-5)


def test_arrays_and_meta_bring_a_direction_back(sample: Sample) -> None:
    direction = mean_difference(
        sample.mu, sample.has, split=np.zeros(300), name="seven, long", kind="label"
    )
    assert np.isnan(direction.scores["auc"])  # nothing was held out
    again = Direction.from_arrays(direction.to_arrays(), meta=direction.meta)
    np.testing.assert_array_equal(again.vector, direction.vector)
    np.testing.assert_equal(dict(again.scores), dict(direction.scores))
    assert again.meta == direction.meta
    assert again.scale == pytest.approx(direction.scale, rel=1e-6)
    np.testing.assert_allclose(again.position(sample.mu), direction.position(sample.mu), rtol=1e-5)
    assert all(np.issubdtype(array.dtype, np.number) for array in direction.to_arrays().values())


def test_twenty_training_examples_of_each_side_are_needed(sample: Sample) -> None:
    has = np.zeros(300, np.int8)
    train = np.flatnonzero(sample.split == 0)
    has[train[:19]] = 1
    has[sample.split != 0] = 1  # held-out ones do not help
    with pytest.raises(LatentError, match="Hat: 19 training pictures with it; at least 20"):
        mean_difference(sample.mu, has, split=sample.split, name="Hat")
    with pytest.raises(LatentError, match="Hat: 19 training pictures without it"):
        mean_difference(sample.mu, 1 - has, split=sample.split, name="Hat")
    has[train[19]] = 1
    assert mean_difference(sample.mu, has, split=sample.split).scores["num_with"] == 20


def test_codes_that_know_nothing_of_it_are_refused(sample: Sample) -> None:
    with pytest.raises(LatentError, match="Hat: pictures with and without it have the same mean"):
        mean_difference(np.ones((300, DIM)), sample.has, split=sample.split, name="Hat")


def test_all_attributes_at_once_skip_the_rare_with_a_sentence(sample: Sample) -> None:
    rare = np.zeros_like(sample.has)
    rare[1] = 1
    table = np.stack([sample.has, rare, 1 - sample.has], axis=1)
    names = ("Smiling", "Hat", "Serious")
    done = attribute_directions(sample.mu, table, names=names, split=sample.split)
    assert [direction.name for direction in done.found] == ["Smiling", "Serious"]
    assert done.skipped == (
        "Hat: 1 training pictures with it; at least 20 are needed for a direction.",
    )
    alone = mean_difference(sample.mu, sample.has, split=sample.split)
    np.testing.assert_array_equal(done.found[0].vector, alone.vector)


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
    assert [int(direction.vector.argmax()) for direction in done.found] == [0, 1, 2]
    assert {direction.kind for direction in done.found} == {"label"}
    has = np.where(labels < 0, -1, labels == 1)
    one = mean_difference(mu, has, split=sample.split)
    np.testing.assert_array_equal(done.found[1].vector, one.vector)
    assert done.found[1].scores["auc"] > 0.95


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
