from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from scipy import stats
from sklearn.decomposition import PCA
from torch.distributions import Normal, kl_divergence

from explorer.latent.codes import LatentError
from explorer.latent.measures import active_units
from explorer.latent.traversal import (
    Axes,
    correlations,
    explained,
    kl_per_dimension,
    latent_axes,
    principal_axes,
    rank_units,
    traversal_grid,
    traverse,
)


@pytest.fixture(scope="module")
def posteriors() -> tuple[np.ndarray, np.ndarray]:
    """Means (300, 5) of rising spread about 0.5, the first nearly still; log-variances."""
    rng = np.random.default_rng(0)
    mu = 0.5 + rng.normal(size=(300, 5)) * [0.05, 0.4, 0.6, 0.8, 1.2]
    return mu.astype(np.float32), rng.normal(-1, 0.5, size=(300, 5)).astype(np.float32)


def test_kl_per_dimension_agrees_with_torch(posteriors: tuple[np.ndarray, np.ndarray]) -> None:
    mu, logvar = (torch.from_numpy(array).double() for array in posteriors)
    expected = kl_divergence(Normal(mu, torch.exp(logvar / 2)), Normal(0.0, 1.0)).mean(0).numpy()
    np.testing.assert_allclose(kl_per_dimension(*posteriors), expected, rtol=1e-5)


def test_a_posterior_that_is_the_prior_costs_nothing() -> None:
    np.testing.assert_allclose(kl_per_dimension(np.zeros((9, 2)), np.zeros((9, 2))), 0)


def test_units_are_ranked_by_kl_and_the_still_ones_are_dead(
    posteriors: tuple[np.ndarray, np.ndarray],
) -> None:
    mu, logvar = posteriors
    units = rank_units(mu, logvar)
    assert (np.diff(units.kl[units.order]) <= 0).all()
    assert units.dead.tolist() == [True, False, False, False, False]
    assert (~units.dead).sum() == active_units(mu)
    assert 0 not in units.living
    assert len(units.living) == 4


def test_an_autoencoder_is_ranked_by_variance() -> None:
    rng = np.random.default_rng(1)
    mu = rng.normal(size=(200, 3)) * [1, 3, 2] + [30, 0, 0]  # KL would put the first in front
    units = rank_units(mu, np.full((200, 3), -30.0), variational=False)
    assert units.order.tolist() == [1, 2, 0]


def test_the_aggregate_spread_is_that_of_samples(
    posteriors: tuple[np.ndarray, np.ndarray],
) -> None:
    mu, logvar = posteriors
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(400, *mu.shape))
    samples = (mu + np.exp(logvar / 2) * noise).reshape(-1, 5)
    for axes in (latent_axes(mu, logvar), principal_axes(mu, logvar)):
        along = axes.coordinates(samples)
        np.testing.assert_allclose(axes.std, along.std(axis=0), rtol=0.01)
        np.testing.assert_allclose(axes.mean, along.mean(axis=0), atol=0.01)


def test_principal_axes_agree_with_scikit_learn(
    posteriors: tuple[np.ndarray, np.ndarray],
) -> None:
    mu, logvar = posteriors
    axes = principal_axes(mu, logvar)
    reference = PCA().fit(mu).components_
    np.testing.assert_allclose(np.abs(reference @ axes.vectors.T), np.eye(5), atol=1e-4)
    strongest = np.abs(axes.vectors).argmax(axis=1)
    assert (axes.vectors[np.arange(5), strongest] > 0).all()


def test_values_run_evenly_about_the_prior_or_the_data() -> None:
    axes = Axes(np.eye(2, dtype=np.float32), mean=np.array([1.0, -2.0]), std=np.array([0.5, 3.0]))
    np.testing.assert_allclose(axes.values(steps=3, reach=2), [[-2, 0, 2], [-2, 0, 2]])
    found = axes.values(steps=3, reach=2, scale="aggregate")
    np.testing.assert_allclose(found, [[0, 1, 2], [-8, -2, 4]])


