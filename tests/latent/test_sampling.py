from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from torch.distributions import Categorical, MixtureSameFamily, MultivariateNormal

from explorer.latent import sampling
from explorer.latent.codes import LatentError
from explorer.latent.sampling import (
    Mixture,
    fit_mixture,
    require_seed,
    sample_prior,
    shrink,
    standard_noise,
)


def make_mixture(count: int = 3, dim: int = 4, seed: int = 0) -> Mixture:
    rng = np.random.default_rng(seed)
    roots = np.tril(rng.normal(size=(count, dim, dim)) * 0.3)
    roots[:, np.arange(dim), np.arange(dim)] = rng.uniform(0.3, 1, size=(count, dim))
    weights = rng.dirichlet(np.ones(count) * 5)
    means = 2 * rng.normal(size=(count, dim))
    return Mixture(*(array.astype(np.float32) for array in (weights, means, roots)))


@pytest.fixture(scope="module")
def two_clouds() -> np.ndarray:
    """One cloud stretched along an oblique axis about (4, 4, 0), a round one about (-4, 0, 0)."""
    rng = np.random.default_rng(5)
    stretched = rng.normal(size=(900, 3)) @ np.diag([2, 0.5, 0.5]) @ _turn(0.6) + [4, 4, 0]
    return np.vstack([stretched, 0.5 * rng.normal(size=(300, 3)) - [4, 0, 0]])


def _turn(angle: float) -> np.ndarray:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])


@pytest.mark.parametrize(("count", "dim"), [(1, 1), (3, 4), (5, 32)])
def test_log_prob_agrees_with_torch(count: int, dim: int) -> None:
    mixture = make_mixture(count, dim, seed=count)
    tensors = {k: torch.from_numpy(v).double() for k, v in mixture.to_arrays().items()}
    reference = MixtureSameFamily(
        Categorical(tensors["weights"]),
        MultivariateNormal(tensors["means"], scale_tril=tensors["cholesky"]),
    )
    z = np.random.default_rng(1).normal(size=(20, dim)).astype(np.float32)
    expected = reference.log_prob(torch.from_numpy(z).double()).numpy()
    np.testing.assert_allclose(mixture.log_prob(z), expected, rtol=1e-5, atol=1e-5)


def test_log_prob_far_away_is_a_number() -> None:
    far = make_mixture().log_prob(np.full((1, 4), 1e4))
    assert np.isfinite(far).all()
    assert far[0] < -1e6


def test_samples_have_the_moments_of_the_mixture() -> None:
    mixture = make_mixture()
    z = mixture.sample(200_000, rng=np.random.default_rng(0)).astype(np.float64)
    weights, means = mixture.weights.astype(float), mixture.means.astype(float)
    mean = weights @ means
    second = mixture.cholesky @ mixture.cholesky.transpose(0, 2, 1)
    second = second + means[:, :, None] * means[:, None, :]
    covariance = np.einsum("k,kij->ij", weights, second) - np.outer(mean, mean)
    assert z.shape == (200_000, 4)
    np.testing.assert_allclose(z.mean(axis=0), mean, atol=0.02)
    np.testing.assert_allclose(np.cov(z.T), covariance, atol=0.04)


def test_temperature_scales_the_standard_deviations_about_the_means() -> None:
    one = make_mixture(count=1)
    warm = one.sample(1000, temperature=1.0, rng=np.random.default_rng(3))
    cool = one.sample(1000, temperature=0.5, rng=np.random.default_rng(3))
    np.testing.assert_allclose(cool - one.means[0], 0.5 * (warm - one.means[0]), atol=1e-5)
    many = make_mixture(count=3)
    frozen = many.sample(100, temperature=0, rng=np.random.default_rng(0))
    assert {tuple(row) for row in frozen} == {tuple(row) for row in many.means}


def test_the_same_generator_draws_the_same_codes() -> None:
    draws = [make_mixture().sample(5, rng=np.random.default_rng(8)) for _ in range(2)]
    np.testing.assert_array_equal(*draws)
    assert draws[0].dtype == np.float32
    assert make_mixture().sample(0, rng=np.random.default_rng(8)).shape == (0, 4)


def test_a_fit_finds_two_clouds(two_clouds: np.ndarray) -> None:
    mixture = fit_mixture(two_clouds, components=2)
    big = int(mixture.weights.argmax())
    assert mixture.weights[big] == pytest.approx(0.75, abs=0.02)
    np.testing.assert_allclose(mixture.means[big], [4, 4, 0], atol=0.2)
    covariance = mixture.cholesky[big] @ mixture.cholesky[big].T
    expected = _turn(0.6).T @ np.diag([4, 0.25, 0.25]) @ _turn(0.6)
    np.testing.assert_allclose(covariance, expected, atol=0.35)
    other = mixture.cholesky[1 - big] @ mixture.cholesky[1 - big].T
    np.testing.assert_allclose(other, 0.25 * np.eye(3), atol=0.15)


