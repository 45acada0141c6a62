from __future__ import annotations

from explorer.lab.gradients import SQUARE, STEP, estimate
from explorer.ui.lab.gradient import table, verdict


def test_the_verdict_tells_how_many_draws_the_trick_saves() -> None:
    found = estimate(SQUARE, mu=1, sigma=0.5, draws=10)
    assert f"**{found.times_as_many:,.1f} times** as large" in verdict(SQUARE, found)
    assert found.times_as_many > 10


def test_the_verdict_on_a_step_is_that_the_trick_is_wrong() -> None:
    assert "**0, which is wrong**" in verdict(STEP, estimate(STEP, mu=0, sigma=1, draws=10))


def test_the_table_has_the_exact_value_beside_both_means() -> None:
    found = table(estimate(SQUARE, mu=1, sigma=0.5, draws=100))
    assert found["Exact"] == ["2.000", "2.000"]
    for text in found["Mean of 2,000"]:
        assert abs(float(text) - 2) < 0.05
    with_trick, without = map(float, found["Standard deviation"])
    assert with_trick < without
