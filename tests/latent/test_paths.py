from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import ArrayLike
from scipy.interpolate import RegularGridInterpolator
from scipy.spatial import geometric_slerp

from explorer.latent.codes import LatentError
from explorer.latent.measures import radius
from explorer.latent.neighbours import CodeIndex
from explorer.latent.paths import (
    KINDS,
    Kind,
    bilinear_grid,
    leaves_data,
    leaves_shell,
    lerp,
    path_through,
    picture_steps,
    runs_of,
    slerp,
    steps_meeting,
)

NUMBERS = st.floats(-50, 50, width=32).map(lambda x: x if abs(x) > 1e-3 else 0.0)
PAIRS = st.integers(2, 6).flatmap(lambda dim: arrays(np.float32, (2, dim), elements=NUMBERS))
WAYS = {"linear": lerp, "spherical": slerp}


def opposite(a: np.ndarray, b: np.ndarray) -> bool:
    one, other = np.linalg.norm(a), np.linalg.norm(b)
    return bool(one and other and np.linalg.norm(a / one + b / other) < 1e-3)


@pytest.mark.parametrize("kind", KINDS)
@given(pair=PAIRS)
@settings(max_examples=60, deadline=None)
def test_ends_are_exact_and_the_way_back_is_the_same(kind: Kind, pair: np.ndarray) -> None:
    assume(not opposite(*pair))
    share = np.linspace(0, 1, 7)
    there, back = (WAYS[kind](*ends, share) for ends in (pair, pair[::-1]))
    np.testing.assert_array_equal(there[[0, -1]], pair)
    np.testing.assert_allclose(there, back[::-1], rtol=1e-5, atol=1e-5)
    assert there.dtype == np.float32


@pytest.mark.parametrize("kind", KINDS)
@given(pair=PAIRS)
@settings(max_examples=40, deadline=None)
def test_equal_ends_are_a_path_that_stands_still(kind: Kind, pair: np.ndarray) -> None:
    path = path_through([pair[0], pair[0]], kind=kind, steps=9)
    np.testing.assert_allclose(path, np.tile(pair[0], (9, 1)), rtol=1e-6)


@given(pair=PAIRS)
@settings(max_examples=60, deadline=None)
def test_slerp_of_equal_lengths_stays_on_its_sphere(pair: np.ndarray) -> None:
    assume((np.linalg.norm(pair, axis=1) > 0.1).all())
    ends = 3 * pair / np.linalg.norm(pair, axis=1, keepdims=True)
    assume(not opposite(*ends))
    np.testing.assert_allclose(radius(slerp(*ends, np.linspace(0, 1, 9))), 3, rtol=1e-5)


@pytest.mark.parametrize("dim", [2, 3, 128])
def test_slerp_agrees_with_scipy_on_the_unit_sphere(dim: int) -> None:
    ends = np.random.default_rng(dim).normal(size=(2, dim))
    ends /= np.linalg.norm(ends, axis=1, keepdims=True)
    share = np.linspace(0, 1, 11)
    np.testing.assert_allclose(slerp(*ends, share), geometric_slerp(*ends, share), atol=1e-6)


def test_slerp_of_a_quarter_turn_in_two_dimensions() -> None:
    """By hand: half of 90° is 45°, half-way from length 2 to length 4 is 3."""
    middle = slerp([2, 0], [0, 4], [0.5])[0]
    np.testing.assert_allclose(middle, 3 * np.sqrt(0.5) * np.ones(2), rtol=1e-6)
    turned = slerp([2, 0], [0, 4], [1 / 3])[0]
    assert np.degrees(np.arctan2(*turned[::-1])) == pytest.approx(30, abs=1e-4)


def test_lerp_is_the_weighted_mean_and_cuts_through_the_hollow() -> None:
    np.testing.assert_allclose(lerp([2, 0], [0, 4], [0.25]), [[1.5, 1]])
    one, other = np.random.default_rng(0).normal(size=(2, 128))
    short = radius(lerp(one, other, [0.5]))[0] / radius([one])[0]
    assert short == pytest.approx(np.sqrt(0.5), abs=0.1)  # of two codes at a right angle


