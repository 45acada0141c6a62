from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from explorer.latent.embedding import layout, mode_of_places, place
from explorer.latent.neighbours import CodeIndex


@pytest.fixture(scope="module")
def codes() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(60, 5)).astype(np.float32)


def test_layout_is_repeatable_silent_and_safe_from_two_threads(codes: np.ndarray) -> None:
    with warnings.catch_warnings(), ThreadPoolExecutor(2) as pool:
        warnings.simplefilter("error")
        one, other = pool.map(lambda _: layout(codes, seed=3), range(2))
    assert one.shape == (60, 2)
    assert one.dtype == np.float32
    assert np.isfinite(one).all()
    np.testing.assert_array_equal(one, other)
    assert not np.array_equal(one, layout(codes, seed=4))


@pytest.mark.parametrize("count", [3, 5, 16])
def test_few_codes_are_enough(codes: np.ndarray, count: int) -> None:
    assert np.isfinite(layout(codes[:count], seed=0)).all()


def test_a_collapsed_posterior_is_one_point() -> None:
    assert not layout(np.full((30, 4), 0.5, np.float32), seed=0).any()
    faint = 1e-6 * np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    assert np.isfinite(layout(faint, seed=0)).all()


def test_a_code_of_the_map_is_placed_next_to_its_own_place(codes: np.ndarray) -> None:
    # A plane that is part of the space, so that neighbours in one are neighbours in the other.
    flat = np.concatenate([codes[:, :2], 0.01 * codes[:, 2:]], axis=1)
    placed = place(flat, index=CodeIndex(flat), xy=flat[:, :2])
    apart = np.linalg.norm(flat[:, None, :2] - flat[None, :, :2], axis=2)
    spacing = np.sort(apart, axis=1)[:, 4]  # its fourth neighbour
    assert np.all(np.linalg.norm(placed - flat[:, :2], axis=1) < spacing)


def test_a_mode_is_on_an_island_and_not_in_the_sea_between() -> None:
    places = np.array([[[0, 0], [0.1, 0], [0, 0.1], [10, 0], [10, 0.1]]], np.float32)
    weights = np.full((1, 5), 0.2)
    at = mode_of_places(places, weights)
    assert np.linalg.norm(at[0]) < 0.2


def test_a_mode_of_one_place_is_that_place() -> None:
    places = np.full((2, 5, 2), 3.0, np.float32)
    np.testing.assert_allclose(mode_of_places(places, np.full((2, 5), 0.2)), 3)
