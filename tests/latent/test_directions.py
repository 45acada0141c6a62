from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.latent.codes import LatentError
from explorer.latent.directions import Direction

DIM = 6


def some_direction(*, seed: int = 0) -> Direction:
    vector = np.random.default_rng(seed).normal(size=DIM).astype(np.float32)
    return Direction("x", "mean", vector, float(np.linalg.norm(vector)), {}, origin=0.3)


@given(alpha=st.floats(-3, 3), seed=st.integers(0, 100))
def test_applying_moves_the_position_by_alpha(alpha: float, seed: int) -> None:
    direction = some_direction(seed=seed)
    z = np.random.default_rng(seed + 1).normal(size=(4, DIM))
    moved = direction.apply(z, alpha=alpha)
    np.testing.assert_allclose(direction.position(moved) - direction.position(z), alpha, atol=1e-4)
    np.testing.assert_allclose(moved - z, np.tile(alpha * direction.vector, (4, 1)), atol=1e-5)


def test_a_normal_reads_the_position_if_there_is_one() -> None:
    normal = np.array([0, 0.5, 0, 0, 0, 0], np.float32)
    direction = replace(some_direction(), normal=normal)
    np.testing.assert_allclose(direction.position(4 * np.eye(DIM)), [-0.3, 1.7, *[-0.3] * 4])


def test_arrays_and_meta_bring_a_direction_back() -> None:
    direction = replace(
        some_direction(),
        name="seven, long",
        method="conditional",
        kind="label",
        scores={"auc": float("nan"), "num_with": 20.0},
        normal=np.arange(DIM, dtype=np.float32),
        locks=("Male", "Hat, red"),
        made="From two selections.",
        caution="Few examples.",
    )
    again = Direction.from_arrays(direction.to_arrays(), meta=direction.meta)
    np.testing.assert_array_equal(again.vector, direction.vector)
    assert again.normal is not None
    np.testing.assert_array_equal(again.normal, np.arange(DIM))
    np.testing.assert_equal(dict(again.scores), dict(direction.scores))
    assert again.meta == direction.meta
    assert (again.locks, again.made, again.caution, again.kind) == (
        ("Male", "Hat, red"),
        "From two selections.",
        "Few examples.",
        "label",
    )
    assert again.scale == pytest.approx(direction.scale, rel=1e-6)
    assert again.origin == direction.origin
    assert all(np.issubdtype(array.dtype, np.number) for array in direction.to_arrays().values())


def test_what_is_empty_is_not_written() -> None:
    direction = some_direction()
    assert set(direction.meta) == {"name", "method", "kind", "scores"}
    assert set(direction.to_arrays()) == {"vector", "origin", "scores"}
    assert Direction.from_arrays(direction.to_arrays(), meta=direction.meta).normal is None


def test_a_kind_that_there_is_not() -> None:
    direction = some_direction()
    with pytest.raises(LatentError, match="kind is 'colour'; it must be one of attribute, label"):
        Direction.from_arrays(direction.to_arrays(), meta=direction.meta | {"kind": "colour"})