@pytest.mark.parametrize("nearly", [0.0, 1e-7])
def test_opposite_codes_have_no_shortest_way_round(nearly: float) -> None:
    code = np.array([1.0, 2.0, -3.0])
    with pytest.raises(LatentError, match=r"point in opposite directions, .* the linear path"):
        slerp(code, -2 * code + [nearly, 0, 0], [0.5])
    np.testing.assert_allclose(lerp(code, -code, [0.5]), np.zeros((1, 3)), atol=1e-7)
    round_it = path_through([code, [2, -1, 0], -code], kind="spherical", steps=5)
    assert np.isfinite(round_it).all()


def test_almost_opposite_and_almost_equal_codes_keep_their_radius() -> None:
    share = np.linspace(0, 1, 21)
    for angle in (1e-8, 1e-5, np.pi - 1e-3):
        end = [np.cos(angle), np.sin(angle)]
        np.testing.assert_allclose(radius(slerp([1, 0], end, share)), 1, rtol=1e-6)


def test_the_way_from_the_origin_is_straight() -> None:
    path = slerp([0, 0, 0], [0, 3, 4], [0, 0.2, 1])
    np.testing.assert_allclose(path, [[0, 0, 0], [0, 0.6, 0.8], [0, 3, 4]], atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("stops", "steps"), [(2, 2), (2, 11), (3, 11), (4, 13), (5, 197)])
