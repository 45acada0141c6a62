from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.latent.codes import LatentError
from explorer.latent.directions import Direction
from explorer.latent.locks import conditional, cosines, default_locks, entanglement

DIM = 8


def pointing(vector: list[float] | np.ndarray, *, name: str = "x") -> Direction:
    long = np.zeros(DIM, np.float32)
    long[: len(vector)] = vector
    return Direction(name, "logistic", long, float(np.linalg.norm(long)), {}, origin=0.2)


def at_random(count: int, *, seed: int) -> list[Direction]:
    vectors = np.random.default_rng(seed).normal(size=(count, DIM))
    return [pointing(vector, name=f"d{number}") for number, vector in enumerate(vectors)]


@given(seed=st.integers(0, 200), count=st.integers(0, 5))
def test_the_formula_of_interfacegan(seed: int, count: int) -> None:
    """d' = d - W (WᵀW)⁻¹ Wᵀ d, lengthened to what d itself moves the reading by."""
    direction, *locked = at_random(count + 1, seed=seed)
    d = direction.vector.astype(np.float64)
    free = d.copy()
    if locked:
        w = np.stack([item.vector for item in locked], axis=1).astype(np.float64)
        free = d - w @ np.linalg.solve(w.T @ w, w.T @ d)
    moved = conditional(direction, locked)
    np.testing.assert_allclose(moved.vector, free * (d @ d) / (d @ free), rtol=1e-3, atol=1e-4)
    assert moved.scores == {"share": pytest.approx((free @ free) / (d @ d), abs=1e-5)}
    assert moved.locks == tuple(item.name for item in locked)
    assert moved.method == "conditional"


@given(seed=st.integers(0, 200), alpha=st.floats(-2, 2))
def test_locked_attributes_stay_and_the_own_moves_by_alpha(seed: int, alpha: float) -> None:
    direction, *locked = at_random(4, seed=seed)
    moved = conditional(direction, locked)
    z = np.random.default_rng(seed).normal(size=(3, DIM))
    there = moved.apply(z, alpha=alpha)
    for item in locked:
        np.testing.assert_allclose(item.position(there), item.position(z), atol=1e-3)
    for own in (direction, moved):
        np.testing.assert_allclose(own.position(there) - own.position(z), alpha, atol=1e-3)


def test_without_locks_nothing_changes() -> None:
    direction = pointing([3, 4])
    free = conditional(direction, [])
    np.testing.assert_allclose(free.vector, direction.vector)
    assert (free.scores, free.locks) == ({"share": 1.0}, ())


def test_the_same_lock_twice_counts_once() -> None:
    direction, lock = pointing([1, 1]), pointing([0, 2])
    moved = conditional(direction, [lock, lock, pointing([0, -0.1])])
    np.testing.assert_allclose(moved.vector, pointing([2, 0]).vector, atol=1e-6)


def test_locks_that_leave_nothing_are_refused() -> None:
    direction = pointing([1, 1], name="Smiling")
    one, other = pointing([1, 0], name="Cheeks"), pointing([1, 2], name="Mouth")
    with pytest.raises(LatentError, match=r"Smiling: nothing is left .* Cheeks, Mouth stay"):
        conditional(direction, [one, other])
    with pytest.raises(LatentError, match=r"Smiling: nothing is left .* Smiling stay"):
        conditional(direction, [direction])


def test_locks_of_another_dimension_are_refused() -> None:
    short = Direction("y", "logistic", np.ones(3, np.float32), 3**0.5, {})
    with pytest.raises(LatentError, match="x: directions of 8 dimensions are needed"):
        conditional(pointing([1, 1]), [short])


def test_thirty_nine_locks_of_128_dimensions_take_less_than_2_ms() -> None:
    vectors = np.random.default_rng(0).normal(size=(40, 128)).astype(np.float32)
    direction, *locked = (
        Direction("x", "logistic", v, float(np.linalg.norm(v)), {}) for v in vectors
    )
    took = []
    for _ in range(20):
        began = time.perf_counter()
        conditional(direction, locked)
        took.append(time.perf_counter() - began)
    assert min(took) < 2e-3