def test_a_fit_is_repeatable_and_survives_the_bundle(two_clouds: np.ndarray) -> None:
    one, other = (fit_mixture(two_clouds, components=3, seed=4) for _ in range(2))
    again = Mixture.from_arrays(one.to_arrays())
    for name, array in one.to_arrays().items():
        np.testing.assert_array_equal(array, other.to_arrays()[name])
        np.testing.assert_array_equal(array, again.to_arrays()[name])


def test_shrinking_keeps_variances_on_average_and_damps_the_rest() -> None:
    covariances = np.array([[[2.0, 1.0], [1.0, 1.0]], [[4.0, 0.0], [0.0, 3.0]]])
    counts = np.array([12.0, 4.0])
    drawn = shrink(covariances, counts=counts)
    # S = diag(0.75 * 2 + 0.25 * 4, 0.75 * 1 + 0.25 * 3) = diag(2.5, 1.5), worth 2 D = 4 examples.
    np.testing.assert_allclose(drawn[0], [[(24 + 10) / 16, 12 / 16], [12 / 16, (12 + 6) / 16]])
    np.testing.assert_allclose(drawn[1], [[(16 + 10) / 8, 0], [0, (12 + 6) / 8]])
    np.testing.assert_allclose(shrink(covariances, counts=1e9 * counts), covariances, rtol=1e-6)


def test_with_few_codes_shrinking_predicts_unseen_ones_better() -> None:
    rng = np.random.default_rng(0)
    scale = np.linspace(0.2, 2, 30)
    train, unseen = rng.normal(size=(60, 30)) * scale, rng.normal(size=(500, 30)) * scale
    ours = fit_mixture(train, components=10).log_prob(unseen).mean()
    truth = -0.5 * (np.square(unseen / scale).sum(axis=1) + 2 * np.log(scale).sum()).mean()
    truth -= 15 * np.log(2 * np.pi)
    centred = train - train.mean(axis=0)
    plain = np.linalg.cholesky(centred.T @ centred / 60).astype(np.float32)
    single = Mixture(
        np.ones(1, np.float32), train.mean(axis=0, keepdims=True).astype(np.float32), plain[None]
    )
    assert truth - ours < 0.5 * (truth - single.log_prob(unseen).mean())


@pytest.mark.parametrize("count", [2, 9, 35])
@pytest.mark.parametrize("spread", [0.0, 1e-4, 1.0])
def test_few_and_collapsed_codes_still_make_a_mixture(count: int, spread: float) -> None:
    codes = 1 + spread * np.random.default_rng(0).normal(size=(count, 16))
    mixture = fit_mixture(codes)
    assert len(mixture.weights) == max(1, count // 10)
    drawn = mixture.sample(50, rng=np.random.default_rng(0))
    assert np.abs(drawn - 1).max() < 10 * spread + 1e-2
    assert np.isfinite(mixture.log_prob(drawn)).all()


def test_only_a_subset_of_many_codes_is_fitted(
    two_clouds: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "MAX_FIT", 400)
    mixture = fit_mixture(two_clouds, components=2)
    assert mixture.weights.max() == pytest.approx(0.75, abs=0.06)  # from both clouds


def test_prior_samples_are_standard_normal() -> None:
    rng = np.random.default_rng(0)
    z = sample_prior(50_000, dim=3, temperature=0.5, rng=rng)
    assert z.dtype == np.float32
    np.testing.assert_allclose(np.cov(z.T), 0.25 * np.eye(3), atol=0.01)
    assert not sample_prior(4, dim=2, temperature=0, rng=rng).any()


def test_bad_requests_are_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(LatentError, match=r"temperature is -0\.5; choose 0"):
        sample_prior(1, dim=2, temperature=-0.5, rng=rng)
    with pytest.raises(LatentError, match="temperature is nan"):
        make_mixture().sample(1, temperature=float("nan"), rng=rng)
    with pytest.raises(LatentError, match="n is -1; ask for 0 codes or more"):
        make_mixture().sample(-1, rng=rng)
    with pytest.raises(LatentError, match="dim is 0"):
        sample_prior(1, dim=0, rng=rng)
    with pytest.raises(LatentError, match="components is 0"):
        fit_mixture(np.zeros((50, 2)), components=0)
    with pytest.raises(LatentError, match="mu has 1 rows; at least 2"):
        fit_mixture(np.zeros((1, 2)))
    with pytest.raises(LatentError, match="mu holds NaN"):
        fit_mixture(np.full((50, 2), np.nan))
    with pytest.raises(LatentError, match="z has 3 numbers per row; 4 are needed"):
        make_mixture().log_prob(np.zeros((1, 3)))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("weights", np.ones(3, np.float32), "must be positive with sum 1"),
        ("weights", np.array([1.5, -0.5, 0], np.float32), "must be positive with sum 1"),
        ("weights", np.full(2, 0.5, np.float32), r"needs weights \(3,\)"),
        ("cholesky", np.zeros((3, 4, 4), np.float32), "diagonals of cholesky must be positive"),
    ],
)
def test_arrays_that_are_no_mixture_are_refused(
    name: str, value: np.ndarray, message: str
) -> None:
    with pytest.raises(LatentError, match=message):
        Mixture.from_arrays({**make_mixture().to_arrays(), name: value})


