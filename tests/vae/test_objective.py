from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch.distributions import Bernoulli, Normal, kl_divergence

from explorer.vae import (
    LOGVAR_MIN,
    ConfigError,
    Objective,
    ObjectiveConfig,
    Posterior,
    kl_per_dim,
)
from explorer.vae.objective import (
    LOG_SIGMA_MIN,
    bernoulli_distortion,
    free_bits_rate,
    gaussian_distortion,
    squared_distortion,
)

SHAPE = (5, 3, 4, 4)


@pytest.fixture
def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_kl_is_that_of_the_distributions(generator: torch.Generator) -> None:
    mu, logvar = torch.randn(2, 7, 3, generator=generator, dtype=torch.float64)
    expected = kl_divergence(Normal(mu, torch.exp(0.5 * logvar)), Normal(0.0, 1.0))
    torch.testing.assert_close(kl_per_dim(mu, logvar), expected)


def test_kl_of_the_prior_is_zero_and_by_hand_elsewhere() -> None:
    mu, logvar = torch.tensor([[0.0, 2.0, 0.0]]), torch.tensor([[0.0, 0.0, math.log(4.0)]])
    assert kl_per_dim(mu, logvar)[0].tolist() == pytest.approx([0, 2, 0.5 * (3 - math.log(4))])


def test_gaussian_distortion_is_the_log_density(generator: torch.Generator) -> None:
    mean, x = torch.rand(2, *SHAPE, generator=generator, dtype=torch.float64)
    sigma = torch.tensor(0.3, dtype=torch.float64)
    expected = -Normal(mean, sigma).log_prob(x).sum((1, 2, 3))
    torch.testing.assert_close(gaussian_distortion(mean, x, sigma), expected)


def test_bernoulli_distortion_is_the_log_probability(generator: torch.Generator) -> None:
    logits = 4 * torch.randn(SHAPE, generator=generator, dtype=torch.float64)
    x = (torch.rand(SHAPE, generator=generator) < 0.5).double()
    expected = -Bernoulli(logits=logits).log_prob(x).sum((1, 2, 3))
    torch.testing.assert_close(bernoulli_distortion(logits, x), expected)


def test_bernoulli_distortion_of_grey_pixels_is_the_cross_entropy() -> None:
    x, probability = torch.full((1, 1, 1, 1), 0.25), torch.tensor(0.4)
    logits = torch.logit(probability).expand(1, 1, 1, 1)
    expected = -(0.25 * math.log(0.4) + 0.75 * math.log(0.6))
    assert bernoulli_distortion(logits, x).item() == pytest.approx(expected)


def test_bernoulli_distortion_of_huge_logits_is_finite() -> None:
    logits, x = torch.full((1, 1, 2, 1), 1e4), torch.tensor([0.0, 1.0]).view(1, 1, 2, 1)
    assert bernoulli_distortion(logits, x).item() == 1e4


def test_squared_distortion_is_a_sum_over_pixels() -> None:
    x = torch.tensor([0.0, 0.5, 1.0, 0.0]).view(1, 1, 2, 2)
    mean = torch.tensor([0.5, 0.5, 0.0, 2.0]).view(1, 1, 2, 2)
    assert squared_distortion(mean, x).tolist() == [0.25 + 0 + 1 + 4]


@pytest.mark.parametrize("threshold", [0.0, 0.3, 10.0])
def test_free_bits_against_a_loop(threshold: float, generator: torch.Generator) -> None:
    kl = torch.rand(6, 4, generator=generator)
    expected = sum(max(threshold, sum(float(kl[n, d]) for n in range(6)) / 6) for d in range(4))
    assert free_bits_rate(kl, threshold).item() == pytest.approx(expected, rel=1e-5)


def test_free_bits_leave_no_gradient_below_the_threshold() -> None:
    kl = torch.tensor([[0.1, 2.0], [0.3, 4.0]], requires_grad=True)
    free_bits_rate(kl, 0.5).backward()
    assert kl.grad is not None
    assert kl.grad.tolist() == [[0.0, 0.5], [0.0, 0.5]]


def test_loss_is_distortion_plus_beta_times_rate(generator: torch.Generator) -> None:
    objective = Objective(ObjectiveConfig(beta=3.0, likelihood="squared"))
    mean, x = torch.rand(2, *SHAPE, generator=generator)
    posterior = Posterior(*torch.randn(2, 5, 2, generator=generator))
    terms = objective(torch.logit(mean), x, posterior)
    distortion = squared_distortion(mean, x).mean()
    rate = kl_per_dim(posterior.mu, posterior.logvar).sum(1).mean()
    torch.testing.assert_close(objective.loss(terms, 1.0), distortion + 3 * rate)
    torch.testing.assert_close(objective.loss(terms, 0.5), distortion + 1.5 * rate)
    torch.testing.assert_close(terms.elbo, -terms.distortion - terms.rate)
    assert terms.rate.shape == terms.elbo.shape == (5,)


