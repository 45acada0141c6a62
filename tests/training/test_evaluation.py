from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer.training.evaluation import Evaluation, evaluate
from explorer.training.feed import feed_of
from explorer.vae import VAE, ModelConfig, Objective, ObjectiveConfig
from tests.training.runs import CPU, MODEL, make_dataset

COUNT = 150  # more than a batch


def random_model(config: ModelConfig) -> VAE:
    """A network whose codes and pictures differ from one another."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        model = VAE(config).eval()
        for parameter in model.parameters():
            torch.nn.init.normal_(parameter, std=0.1)
    return model


def measured(
    config: ModelConfig = MODEL, *, likelihood: str = "gaussian", seed: int = 0
) -> Evaluation:
    objective = Objective(ObjectiveConfig(likelihood=likelihood))  # type: ignore[arg-type]
    objective.sigma.fill_(0.25)
    feed = feed_of(make_dataset(COUNT), CPU.device)
    model = random_model(config)
    return evaluate(model, objective, feed, np.arange(COUNT), machine=CPU, seed=seed)


@torch.no_grad()
def test_codes_errors_and_rates_by_brute_force() -> None:
    found, model = measured(), random_model(MODEL)
    for row, image in enumerate(make_dataset(COUNT).images[:5]):
        x = torch.from_numpy(image).permute(2, 0, 1)[None] / 255
        posterior = model.encode(x)
        mu, logvar = posterior.mu[0], posterior.logvar[0]
        np.testing.assert_allclose(found.mu[row], mu, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(found.logvar[row], logvar, rtol=1e-4, atol=1e-5)
        error = ((model.decode(mu[None]) - x) ** 2).mean()
        assert found.error[row] == pytest.approx(error.item(), rel=1e-4)
        rate = sum(
            0.5 * (m**2 + np.exp(v) - 1 - v)
            for m, v in zip(mu.tolist(), logvar.tolist(), strict=True)
        )
        assert found.rate[row] == pytest.approx(rate, rel=1e-4)


def test_the_distortion_of_a_plain_autoencoder_follows_from_its_error() -> None:
    found = measured(replace(MODEL, variational=False))
    # Nothing is drawn, so that -log N(x; mean, sigma^2) is known from the squared error.
    expected = MODEL.pixels * (
        found.error / (2 * 0.25**2) + np.log(0.25) + 0.5 * np.log(2 * np.pi)
    )
    np.testing.assert_allclose(found.distortion, expected, rtol=1e-4)
    assert not found.rate.any()


def test_the_distortion_is_at_a_draw_from_the_posterior() -> None:
    found = measured(likelihood="squared")
    at_the_mean = MODEL.pixels * found.error
    assert not np.allclose(found.distortion, at_the_mean, rtol=1e-3)
    np.testing.assert_array_equal(found.distortion, measured(likelihood="squared").distortion)
    other = measured(likelihood="squared", seed=1)
    assert (found.distortion != other.distortion).any()
    np.testing.assert_array_equal(found.mu, other.mu)


def test_only_the_rows_asked_for_in_order_and_counted() -> None:
    whole = measured()
    rows, counted = np.array([140, 3, 77]), []
    objective = Objective(ObjectiveConfig())
    objective.sigma.fill_(0.25)
    feed = feed_of(make_dataset(COUNT), CPU.device)
    model = random_model(MODEL)
    found = evaluate(model, objective, feed, rows, machine=CPU, progress=counted.append)
    np.testing.assert_allclose(found.mu, whole.mu[rows], rtol=1e-4, atol=1e-5)
    assert sum(counted) == 3
    np.testing.assert_array_equal(whole.rows(rows).error, whole.error[rows])


def test_evaluating_does_not_move_sigma_and_training_goes_on() -> None:
    objective = Objective(ObjectiveConfig())
    objective.sigma.fill_(0.25)
    feed = feed_of(make_dataset(COUNT), CPU.device)
    evaluate(random_model(MODEL), objective, feed, np.arange(20), machine=CPU)
    assert objective.sigma.item() == 0.25
    assert objective.training


def test_bf16_is_near() -> None:
    objective = Objective(ObjectiveConfig(likelihood="squared"))
    feed, rows = feed_of(make_dataset(COUNT), CPU.device), np.arange(20)
    machine = replace(CPU, precision="bf16")
    found = evaluate(random_model(MODEL), objective, feed, rows, machine=machine)
    exact = measured(likelihood="squared").rows(rows)
    assert found.mu.dtype == np.float32
    np.testing.assert_allclose(found.error, exact.error, rtol=0.05)


def test_figures_by_brute_force() -> None:
    mu = np.array([[0.0, 1.0, 5.0], [0.1, 3.0, 5.0]], np.float32)
    found = Evaluation(
        mu=mu,
        logvar=np.zeros_like(mu),
        error=np.array([0.01, 0.0], np.float32),
        distortion=np.array([100.0, 300.0], np.float32),
        rate=np.array([7.0, 9.0], np.float32),
    )
    assert found.figures() == pytest.approx(
        {
            "elbo": -208.0,
            "rate": 8.0,
            "distortion": 200.0,
            "psnr": (20 + 100) / 2,  # a perfect picture has 100 dB
            "mse": 0.005,
            "active_units": 1.0,  # variances 0.0025, 1 and 0
        }
    )
