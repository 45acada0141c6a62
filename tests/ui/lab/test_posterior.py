from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import explorer
from explorer.ui import faces
from explorer.ui.lab.posterior import Posterior, posterior_of
from tests.bundles import make_bundle


def test_what_a_number_tells_is_its_kl() -> None:
    same = Posterior(np.zeros(1, np.float32), np.ones(1, np.float32))
    assert same.kl == pytest.approx(0)
    other = Posterior(np.array([1, 0], np.float32), np.array([1, np.e], np.float32))
    assert other.kl == pytest.approx([0.5, (np.e**2 - 3) / 2])


def test_draws_have_the_posteriors_mean_and_spread() -> None:
    mu, sigma = np.array([2, -1], np.float32), np.array([0.5, 0.1], np.float32)
    posterior = Posterior(mu, sigma)
    found = posterior.draw(20_000, width=2, seed=1)
    np.testing.assert_allclose(found.mean(axis=0), mu, atol=0.03)
    np.testing.assert_allclose(found.std(axis=0), 2 * sigma, rtol=0.03)
    np.testing.assert_array_equal(posterior.draw(3, width=0), [mu] * 3)
    np.testing.assert_array_equal(posterior.draw(3, seed=5), posterior.draw(3, seed=5))


def test_a_picture_of_the_data_has_the_posterior_that_is_stored(tmp_path: Path) -> None:
    bundle = explorer.load(make_bundle(tmp_path / "tiny"))
    found = posterior_of(faces.of_row(7, bundle), bundle)
    np.testing.assert_allclose(found.mu, bundle.latents.mu[7])
    np.testing.assert_allclose(found.sigma, np.exp(-1), rtol=1e-3)  # logvar is -2 throughout
    (sample,) = faces.of_codes(np.ones((1, 8), np.float32), bundle, titles=["x"])
    encoded = posterior_of(sample, bundle)
    np.testing.assert_allclose(encoded.mu, bundle.encode(sample.image[None])[0][0])