def test_entanglement_is_what_an_edit_by_one_moves_the_readings_by() -> None:
    edits, classifiers = at_random(3, seed=0), at_random(4, seed=1)
    z = np.random.default_rng(2).normal(size=(1, DIM))
    found = entanglement(edits, classifiers)
    assert found.shape == (3, 4)
    for i, edit in enumerate(edits):
        for j, reading in enumerate(classifiers):
            change = reading.position(edit.apply(z, alpha=1)) - reading.position(z)
            assert found[i, j] == pytest.approx(change[0], abs=1e-4)


def test_entanglement_among_directions_themselves() -> None:
    found = entanglement([pointing([1, 0]), pointing([1, 1])])
    np.testing.assert_allclose(found, [[1, 0.5], [1, 1]])
    assert entanglement([]).shape == (0, 0)


def test_cosines() -> None:
    found = cosines([pointing([2, 0]), pointing([1, 1]), pointing([0, -3])])
    half = 0.5**0.5
    np.testing.assert_allclose(found, [[1, half, 0], [half, 1, -half], [0, -half, 1]], atol=1e-7)


def test_with_an_own_classifier_it_is_its_reading_that_moves_by_alpha() -> None:
    """Locking what the vector mostly is leaves little that the classifier sees."""
    direction, lock = pointing([2, 1], name="Smiling"), pointing([1, 0])
    own = replace(pointing([1, 1, 1]), origin=0.7)
    moved = conditional(direction, [lock], own=own)
    np.testing.assert_allclose(moved.vector, pointing([0, 3]).vector, atol=1e-5)
    z = np.random.default_rng(0).normal(size=(3, DIM))
    np.testing.assert_allclose(moved.position(z), own.position(z), atol=1e-5)
    np.testing.assert_allclose(
        moved.position(moved.apply(z, alpha=1)), own.position(z) + 1, atol=1e-5
    )


def test_default_locks_are_the_moved_ones_without_near_synonyms() -> None:
    direction = pointing([1, 1, 0.4], name="Smiling")
    synonym = pointing([1, 0.9, 0.4], name="Cheeks")  # moved most, but nearly the same thing
    third = pointing([0, 0, 0.4], name="Lips")  # moved by 1, worth 7 % of the direction
    unmoved = pointing([0, 0, 0, 2], name="Hat")
    hardly = pointing([0, 0, 4], name="Hair")  # moved by 0.1
    locks = default_locks(direction, [unmoved, third, hardly, synonym])
    assert [item.name for item in locks] == ["Lips"]
    assert default_locks(direction, []) == []


def test_default_locks_leave_six_tenths_of_what_the_edit_does() -> None:
    """Four equal parts: one may be locked, the strongest moved."""
    direction = pointing([1, 1, 1, 1])
    parts = [
        pointing(0.8 * row if n == 2 else row, name=str(n)) for n, row in enumerate(np.eye(4))
    ]
    assert [item.name for item in default_locks(direction, parts)] == ["2"]
    # All four may be, if the attribute shows elsewhere.
    own = pointing([0.1, 0.1, 0.1, 0.1, 1])
    longer = pointing([1, 1, 1, 1, 4])
    assert {item.name for item in default_locks(longer, parts, own=own)} == {"0", "1", "2", "3"}


def test_an_attribute_that_is_hardly_told_is_hardly_moved() -> None:
    """The same move in slider units is less where the groups overlap."""
    direction = pointing([1, 0.5])
    told, untold = (
        replace(pointing([0, 1], name=name), scores={"effect_size": size})
        for name, size in (("told", -2.0), ("untold", 0.3))
    )
    assert default_locks(direction, [told]) == [told]
    assert default_locks(direction, [untold]) == []


def test_a_lock_that_brings_another_attribute_into_play_is_followed_by_it() -> None:
    direction = pointing([4, 1, 0])
    first, second = pointing([0, 1, 1], name="first"), pointing([0, 0, -1], name="second")
    assert default_locks(direction, [second]) == []
    assert [item.name for item in default_locks(direction, [second, first])] == ["first", "second"]
