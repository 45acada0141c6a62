from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi

from explorer.latent.diagnosis import Figures, Setup, diagnose, drift, radius_gap

DIM = 4
SIGMA = 0.3


def draw(z: np.ndarray) -> np.ndarray:
    """Pictures 2 x 2, a pixel for each number of the code."""
    return np.clip(128 + 32 * z, 0, 255).round().astype(np.uint8).reshape(-1, 2, 2, 1)


def read(pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mu = ((pictures.reshape(len(pictures), -1) - 128.0) / 32).astype(np.float32)
    return mu, np.full_like(mu, 2 * np.log(SIGMA))


def ideal(count: int = 1500, **changes: object) -> Figures:
    """A model whose aggregate posterior is the prior, with an exact encoder."""
    rng = np.random.default_rng(0)
    mu = (np.sqrt(1 - SIGMA**2) * rng.normal(size=(count, DIM))).astype(np.float32)
    given = {
        "mu": mu,
        "logvar": np.full_like(mu, 2 * np.log(SIGMA)),
        "split": np.arange(count) % 5 == 0,
        "decode": draw,
        "encode": read,
        "error": np.full(count, 0.001),
        "setup": Setup(DIM, psnr=30, train_psnr=30.5),
    }
    return diagnose(**given | changes)  # type: ignore[arg-type]


def test_an_ideal_model_has_the_figures_of_one() -> None:
    found = ideal()
    assert found.active == DIM
    assert found.kl_per_active == pytest.approx(-np.log(SIGMA), abs=0.1)
    assert found.parts.marginal == pytest.approx(0, abs=0.5)
    assert found.moment_gap == pytest.approx(np.zeros(DIM), abs=0.01)
    assert found.noise_share == pytest.approx(np.full(DIM, SIGMA**2), abs=0.01)
    assert found.sensitivity == pytest.approx(np.full(DIM, 32 / 4), abs=0.5)
    assert found.radius_gap < 0.05
    assert found.prior.near > 0.8
    assert found.data.near > 0.8
    assert found.prior.drift < 0.1  # the decoder adds no noise, and the encoder reads it exactly
    assert found.way.change > 20
    assert found.copied < 0.1
    assert found.likeness == pytest.approx(1, abs=0.3)
    assert found.setup.psnr_gap == pytest.approx(0.5)


def test_a_deaf_decoder_is_seen() -> None:
    found = ideal(decode=lambda z: draw(np.zeros_like(z)))
    assert found.way.change == 0
    assert found.sensitivity.tolist() == [0] * DIM
    assert found.prior.variety == 0
    assert found.unexplained == 1


def test_a_prior_that_misses_the_data_is_seen() -> None:
    rng = np.random.default_rng(0)
    mu = rng.normal(size=(1000, DIM)) * 0.1 + 3
    found = ideal(1000, mu=mu, logvar=np.full_like(mu, -6.0))
    assert found.prior.near == 0
    assert found.prior_codes.near == 0
    assert found.radius_gap > 0.9
    assert found.moment_gap.mean() > 1


def test_progress_rises_to_the_end_and_a_seed_repeats_itself() -> None:
    told: list[float] = []
    first = ideal(300, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    again, other = ideal(300), ideal(300, seed=1)
    assert first.parts == again.parts != other.parts
    assert first.prior.drift == again.prior.drift != other.prior.drift


def test_drift_is_one_for_draws_from_the_posterior() -> None:
    rng = np.random.default_rng(0)
    mu, logvar = rng.normal(size=(50, 400)), rng.uniform(-4, 1, (50, 400))
    z = mu + np.exp(logvar / 2) * rng.normal(size=mu.shape)
    assert drift(z, mu, logvar) == pytest.approx(np.ones(50), abs=0.15)
    assert drift([[3.0, 0]], [[0.0, 4]], np.log([[1.0, 4]])) == pytest.approx([np.sqrt(6.5)])


def test_radius_gap_is_small_for_the_prior_and_one_far_away() -> None:
    rng = np.random.default_rng(0)
    assert radius_gap(np.linalg.norm(rng.normal(size=(4000, 16)), axis=1), dim=16) < 0.03
    assert radius_gap(np.full(10, 40.0), dim=16) == pytest.approx(1)
    assert radius_gap([chi(16).median()] * 9, dim=16) == pytest.approx(0.5)
