from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.latent import neighbours
from explorer.latent.codes import LatentError
from explorer.latent.neighbours import CodeIndex


@given(
    seed=st.integers(0, 10_000),
    count=st.integers(2, 60),
    dim=st.integers(1, 20),
    k=st.integers(1, 70),
    far=st.sampled_from([0.0, 100.0]),
)
@settings(max_examples=60, deadline=None)
def test_nearest_agrees_with_a_loop_even_far_from_the_origin(
    seed: int, count: int, dim: int, k: int, far: float
) -> None:
    rng = np.random.default_rng(seed)
    codes = (rng.normal(size=(count, dim)) + far).astype(np.float32)
    queries = (rng.normal(size=(3, dim)) + far).astype(np.float32)
    found = CodeIndex(codes).nearest(queries, k=k)
    for query, distance in zip(queries, found.distance, strict=True):
        expected = sorted(float(np.linalg.norm(code - query.astype(float))) for code in codes)
        np.testing.assert_allclose(distance, expected[:k], rtol=1e-4, atol=1e-4)


def test_a_code_is_its_own_nearest_and_duplicates_come_in_order() -> None:
    codes = np.random.default_rng(0).normal(size=(100, 16)).astype(np.float32)
    codes[70] = codes[20]
    found = CodeIndex(codes).nearest(codes, k=2)
    assert np.array_equal(found.index[:70, 0], np.arange(70))
    assert found.index[70].tolist() == [20, 70]
    assert found.distance[:, 0].max() == 0


def test_blocks_do_not_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    codes, queries = rng.normal(size=(80, 8)), rng.normal(size=(30, 8))
    whole = CodeIndex(codes).nearest(queries, k=4)
    monkeypatch.setattr(neighbours, "BLOCK_NUMBERS", 700)  # 7 queries at a time
    parts = CodeIndex(codes).nearest(queries, k=4)
    assert np.array_equal(whole.index, parts.index)
    np.testing.assert_array_equal(whole.distance, parts.distance)


def test_typicality_agrees_with_leave_one_out_by_hand() -> None:
    codes = np.random.default_rng(1).normal(size=(60, 5)).astype(np.float32)
    apart = np.sort(np.linalg.norm(codes[:, None] - codes[None], axis=2), axis=1)
    own = np.sort(apart[:, 5])
    index = CodeIndex(codes)

    query = np.full((1, 5), 0.7, np.float32)
    fifth = np.sort(np.linalg.norm(codes - query, axis=1))[4]
    off = index.typicality(query)
    assert off.distance[0] == pytest.approx(fifth, rel=1e-5)
    assert off.percentile[0] == pytest.approx((own < fifth).mean())
    assert off.ratio[0] == pytest.approx(fifth / np.median(own), rel=1e-5)

    members = index.typicality(codes, members=True)
    np.testing.assert_allclose(members.distance, apart[:, 5], rtol=1e-4)
    # Leaving itself out, the data as a whole is spread evenly over the percentiles (but for pairs
    # that are each other's fifth).
    np.testing.assert_allclose(np.sort(members.percentile), np.arange(60) / 60, atol=1.01 / 60)


def test_the_mean_is_typical_and_a_far_code_is_not() -> None:
    codes = np.random.default_rng(2).normal(size=(400, 32)).astype(np.float32)
    off = CodeIndex(codes).typicality(np.stack([codes.mean(axis=0), codes[0] * 5]))
    assert off.percentile.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("query", "k", "message"),
    [
        (np.zeros((1, 3)), 1, "z has 3 numbers per row; 4 are needed"),
        (np.full((1, 4), np.nan), 1, "z holds NaN"),
        (np.zeros((1, 4)), 0, "k is 0; ask for at least 1"),
    ],
)
def test_bad_queries_are_refused(query: np.ndarray, k: int, message: str) -> None:
    with pytest.raises(LatentError, match=message):
        CodeIndex(np.eye(4)).nearest(query, k=k)


def test_one_code_has_no_neighbours() -> None:
    with pytest.raises(LatentError, match="codes has 1 rows; at least 2"):
        CodeIndex(np.zeros((1, 4)))
