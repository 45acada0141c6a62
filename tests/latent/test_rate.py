from __future__ import annotations

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from explorer.latent.codes import LatentError
from explorer.latent.rate import (
    draw_aggregate,
    log_aggregate,
    moment_gap,
    noise_share,
    posteriors,
    rate_parts,
)
from explorer.latent.traversal import kl_per_dimension


def some_posteriors(count: int, dim: int, *, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, dim)), rng.uniform(-3, 0, (count, dim))


def test_log_density_of_the_aggregate_agrees_with_scipy() -> None:
    mu, logvar = some_posteriors(6, 3)
    z = np.random.default_rng(1).normal(size=(4, 3))
    each = [
        multivariate_normal(m, np.diag(np.exp(v))).logpdf(z)
        for m, v in zip(mu, logvar, strict=True)
    ]
    np.testing.assert_allclose(log_aggregate(z, mu, logvar), logsumexp(each, axis=0) - np.log(6))


def test_the_parts_add_up_to_the_rate() -> None:
    mu, logvar = some_posteriors(3000, 4)
    found = rate_parts(mu, logvar)
    assert found.information + found.marginal == pytest.approx(found.rate, abs=1e-9)
    assert found.rate == pytest.approx(kl_per_dimension(mu, logvar).sum(), rel=0.05)
    assert found.ceiling == pytest.approx(np.log(3000))


@pytest.mark.parametrize("sigma", [0.3, 0.6])
def test_a_gaussian_channel_has_its_known_information(sigma: float) -> None:
    # mu from N(0, 1 - sigma²) with noise sigma: q(z) is the prior, I(x; z) = -log sigma each.
    rng = np.random.default_rng(0)
    mu = np.sqrt(1 - sigma**2) * rng.normal(size=(20_000, 2))
    found = rate_parts(mu, np.full_like(mu, 2 * np.log(sigma)))
    assert found.information == pytest.approx(-2 * np.log(sigma), abs=0.08)
    assert found.marginal == pytest.approx(0, abs=0.03)


def test_posteriors_far_apart_tell_every_picture() -> None:
    mu = 100 * np.eye(8)
    found = rate_parts(mu, np.full((8, 8), -4.0))
    assert found.information == pytest.approx(np.log(8))
    assert found.ceiling == pytest.approx(np.log(8))


def test_collapsed_posteriors_tell_nothing() -> None:
    found = rate_parts(np.zeros((50, 3)), np.zeros((50, 3)))
    assert found.information == pytest.approx(0, abs=1e-9)
    assert found.marginal == pytest.approx(0, abs=1e-9)


def test_a_shifted_aggregate_is_as_far_as_its_kl() -> None:
    # All posteriors are N(2, 1): 2² / 2 nats from the prior, and nothing is told.
    found = rate_parts(np.full((2000, 1), 2.0), np.zeros((2000, 1)))
    assert found.marginal == pytest.approx(2, abs=0.15)
    assert found.information == pytest.approx(0, abs=1e-9)
    assert moment_gap(np.full((9, 1), 2.0), np.zeros((9, 1))) == pytest.approx([2])


def test_moment_gap_and_noise_share_by_the_law_of_total_variance() -> None:
    mu = np.array([[-1.0, 0], [1.0, 0]])
    logvar = np.log(np.array([[1.0, 0.25], [1.0, 0.25]]))
    # Variances 1 + 1 and 0 + 0.25.
    expected = [(2 - 1 - np.log(2)) / 2, (0.25 - 1 - np.log(0.25)) / 2]
    assert moment_gap(mu, logvar) == pytest.approx(expected)
    assert noise_share(mu, logvar) == pytest.approx([0.5, 1])


def test_draws_have_the_aggregates_mean_and_variance() -> None:
    mu, logvar = some_posteriors(40, 2)
    z = draw_aggregate(mu, logvar, 20_000, rng=np.random.default_rng(2))
    np.testing.assert_allclose(z.mean(axis=0), mu.mean(axis=0), atol=0.03)
    variance = mu.var(axis=0) + np.exp(logvar).mean(axis=0)
    np.testing.assert_allclose(z.var(axis=0), variance, rtol=0.03)


def test_bad_posteriors_are_refused() -> None:
    with pytest.raises(LatentError, match=r"mu has shape \(2, 3\) and logvar \(2, 2\)"):
        posteriors(np.zeros((2, 3)), np.zeros((2, 2)))
    with pytest.raises(LatentError, match="mu has 1 rows; at least 2"):
        rate_parts(np.zeros((1, 3)), np.zeros((1, 3)))