def test_a_plain_autoencoder_has_rate_0() -> None:
    mu = torch.full((4, 2), 9.0, requires_grad=True)
    point = Posterior(mu, torch.full((4, 2), LOGVAR_MIN), is_point=True)
    objective = Objective(ObjectiveConfig(beta=10.0, likelihood="squared"))
    logits = torch.randn(4, 1, 2, 2, generator=torch.Generator().manual_seed(0))
    terms = objective(logits, torch.sigmoid(logits), point)
    assert terms.rate.tolist() == [0.0] * 4
    assert objective.loss(terms, 1.0).item() == 0


def test_the_first_batch_calibrates_sigma_alone() -> None:
    objective = Objective(ObjectiveConfig())
    objective.calibrate(torch.tensor(0.04))
    assert objective.sigma.item() == pytest.approx(0.2)
    objective.calibrate(torch.tensor(0.01))
    assert objective.sigma.item() == pytest.approx(math.sqrt(0.99 * 0.04 + 0.01 * 0.01))


def test_sigma_converges_to_the_root_mean_square_error(generator: torch.Generator) -> None:
    objective = Objective(ObjectiveConfig())
    x = torch.full((64, 1, 8, 8), 0.5)
    objective.distortion(torch.logit(x + 0.4), x)  # a bad start is forgotten
    for _ in range(1500):
        error = 0.2 * (torch.rand(x.shape, generator=generator) - 0.5)
        objective.distortion(torch.logit(x + error), x)
    assert objective.sigma.item() == pytest.approx(0.2 / math.sqrt(12), rel=0.01)


def test_the_calibrated_sigma_is_the_best_one(generator: torch.Generator) -> None:
    mean, x = torch.rand(2, *SHAPE, generator=generator)
    objective = Objective(ObjectiveConfig())
    best = objective.distortion(torch.logit(mean), x).sum()
    for factor in (0.97, 1.03):
        assert gaussian_distortion(mean, x, factor * objective.sigma).sum() > best


def test_sigma_is_frozen_in_evaluation_and_kept_in_the_state() -> None:
    objective = Objective(ObjectiveConfig())
    x = torch.zeros(2, 1, 2, 2)
    objective.distortion(torch.logit(x + 0.3), x)
    objective.eval()
    objective.distortion(torch.logit(x + 0.9), x)
    assert objective.sigma.item() == pytest.approx(0.3)
    other = Objective(ObjectiveConfig())
    other.load_state_dict(objective.state_dict())
    assert torch.equal(other.sigma, objective.sigma)


def test_a_perfect_picture_does_not_make_the_loss_explode() -> None:
    objective = Objective(ObjectiveConfig())
    logits = torch.zeros(2, 1, 2, 2)
    assert torch.isfinite(objective.distortion(logits, torch.sigmoid(logits))).all()
    assert objective.sigma.item() == pytest.approx(math.exp(LOG_SIGMA_MIN))


def test_no_gradient_flows_through_sigma(generator: torch.Generator) -> None:
    logits = torch.randn(SHAPE, generator=generator).requires_grad_()
    x = torch.rand(SHAPE, generator=generator)
    objective = Objective(ObjectiveConfig())
    objective.distortion(logits, x).sum().backward()
    mean = torch.sigmoid(logits.detach())
    expected = (mean - x) * mean * (1 - mean) / objective.sigma**2
    assert logits.grad is not None
    torch.testing.assert_close(logits.grad, expected)


@torch.no_grad()
@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian", "squared"])
def test_the_likelihood_that_was_asked_for(likelihood: Any, generator: torch.Generator) -> None:
    logits = torch.randn(SHAPE, generator=generator)
    x, mean = torch.rand(SHAPE, generator=generator), torch.sigmoid(logits)
    objective = Objective(ObjectiveConfig(likelihood=likelihood))
    objective.sigma.fill_(0.2)
    expected = {
        "bernoulli": bernoulli_distortion(logits, x),
        "gaussian": gaussian_distortion(mean, x, torch.tensor(0.2)),
        "squared": squared_distortion(mean, x),
    }
    torch.testing.assert_close(objective.eval().distortion(logits, x), expected[likelihood])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"beta": -1.0}, "beta is -1.0; choose 0 (no KL term) or more."),
        ({"beta": math.nan}, "beta is nan; choose 0 (no KL term) or more."),
        ({"beta": math.inf}, "beta is inf; choose 0 (no KL term) or more."),
        (
            {"likelihood": "laplace"},
            "likelihood is 'laplace'; choose one of bernoulli, gaussian, squared.",
        ),
        ({"free_bits": -0.1}, "free_bits is -0.1; choose 0 nats or more."),
        ({"free_bits": math.nan}, "free_bits is nan; choose 0 nats or more."),
    ],
)
def test_what_means_nothing_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ObjectiveConfig(**change)
    assert str(caught.value) == sentence