def test_stops_are_met_exactly_in_even_steps(kind: Kind, stops: int, steps: int) -> None:
    codes = np.random.default_rng(stops).normal(size=(stops, 6)).astype(np.float32)
    path = path_through(codes, kind=kind, steps=steps)
    assert path.shape == (steps, 6)
    np.testing.assert_array_equal(path[:: (steps - 1) // (stops - 1)], codes)
    first_leg = WAYS[kind](codes[0], codes[1], np.linspace(0, 1, (steps - 1) // (stops - 1) + 1))
    np.testing.assert_allclose(path[: len(first_leg)], first_leg, atol=1e-5)
    back = path_through(codes[::-1], kind=kind, steps=steps)
    np.testing.assert_allclose(back[::-1], path, atol=1e-5)


def test_steps_that_miss_the_stops_are_even_all_the_same() -> None:
    path = path_through([[0.0], [1.0], [3.0]], steps=4)
    np.testing.assert_allclose(path[:, 0], [0, 2 / 3, 1 + 2 / 3, 3], rtol=1e-6)


@given(stops=st.integers(2, 12), steps=st.integers(2, 60))
def test_steps_meeting_is_the_next_number_that_fits(stops: int, steps: int) -> None:
    enough = steps_meeting(stops, steps)
    fits = [count for count in range(steps, steps + stops) if (count - 1) % (stops - 1) == 0]
    assert enough == fits[0]


@given(seed=st.integers(0, 1000), n=st.integers(2, 9), dim=st.integers(2, 5))
@settings(max_examples=30, deadline=None)
def test_the_square_agrees_with_scipy_and_has_exact_corners(seed: int, n: int, dim: int) -> None:
    corners = np.random.default_rng(seed).normal(size=(4, dim)).astype(np.float32)
    grid = bilinear_grid(corners, n=n)
    np.testing.assert_array_equal(grid[[0, 0, -1, -1], [0, -1, 0, -1]], corners)
    reference = RegularGridInterpolator(([0, 1], [0, 1]), corners.reshape(2, 2, dim))
    at = np.linspace(0, 1, n)
    expected = reference(np.stack(np.meshgrid(at, at, indexing="ij"), axis=-1))
    np.testing.assert_allclose(grid, expected, atol=1e-5)


def test_equal_corners_make_a_square_of_one_picture() -> None:
    grid = bilinear_grid(np.tile([1.1, 2.2, 3.3], (4, 1)), n=5)
    np.testing.assert_allclose(grid, np.broadcast_to([1.1, 2.2, 3.3], grid.shape), rtol=1e-6)


def test_picture_steps_are_root_mean_square_grey_levels() -> None:
    strip = np.zeros((4, 2, 2, 3), np.uint8)
    strip[1] = 255
    strip[2] = 255
    strip[3] = 255
    strip[3, 0, 0] = 245  # one pixel of four by 10: sqrt(100 / 4)
    np.testing.assert_allclose(picture_steps(strip), [255, 0, 5])
    assert picture_steps(strip[:1]).shape == (0,)


def test_a_path_leaves_the_data_between_two_islands() -> None:
    rng = np.random.default_rng(0)
    islands = 0.3 * rng.normal(size=(400, 3)) + np.repeat([[0, 0, 0], [20, 0, 0]], 200, axis=0)
    found = leaves_data(lerp([0, 0, 0], [20, 0, 0], np.linspace(0, 1, 21)), CodeIndex(islands))
    ((start, stop),) = found.runs
    assert 1 <= start <= 2
    assert 19 <= stop <= 20
    assert found.share == (stop - start) / 21
    assert found.off.distance[10] == pytest.approx(10, abs=1)
    assert leaves_data(islands[:3], CodeIndex(islands)).share == 0


def test_a_straight_path_leaves_the_shell_and_a_round_one_does_not() -> None:
    codes = np.random.default_rng(1).normal(size=(500, 128))
    share = np.linspace(0, 1, 11)
    ((start, stop),) = leaves_shell(lerp(*codes[:2], share), radius(codes))
    assert start < 5 < stop
    assert leaves_shell(slerp(*codes[:2], share), radius(codes)) == ()
    assert leaves_shell(3 * codes[:1], radius(codes)) == ((0, 1),)


@pytest.mark.parametrize(
    ("flags", "runs"),
    [
        ([], ()),
        ([0, 0], ()),
        ([1, 1], ((0, 2),)),
        ([1, 0, 0, 1, 1, 0, 1], ((0, 1), (3, 5), (6, 7))),
    ],
)
def test_runs_are_where_the_flags_hold(
    flags: list[int], runs: tuple[tuple[int, int], ...]
) -> None:
    assert runs_of(np.array(flags, bool)) == runs


@pytest.mark.parametrize("way", WAYS.values())
@pytest.mark.parametrize(
    ("a", "b", "t", "message"),
    [
        ([1, 2], [1, 2, 3], [0.5], "b has 3 numbers per row; 2 are needed"),
        ([1, np.nan], [1, 2], [0.5], "a holds NaN or infinity"),
        ([1, 2], [1, np.inf], [0.5], "b holds NaN or infinity"),
        ([[1, 2]], [1, 2], [0.5], r"a has shape \(1, 2\); give \(D,\), one code"),
        ([1, 2], [1, 2], [0.2, 1.2], r"t holds 1\.2; it is a share of the way, 0 to 1"),
        ([1, 2], [1, 2], [np.nan], "t holds nan"),
        ([1, 2], [1, 2], 0.5, r"t has shape \(\); give \(T,\)"),
    ],
)
def test_bad_ways_are_refused(way, a: ArrayLike, b: ArrayLike, t: ArrayLike, message: str) -> None:
    with pytest.raises(LatentError, match=message):
        way(a, b, t)


@pytest.mark.parametrize("steps", [-1, 0, 1, 1001])
def test_steps_out_of_range_are_refused(steps: int) -> None:
    with pytest.raises(LatentError, match=f"steps is {steps}; choose from 2 to 1,000"):
        path_through(np.eye(2), steps=steps)


def test_bad_paths_and_squares_are_refused() -> None:
    with pytest.raises(LatentError, match="stops has 1 codes; a path needs at least 2"):
        path_through(np.ones((1, 3)), steps=5)
    with pytest.raises(LatentError, match="kind is 'curved'; choose one of linear, spherical"):
        path_through(np.eye(2), kind="curved", steps=5)  # type: ignore[arg-type]
    with pytest.raises(LatentError, match="corners has 3 codes; a square has 4"):
        bilinear_grid(np.eye(3), n=5)
    with pytest.raises(LatentError, match="n is 33; choose from 2 to 32"):
        bilinear_grid(np.eye(4), n=33)
    with pytest.raises(LatentError, match=r"images is float64 \(2, 2\); give uint8"):
        picture_steps(np.zeros((2, 2)))
    with pytest.raises(LatentError, match="path has no steps"):
        leaves_data(np.empty((0, 2)), CodeIndex(np.eye(2)))
