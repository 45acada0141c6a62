from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from explorer.latent.codes import LatentError
from explorer.latent.measures import radius
from explorer.latent.regions import (
    between_clouds,
    chi_density,
    corner_rows,
    map_corners,
    prior_within,
    ring_radii,
    rings,
    share_within,
)
from explorer.latent.sampling import sample_prior


@given(seed=st.integers(0, 1000), dim=st.integers(1, 128), count=st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_rings_have_their_radius_and_share_their_directions(
    seed: int, dim: int, count: int
) -> None:
    radii = np.linspace(0, 20, count)
    shells = rings(radii, per_ring=5, dim=dim, rng=np.random.default_rng(seed))
    assert shells.shape == (count, 5, dim)
    for shell, wanted in zip(shells, radii, strict=True):
        np.testing.assert_allclose(radius(shell), wanted, rtol=1e-5)
        np.testing.assert_allclose(radii[-1] * shell, wanted * shells[-1], atol=1e-3)


def test_directions_are_even_over_the_sphere() -> None:
    ways = rings([1.0], per_ring=40_000, dim=3, rng=np.random.default_rng(0))[0]
    np.testing.assert_allclose(ways.mean(axis=0), 0, atol=0.01)
    np.testing.assert_allclose(np.cov(ways.T), np.eye(3) / 3, atol=0.01)
    # Archimedes: on a sphere in three dimensions each coordinate is uniform.
    assert stats.kstest(ways[:, 0], stats.uniform(-1, 2).cdf).pvalue > 0.01


def test_ring_radii_run_from_the_origin_to_beyond_the_data() -> None:
    data = np.linspace(3, 7, 101)
    found = ring_radii(data, count=5)
    np.testing.assert_allclose(found, np.linspace(0, 1.5 * 6.96, 5))
    assert found[-1] > data.max()


@pytest.mark.parametrize("dim", [1, 2, 3, 32, 128, 512])
def test_the_priors_radii_follow_the_chi_distribution(dim: int) -> None:
    radii = np.linspace(0, 2 * np.sqrt(dim) + 3, 50)
    np.testing.assert_allclose(chi_density(radii, dim=dim), stats.chi(dim).pdf(radii), rtol=1e-9)
    np.testing.assert_allclose(prior_within(radii, dim=dim), stats.chi(dim).cdf(radii), rtol=1e-9)
    drawn = radius(sample_prior(4000, dim=dim, rng=np.random.default_rng(dim)))
    assert stats.kstest(drawn, lambda r: prior_within(r, dim=dim)).pvalue > 0.01


def test_the_density_integrates_to_the_share() -> None:
    whole, _ = integrate.quad(lambda r: chi_density([r], dim=16)[0], 0, 4)
    assert whole == pytest.approx(prior_within([4.0], dim=16)[0], rel=1e-6)


def test_shares_count_the_data_below() -> None:
    found = share_within([0, 1.5, 2, 9], data=[3.0, 1.0, 2.0, 2.0])
    np.testing.assert_allclose(found, [0, 0.25, 0.25, 1])


def test_corners_of_the_map_and_the_points_that_reach_for_them() -> None:
    xy = np.array([[-1, 0], [0, 3], [2.9, 2.5], [-0.8, -4], [3, -3.5], [1, 0]], np.float32)
    corners = map_corners(xy)
    np.testing.assert_allclose(corners, [[-1, 3], [3, 3], [-1, -4], [3, -4]])
    assert corner_rows(xy).tolist() == [1, 2, 3, 4]


def test_a_map_of_one_line_or_one_point_has_corners_too() -> None:
    line = np.array([[0, 0], [1, 0], [2, 0]], np.float32)
    assert set(corner_rows(line).tolist()) <= {0, 1, 2}
    assert corner_rows(np.ones((4, 2))).tolist() == [0, 0, 0, 0]


def test_between_two_classes_moments_go_straight_from_one_to_the_other() -> None:
    means, stds = np.array([[0.0, 4.0], [8.0, 0.0]]), np.array([[1.0, 0.5], [0.2, 2.0]])
    drawn = between_clouds(means, stds, steps=5, n=20_000, rng=np.random.default_rng(0))
    assert drawn.shape == (5, 20_000, 2)
    for share, codes in zip(np.linspace(0, 1, 5), drawn, strict=True):
        mean, std = (
            (1 - share) * means[0] + share * means[1],
            (1 - share) * stds[0] + share * stds[1],
        )
        np.testing.assert_allclose(codes.mean(axis=0), mean, atol=0.05)
        np.testing.assert_allclose(codes.std(axis=0), std, rtol=0.02)


def test_a_column_is_one_draw_all_along_and_temperature_zero_is_the_means() -> None:
    means, stds = np.zeros((2, 3)), np.ones((2, 3))
    same = between_clouds(means, stds, steps=4, n=2, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(same, np.broadcast_to(same[:1], same.shape))
    still = between_clouds(
        means + 1, stds, steps=2, n=2, temperature=0, rng=np.random.default_rng(0)
    )
    np.testing.assert_array_equal(still, np.ones((2, 2, 3)))
    bound = between_clouds(
        means, stds, steps=2, n=500, truncation=0.5, rng=np.random.default_rng(0)
    )
    assert np.abs(bound).max() <= 0.5


def test_bad_regions_are_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(LatentError, match="radii holds -1; choose 0"):
        rings([1, -1], per_ring=2, dim=3, rng=rng)
    with pytest.raises(LatentError, match="per_ring is 0; choose at least 1"):
        rings([1], per_ring=0, dim=3, rng=rng)
    with pytest.raises(LatentError, match="dim is 0"):
        rings([1], per_ring=2, dim=0, rng=rng)
    with pytest.raises(LatentError, match="dim is 0"):
        chi_density([1], dim=0)
    with pytest.raises(LatentError, match="radii holds NaN"):
        prior_within([np.nan], dim=2)
    with pytest.raises(LatentError, match=r"data has shape \(1, 2\); give \(R,\), distances"):
        share_within([1], data=[[1, 2]])
    with pytest.raises(LatentError, match="count is 1; choose from 2"):
        ring_radii([1, 2], count=1)
    with pytest.raises(LatentError, match="xy has 0 rows; at least 1"):
        map_corners(np.empty((0, 2)))
    with pytest.raises(LatentError, match="means and stds have 3 and 2 rows; give 2 each"):
        between_clouds(np.ones((3, 2)), np.ones((2, 2)), steps=3, n=1, rng=rng)
    with pytest.raises(LatentError, match="stds holds -1; a standard deviation is 0 or more"):
        between_clouds(np.ones((2, 2)), -np.ones((2, 2)), steps=3, n=1, rng=rng)
    with pytest.raises(LatentError, match="temperature is inf"):
        between_clouds(np.ones((2, 2)), np.ones((2, 2)), steps=3, n=1, temperature=np.inf, rng=rng)
