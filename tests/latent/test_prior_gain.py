from __future__ import annotations

import numpy as np
import pytest

from explorer.latent import LatentError, Mixture
from explorer.latent.prior_gain import mixture_gain, widened

RNG = np.random.default_rng(0)
NOISE = 0.25  # variance of every posterior


def mixture(mean: tuple[float, float], variance: float) -> Mixture:
    factor = np.sqrt(variance) * np.eye(2)
    return Mixture(
        np.ones(1, np.float32),
        np.array([mean], np.float32),
        factor[None].astype(np.float32),
    )


def codes(mean: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Posteriors whose aggregate is N(mean, I)."""
    mu = RNG.normal(size=(20_000, 2)) * np.sqrt(1 - NOISE) + mean
    return mu, np.full_like(mu, np.log(NOISE))


def test_where_the_aggregate_is_the_prior_nothing_is_gained() -> None:
    gain = mixture_gain(mixture((0, 0), 1 - NOISE), *codes((0, 0)))
    assert gain == pytest.approx(0, abs=1e-5)


def test_a_shifted_aggregate_gains_half_its_squared_distance() -> None:
    """KL(N(m, I) || N(0, I)) = |m|² / 2."""
    gain = mixture_gain(mixture((3, 4), 1 - NOISE), *codes((3, 4)))
    assert gain == pytest.approx(12.5, abs=0.3)


def test_a_mixture_of_other_codes_loses() -> None:
    assert mixture_gain(mixture((9, 0), 1 - NOISE), *codes((0, 0))) < -30


def test_widening_adds_variances() -> None:
    wide = widened(mixture((1, 2), 4), [5, 12])
    np.testing.assert_allclose(wide.cholesky[0], [[3, 0], [0, 4]])


def test_codes_of_another_length_are_refused() -> None:
    with pytest.raises(LatentError, match="3 dimensions, the mixture 2"):
        mixture_gain(mixture((0, 0), 1), np.zeros((5, 3)), np.zeros((5, 3)))
