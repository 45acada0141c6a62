from __future__ import annotations

import numpy as np
import pytest

from explorer.latent.codes import LatentError
from explorer.latent.factor_votes import factor_vae
from tests.latent.factor_data import mixed_factors, noise, perfect_codes, turned_codes


def test_one_dimension_a_factor_is_always_right() -> None:
    factors = mixed_factors()
    assert factor_vae(perfect_codes(factors), factors, votes=1000) == 1


def test_spare_and_collapsed_dimensions_do_no_harm() -> None:
    factors = mixed_factors()
    spare = np.random.default_rng(2).normal(size=(len(factors), 3)) * [1, 1, 0.001]
    codes = np.hstack([perfect_codes(factors), spare])
    assert factor_vae(codes, factors, votes=1000) == 1


def test_senseless_codes_guess() -> None:
    factors = mixed_factors()
    assert factor_vae(noise(factors), factors, votes=4000) == pytest.approx(1 / 4, abs=0.05)


def test_turned_codes_hardly_do_better() -> None:
    factors = mixed_factors()
    # Held in one factor, all dimensions vary alike.
    assert factor_vae(turned_codes(factors[:, :2]), factors[:, :2]) == pytest.approx(0.5, abs=0.1)
    assert factor_vae(turned_codes(factors), factors) < 0.5


def test_two_votes_by_hand() -> None:
    # Dimension 0 holds both coins: it names one of them, right every second time.
    rng = np.random.default_rng(0)
    coins = rng.integers(0, 2, (2000, 2)).astype(float)
    codes = np.column_stack([coins[:, 0] + 2 * coins[:, 1]])
    assert factor_vae(codes, coins, votes=4000) == pytest.approx(0.5, abs=0.03)


def test_collapsed_codes_score_nothing() -> None:
    assert factor_vae(np.zeros((200, 3)), mixed_factors(200)) == 0


def test_a_seed_repeats_itself_and_votes_are_needed() -> None:
    factors = mixed_factors(300)
    codes = turned_codes(factors)
    assert factor_vae(codes, factors, seed=3) == factor_vae(codes, factors, seed=3)
    with pytest.raises(LatentError, match="votes is 0; choose at least 1"):
        factor_vae(codes, factors, votes=0)
