from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.latent.codes import LatentError
from explorer.latent.plane import PlaneMap


@given(seed=st.integers(0, 10_000), count=st.integers(2, 40), k=st.integers(1, 50))
@settings(max_examples=40, deadline=None)
def test_nearest_agrees_with_a_loop(seed: int, count: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    plane = PlaneMap(rng.normal(size=(count, 2)).astype(np.float32))
    places = rng.normal(size=(3, 2)).astype(np.float32)
    found = plane.nearest(places, k=k)
    assert found.shape == (3, min(k, count))
    for place, row in zip(places, found, strict=True):
        distances = [float(np.hypot(*(point - place))) for point in plane.xy]
        assert row.tolist() == sorted(range(count), key=distances.__getitem__)[:k]


def test_distance_agrees_with_leave_one_out_by_hand() -> None:
    points = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    own = np.sort(np.sort(apart, axis=1)[:, 5])  # column 0 is the point itself
    place = np.array([[0.3, -0.2]], np.float32)
    fifth = np.sort(np.linalg.norm(points - place, axis=1))[4]

    off = PlaneMap(points).distance(place)

    assert off.distance[0] == pytest.approx(fifth, rel=1e-5)
    assert off.ratio[0] == pytest.approx(fifth / np.median(own), rel=1e-5)
    assert off.percentile[0] == pytest.approx((own < fifth).mean())


def test_distance_grows_on_the_way_out() -> None:
    plane = PlaneMap(np.random.default_rng(1).normal(size=(500, 2)).astype(np.float32))
    out = plane.distance([[0, 0], [2, 0], [4, 0], [50, 0]])
    assert np.all(np.diff(out.ratio) > 0)
    assert out.percentile[0] < 0.3
    assert out.percentile[-1] == 1


def test_an_island_of_one_is_not_data() -> None:
    points = np.random.default_rng(2).normal(size=(300, 2))
    plane = PlaneMap(np.vstack([points, [[30.0, 0.0]]]).astype(np.float32))
    assert plane.distance([[30, 0]]).percentile[0] >= 0.99


def test_fewer_points_than_neighbours_are_enough() -> None:
    plane = PlaneMap(np.array([[0, 0], [1, 0], [0, 1]], np.float32))
    assert plane.distance([[0, 0]]).distance[0] == pytest.approx(1)


@pytest.mark.parametrize(
    ("xy", "message"),
    [
        (np.zeros((5, 3)), r"xy has shape \(5, 3\)"),
        (np.full((5, 2), np.nan), "xy holds NaN or infinity in 5 of 5 rows"),
        (np.zeros((1, 2)), "xy has 1 rows; at least 2"),
    ],
)
def test_points_that_are_no_map_are_refused(xy: np.ndarray, message: str) -> None:
    with pytest.raises(LatentError, match=message):
        PlaneMap(xy)
