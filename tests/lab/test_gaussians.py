from __future__ import annotations

import math

import pytest
import torch
from torch.distributions import Normal, kl_divergence

from explorer.lab.gaussians import kl_parts


@pytest.mark.parametrize("mu", [-3.0, -0.5, 0.0, 1.0, 4.0])
@pytest.mark.parametrize("sigma", [0.05, 0.5, 1.0, 3.0])
def test_the_sum_is_the_divergence_torch_computes(mu: float, sigma: float) -> None:
    place, spread = (torch.tensor(value, dtype=torch.float64) for value in (mu, sigma))
    prior = Normal(torch.zeros_like(place), torch.ones_like(place))
    expected = float(kl_divergence(Normal(place, spread), prior))
    assert kl_parts(mu, sigma).total == pytest.approx(expected, abs=1e-12)


def test_the_prior_itself_costs_nothing() -> None:
    parts = kl_parts(0, 1)
    assert (parts.place, parts.width, parts.total) == (0, 0, 0)


def test_place_and_width_are_paid_for_apart() -> None:
    assert kl_parts(2, 1).width == 0
    assert kl_parts(2, 1).place == 2
    assert kl_parts(0, math.e).place == 0
    assert kl_parts(0, math.e).width == pytest.approx((math.e**2 - 3) / 2)
    assert kl_parts(-2, 0.3).place == kl_parts(2, 3).place


@pytest.mark.parametrize(("mu", "sigma"), [(0, 0), (0, -1), (math.inf, 1), (0, math.nan)])
def test_what_is_no_gaussian_is_refused(mu: float, sigma: float) -> None:
    with pytest.raises(ValueError, match=f"mu is {mu} and sigma {sigma}; .* sigma above 0"):
        kl_parts(mu, sigma)