@given(seed=st.integers(0, 1000), dim=st.integers(2, 8), steps=st.integers(2, 7))
@settings(max_examples=40, deadline=None)
def test_a_traversal_sets_one_coordinate_and_leaves_the_rest(
    seed: int, dim: int, steps: int
) -> None:
    rng = np.random.default_rng(seed)
    z = rng.normal(size=dim)
    turn = np.linalg.qr(rng.normal(size=(dim, dim)))[0].T  # any orthonormal axes
    values = rng.normal(size=(dim, steps))
    grid = traversal_grid(z, turn, values)
    assert grid.shape == (dim, steps, dim)
    for row in range(dim):
        coordinates = grid[row] @ turn.T
        np.testing.assert_allclose(coordinates[:, row], values[row], atol=1e-5)
        others = np.delete(coordinates, row, axis=1)
        np.testing.assert_allclose(
            others, np.tile(np.delete(turn @ z, row), (steps, 1)), atol=1e-5
        )
        np.testing.assert_array_equal(traverse(z, turn[row], values[row]), grid[row])


def test_a_code_whose_own_value_is_among_the_values_is_met() -> None:
    z = np.array([0.3, -1.2], np.float32)
    np.testing.assert_allclose(traverse(z, [0, 1], [-1.2, 0])[0], z, rtol=1e-6)


def test_correlations_agree_with_scipy_and_skip_the_unknown() -> None:
    rng = np.random.default_rng(2)
    codes = rng.normal(size=(200, 3))
    factors = np.stack([codes[:, 0] + rng.normal(size=200), -codes[:, 1], np.ones(200)], axis=1)
    factors[:40, 0] = np.nan
    found = correlations(codes, factors)
    expected = stats.pearsonr(codes[40:, 0], factors[40:, 0]).statistic
    assert found[0, 0] == pytest.approx(expected, rel=1e-5)
    assert found[1, 1] == pytest.approx(-1)
    assert np.isnan(found[:, 2]).all()  # a constant correlates with nothing


def test_attributes_correlate_by_the_point_biserial() -> None:
    rng = np.random.default_rng(3)
    codes = rng.normal(size=(200, 2))
    has = (codes[:, 0] + rng.normal(size=200) > 0).astype(np.int8)
    has[:30] = -1
    found = correlations(codes, has[:, None])
    expected = stats.pointbiserialr(has[30:], codes[30:, 0]).statistic
    assert found[0, 0] == pytest.approx(expected, rel=1e-5)
    unknown = correlations(codes, np.full((200, 1), -1, np.int8))
    assert np.isnan(unknown).all()


def test_negative_factors_are_values() -> None:
    codes = np.linspace(-1, 1, 50)[:, None]
    assert correlations(codes, codes.copy())[0, 0] == pytest.approx(1)


def test_explained_is_the_share_between_the_groups() -> None:
    """By hand: group means 0, 3 and 3 about 2; between 3 · (4 + 1 + 1), within 3 · 2."""
    codes = np.array([-1, 0, 1, 2, 3, 4, 2, 3, 4], float)[:, None]
    names = np.repeat([0, 1, 2], 3)[:, None]
    assert explained(codes, names)[0, 0] == pytest.approx(18 / 24)
    # Names have no order: another numbering changes nothing, which a correlation cannot say.
    assert explained(codes, (2 * names) % 3)[0, 0] == pytest.approx(18 / 24)


def test_explained_of_two_groups_is_the_squared_correlation() -> None:
    rng = np.random.default_rng(4)
    codes, has = rng.normal(size=(100, 4)), rng.integers(0, 2, size=(100, 1))
    np.testing.assert_allclose(explained(codes, has), correlations(codes, has) ** 2, rtol=1e-6)


