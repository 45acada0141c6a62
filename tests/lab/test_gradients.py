from __future__ import annotations

import numpy as np
import pytest

from explorer.lab.errors import LabError
from explorer.lab.gradients import SQUARE, STEP, TARGETS, WAVE, estimate

MU, SIGMA = 0.7, 0.5


@pytest.mark.parametrize("name", TARGETS)
def test_the_exact_gradient_is_that_of_the_mean(name: str) -> None:
    # Gauss-Hermite would miss the step; a fine grid does not.
    z = np.linspace(-8, 8, 400_001)

    def mean(mu: float) -> float:
        density = np.exp(-(((z - mu) / SIGMA) ** 2) / 2) / (SIGMA * np.sqrt(2 * np.pi))
        return float((TARGETS[name].value(z) * density).sum() * (z[1] - z[0]))

    wanted = (mean(MU + 1e-3) - mean(MU - 1e-3)) / 2e-3
    assert TARGETS[name].gradient(MU, SIGMA) == pytest.approx(wanted, abs=1e-4)


@pytest.mark.parametrize("name", [SQUARE, WAVE])
def test_both_estimates_are_right_on_average(name: str) -> None:
    found = estimate(name, mu=MU, sigma=SIGMA, draws=100)
    for estimates in (found.pathwise, found.score):
        error = estimates.std() / np.sqrt(len(estimates))
        assert abs(estimates.mean() - found.exact) < 4 * error


def test_the_spreads_of_the_square_are_known() -> None:
    # Var 2z = 4 sigma²; Var[z² eps / sigma] = mu⁴/sigma² + 18 mu² + 15 sigma² - 4 mu².
    found = estimate(SQUARE, mu=MU, sigma=SIGMA, draws=10)
    assert found.pathwise.var() == pytest.approx(4 * SIGMA**2 / 10, rel=0.1)
    score = MU**4 / SIGMA**2 + 14 * MU**2 + 15 * SIGMA**2
    assert found.score.var() == pytest.approx(score / 10, rel=0.1)
    assert found.times_as_many == pytest.approx(score / (4 * SIGMA**2), rel=0.15)


def test_of_a_step_the_trick_sees_nothing() -> None:
    found = estimate(STEP, mu=MU, sigma=SIGMA, draws=100)
    assert not found.pathwise.any()
    assert found.score.mean() == pytest.approx(found.exact, abs=0.01)
    assert found.exact > 0.1


def test_ten_times_the_draws_have_a_tenth_of_the_variance() -> None:
    few, many = (estimate(WAVE, mu=MU, sigma=SIGMA, draws=draws) for draws in (10, 100))
    assert few.score.var() / many.score.var() == pytest.approx(10, rel=0.15)


@pytest.mark.parametrize(("sigma", "draws"), [(0, 1), (float("nan"), 1), (1, 0), (1, 501)])
def test_what_has_no_estimate_is_refused(sigma: float, draws: int) -> None:
    with pytest.raises(LabError, match="give a number"):
        estimate(SQUARE, mu=0, sigma=sigma, draws=draws)
