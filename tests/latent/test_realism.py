from __future__ import annotations

import re
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.latent.codes import LatentError
from explorer.latent.neighbours import CodeIndex
from explorer.latent.realism import Training, Yardstick, mean_distance, within_reach

DIM = 16


def cloud(count: int, *, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, DIM)).astype(np.float32)


@pytest.fixture(scope="module")
def yardstick() -> Yardstick:
    return Yardstick(cloud(4000, seed=0))


@given(seed=st.integers(0, 500), count=st.integers(4, 12), k=st.integers(1, 3))
@settings(max_examples=30, deadline=None)
def test_reach_agrees_with_a_loop(seed: int, count: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    centres, points = rng.normal(size=(count, 3)), 1.5 * rng.normal(size=(10, 3))
    expected = []
    for point in points:
        inside = []
        for centre in centres:
            apart = sorted(float(np.linalg.norm(centre - other)) for other in centres)
            inside.append(float(np.linalg.norm(centre - point)) <= apart[k])
        expected.append(any(inside))
    assert within_reach(points, centres, k=k).tolist() == expected


def test_mean_distance_agrees_with_a_loop() -> None:
    rows = cloud(7, seed=1)
    pairs = [np.linalg.norm(rows[i] - rows[j]) for i in range(7) for j in range(i)]
    assert mean_distance(rows) == pytest.approx(np.mean(pairs), rel=1e-6)
    assert np.isnan(mean_distance(rows[:1]))


def test_samples_like_the_data_are_near_and_as_varied(yardstick: Yardstick) -> None:
    found = yardstick.judge(cloud(400, seed=2))
    assert found.near / 400 == pytest.approx(0.97, abs=0.03)
    assert found.diversity == pytest.approx(1, abs=0.03)
    assert found.reached == pytest.approx(found.reached_by_real, abs=0.08)


def test_far_samples_are_not_near(yardstick: Yardstick) -> None:
    found = yardstick.judge(3 * cloud(50, seed=3))
    assert found.near == 0
    assert found.diversity == pytest.approx(3, abs=0.2)


def test_samples_that_are_all_alike_are_near_but_not_varied(yardstick: Yardstick) -> None:
    found = yardstick.judge(0.05 * cloud(50, seed=4))
    assert found.near == 50
    assert found.diversity < 0.1
    assert found.reached == 0
    assert found.reached_by_real > 0.3


def test_equal_samples_do_not_differ(yardstick: Yardstick) -> None:
    found = yardstick.judge(np.tile(cloud(1, seed=5), (5, 1)))
    assert found.diversity == 0
    assert found.reached == 0


def test_the_figures_are_sentences(yardstick: Yardstick) -> None:
    said = yardstick.judge(0.05 * cloud(50, seed=4)).sentences(noun="face")
    assert said[0] == "50 of 50 samples lie as near to the faces as these lie to each other."
    assert said[1] == "They differ from each other 5 % as much as real faces do."
    assert re.fullmatch(
        r"They cover 0 of 10 faces; as many real faces would cover [4-9] of 10\.", said[2]
    )


def test_one_sample_has_no_variety_to_speak_of(yardstick: Yardstick) -> None:
    one = yardstick.judge(np.zeros((1, DIM)))
    assert one.sentences() == (
        "The sample lies as near to the pictures as these lie to each other.",
    )
    far = yardstick.judge(np.full((1, DIM), 9.0)).sentences()
    assert far == ("The sample does not lie as near to the pictures as these lie to each other.",)
    assert len(yardstick.judge(cloud(3, seed=6)).sentences()) == 2


def test_more_samples_than_pictures_say_nothing_of_as_many_real_ones() -> None:
    found = Yardstick(cloud(20, seed=0)).judge(cloud(30, seed=1))
    assert np.isnan(found.reached_by_real)
    assert len(found.sentences()) == 2


def test_data_of_one_picture_have_no_variety_to_compare_with() -> None:
    found = Yardstick(np.ones((20, 2))).judge(np.ones((4, 2)))
    assert found.near == 4
    assert np.isnan(found.diversity)


def test_64_samples_are_judged_against_20000_codes_at_once() -> None:
    codes = np.random.default_rng(0).normal(size=(20_000, 128)).astype(np.float32)
    yardstick = Yardstick(codes, index=CodeIndex(codes))
    yardstick.judge(codes[:64])  # the data's own distances, once
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        yardstick.judge(codes[64:128])
        taken.append(time.perf_counter() - start)
    assert min(taken) < 0.5  # 30 ms on one quiet core; other work on the machine may slow it


def test_copies_of_training_pictures_are_found_and_new_ones_are_not() -> None:
    mu = cloud(1000, seed=7)
    split = np.where(np.arange(1000) % 4 == 0, 2, 0)
    training = Training(mu, split)
    found = training.likeness(
        np.vstack([mu[1:2], mu[2:3] + 0.05, mu[:1], np.zeros((1, DIM))]), k=3
    )
    assert found.copied.tolist() == [True, True, False, False]
    assert found.index.shape == found.distance.shape == (4, 3)
    assert found.index[:2, 0].tolist() == [1, 2]
    assert (split[found.index] == 0).all()
    assert found.ratio[0] == 0
    new = training.likeness(mu[split == 2]).ratio
    assert np.median(new) == pytest.approx(1)


def test_likeness_agrees_with_a_loop_and_can_ask_for_one() -> None:
    mu = cloud(50, seed=8)
    split = np.repeat([0, 1], 25)
    found = Training(mu, split).likeness(mu[25:26], k=1)
    apart = np.linalg.norm(mu[25] - mu[:25], axis=1)
    assert found.index.tolist() == [[int(apart.argmin())]]
    assert found.distance[0, 0] == pytest.approx(apart.min(), rel=1e-5)
    usual = np.median([np.linalg.norm(new - mu[:25], axis=1).min() for new in mu[25:]])
    assert found.ratio[0] == pytest.approx(apart.min() / usual, rel=1e-5)


def test_without_held_out_pictures_the_training_pictures_stand_for_new_ones() -> None:
    mu = cloud(60, seed=9)
    apart = np.sort(np.linalg.norm(mu[:, None] - mu[None], axis=2), axis=1)[:, 1]
    found = Training(mu, np.zeros(60)).likeness(np.zeros((1, DIM)))
    expected = np.linalg.norm(mu, axis=1).min() / np.median(apart)
    assert found.ratio[0] == pytest.approx(expected, rel=1e-4)


def test_training_pictures_that_are_all_one_keep_the_ratio_finite() -> None:
    found = Training(np.ones((9, 2)), np.zeros(9)).likeness(np.ones((1, 2)))
    assert found.ratio[0] == 0
    assert found.copied[0]


def test_bad_samples_are_refused(yardstick: Yardstick) -> None:
    with pytest.raises(LatentError, match="samples has 3 numbers per row; 16 are needed"):
        yardstick.judge(np.zeros((2, 3)))
    with pytest.raises(LatentError, match="samples has 0 rows; at least 1"):
        yardstick.judge(np.zeros((0, DIM)))
    with pytest.raises(LatentError, match="samples holds NaN"):
        yardstick.judge(np.full((2, DIM), np.nan))
    with pytest.raises(LatentError, match="values has 7 rows; at least 8"):
        Yardstick(np.eye(7))
    with pytest.raises(LatentError, match="of has 3 rows; at least 4"):
        within_reach(np.eye(3), np.eye(3))
    with pytest.raises(LatentError, match=r"split has shape \(3,\) for 8 codes"):
        Training(np.eye(8), np.zeros(3))
    with pytest.raises(LatentError, match="mu's training part has 2 rows; at least 3"):
        Training(np.eye(8), [0, 0, 1, 1, 1, 1, 1, 1])
    with pytest.raises(LatentError, match="k is 0; ask for at least 1"):
        Training(np.eye(8), np.zeros(8)).likeness(np.zeros((1, 8)), k=0)