@given(seed=st.integers(0, 1000), truncation=st.floats(0.01, 4), temperature=st.floats(0, 2))
@settings(max_examples=40, deadline=None)
def test_truncated_samples_stay_within_the_bound(
    seed: int, truncation: float, temperature: float
) -> None:
    rng = np.random.default_rng(seed)
    z = sample_prior(50, dim=3, temperature=temperature, truncation=truncation, rng=rng)
    assert np.abs(z).max() <= temperature * truncation * (1 + 1e-6)


@pytest.mark.parametrize("truncation", [0.1, 1.0, 2.5])
def test_truncated_noise_is_what_redrawing_gives(truncation: float) -> None:
    drawn = standard_noise(20_000, dim=1, truncation=truncation, rng=np.random.default_rng(0))
    reference = stats.truncnorm(-truncation, truncation)
    assert stats.kstest(drawn[:, 0], reference.cdf).pvalue > 0.01
    rng = np.random.default_rng(1)
    redrawn = rng.standard_normal(400_000)
    redrawn = redrawn[np.abs(redrawn) <= truncation][:20_000]  # Brock et al., to the letter
    assert stats.ks_2samp(drawn[:, 0], redrawn).pvalue > 0.01


def test_without_a_bound_the_seeds_give_what_they_gave() -> None:
    plain = np.random.default_rng(4).standard_normal(size=(5, 3), dtype=np.float32)
    np.testing.assert_array_equal(sample_prior(5, dim=3, rng=np.random.default_rng(4)), plain)


def test_a_truncated_mixture_stays_near_its_means() -> None:
    mixture = make_mixture(count=1)
    drawn = mixture.sample(500, truncation=0.5, rng=np.random.default_rng(0))
    white = np.linalg.solve(mixture.cholesky[0], (drawn - mixture.means[0]).T)
    assert np.abs(white).max() == pytest.approx(0.5, abs=0.01)


def test_one_component_is_the_maximum_likelihood_gaussian() -> None:
    """Known answer: with many codes, mean and covariance are those of the codes."""
    rng = np.random.default_rng(2)
    root = np.tril(rng.normal(size=(5, 5))) + 2 * np.eye(5)
    codes = rng.normal(size=(20_000, 5)) @ root.T + 3
    mixture = fit_mixture(codes, components=1)
    np.testing.assert_allclose(mixture.means[0], codes.mean(axis=0), atol=1e-4)
    covariance = mixture.cholesky[0] @ mixture.cholesky[0].T
    np.testing.assert_allclose(covariance, np.cov(codes.T), rtol=0.01, atol=0.02)


def test_a_mixture_remembers_whether_its_fit_settled(
    two_clouds: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled = fit_mixture(two_clouds, components=2)
    assert settled.converged is True
    monkeypatch.setattr(sampling, "MAX_STEPS", 1)
    stopped = fit_mixture(np.random.default_rng(0).normal(size=(400, 6)), components=8)
    assert stopped.converged is False
    for mixture in (settled, stopped):
        assert Mixture.from_arrays(mixture.to_arrays()).converged is mixture.converged
    drawn = stopped.sample(20, rng=np.random.default_rng(0))
    assert np.isfinite(stopped.log_prob(drawn)).all()


def test_an_older_mixture_does_not_say_whether_it_settled() -> None:
    mixture = make_mixture()
    assert "converged" not in mixture.to_arrays()
    assert Mixture.from_arrays(mixture.to_arrays()).converged is None


def test_codes_of_two_values_make_components_that_are_equal() -> None:
    codes = np.repeat([[0.0, 0.0], [5.0, 5.0]], 50, axis=0)
    mixture = fit_mixture(codes, components=10)
    drawn = mixture.sample(200, rng=np.random.default_rng(0))
    near = np.minimum(np.abs(drawn), np.abs(drawn - 5)).max(axis=1)
    assert np.quantile(near, 0.9) < 1


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1, np.int64(5)])
def test_a_seed_is_a_whole_number_that_every_generator_takes(seed: int) -> None:
    assert require_seed(seed) == int(seed)
    np.random.default_rng(require_seed(seed))


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, True, "7", None])
def test_other_seeds_are_refused(seed: object) -> None:
    with pytest.raises(LatentError, match=r"choose a whole number from 0 to 4,294,967,295"):
        require_seed(seed)


@pytest.mark.parametrize("truncation", [0, -1, float("nan")])
def test_a_truncation_of_nothing_is_refused(truncation: float) -> None:
    rng = np.random.default_rng(0)
    for draw in (make_mixture().sample, partial(sample_prior, dim=2)):
        with pytest.raises(LatentError, match=r"truncation is .*; choose above 0; 2 is usual"):
            draw(3, truncation=truncation, rng=rng)