def test_explained_follows_a_curve_that_a_correlation_misses() -> None:
    hue = np.random.default_rng(5).uniform(0, 1, size=(3000, 1))
    codes = np.cos(2 * np.pi * hue)
    assert abs(correlations(codes, hue)[0, 0]) < 0.1
    assert explained(codes, hue)[0, 0] > 0.9
    chance = explained(np.random.default_rng(6).normal(size=(3000, 1)), hue)
    assert chance[0, 0] < 0.02
    still = np.full_like(codes, 0.1)
    constant = explained(np.concatenate([codes, still], axis=1), np.ones((3000, 1)))
    np.testing.assert_allclose(constant, [[0.0], [np.nan]], atol=1e-12)
    assert np.isnan(correlations(still, hue)).all()


def test_a_factor_that_is_mostly_absent_is_grouped_too() -> None:
    """More than 12 values of which most are one: equal quantiles are one bound, not an error."""
    rng = np.random.default_rng(7)
    beard = np.where(rng.uniform(size=2000) < 0.65, 0, rng.uniform(0.4, 1, size=2000))
    codes = beard[:, None] + 0.01 * rng.normal(size=(2000, 1))
    assert explained(codes, beard[:, None])[0, 0] > 0.95


@pytest.mark.parametrize(
    ("z", "axis", "values", "message"),
    [
        ([0, 0], [1, 1], [0], r"An axis has length 1\.41421, not 1"),
        ([0, 0], [1, 0, 0], [0], "axes has 3 numbers per row; 2 are needed"),
        ([0, np.nan], [1, 0], [0], "z holds NaN"),
        ([0, 0], [1, 0], [np.inf], "values holds NaN or infinity"),
        ([0, 0], [[1, 0]], [0], r"axis has shape \(1, 2\); give \(D,\)"),
    ],
)
def test_bad_traversals_are_refused(
    z: ArrayLike, axis: ArrayLike, values: ArrayLike, message: str
) -> None:
    with pytest.raises(LatentError, match=message):
        traverse(z, axis, values)


def test_bad_arrays_and_ranges_are_refused(posteriors: tuple[np.ndarray, np.ndarray]) -> None:
    mu, logvar = posteriors
    axes = latent_axes(mu, logvar)
    with pytest.raises(LatentError, match="steps is 1; choose from 2"):
        axes.values(steps=1)
    with pytest.raises(LatentError, match="reach is 0; choose above 0 and up to 10 standard"):
        axes.values(steps=5, reach=0)
    with pytest.raises(LatentError, match="scale is 'data'; choose prior or aggregate"):
        axes.values(steps=5, scale="data")  # type: ignore[arg-type]
    with pytest.raises(LatentError, match=r"mu has shape \(300, 5\) and logvar \(300, 4\)"):
        kl_per_dimension(mu, logvar[:, :4])
    with pytest.raises(LatentError, match="mu has 0 rows; at least 1"):
        kl_per_dimension(mu[:0], logvar[:0])
    with pytest.raises(LatentError, match="mu has 1 rows; at least 2"):
        principal_axes(mu[:1], logvar[:1])
    with pytest.raises(LatentError, match=r"columns has shape \(3, 1\) for 300 codes"):
        correlations(mu, np.ones((3, 1)))
    with pytest.raises(LatentError, match="values has 2 rows for 1 axes"):
        traversal_grid(mu[0], np.eye(5)[:1], np.zeros((2, 3)))


@given(seed=st.integers(0, 1000), offset=st.sampled_from([0.0, 50.0]))
@settings(max_examples=25, deadline=None)
def test_both_figures_agree_with_a_loop_over_the_known_rows(seed: int, offset: float) -> None:
    rng = np.random.default_rng(seed)
    codes = (rng.normal(size=(40, 3)) + offset).astype(np.float32)
    has = rng.integers(-1, 3, size=(40, 2))
    found, share = correlations(codes, has), explained(codes, has)
    for column in range(2):
        rows = has[:, column] >= 0
        for axis in range(3):
            along, group = codes[rows, axis].astype(float), has[rows, column]
            expected = np.corrcoef(along, group)[0, 1]
            assert found[axis, column] == pytest.approx(expected, abs=1e-6)
            means = np.array([along[group == value].mean() for value in group])
            assert share[axis, column] == pytest.approx(means.var() / along.var(), abs=1e-6)
