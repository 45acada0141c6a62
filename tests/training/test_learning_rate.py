from __future__ import annotations

import math

import pytest

from explorer.training.learning_rate import cosine_factor


def test_table_without_warm_up() -> None:
    factors = [cosine_factor(step, total_steps=8, warmup_steps=0) for step in range(9)]
    expected = [0.5 * (1 + math.cos(math.pi * step / 8)) for step in range(9)]
    assert factors == pytest.approx(expected)
    assert factors[0] == 1
    assert factors[4] == pytest.approx(0.5)
    assert factors[8] == pytest.approx(0)


def test_table_with_warm_up() -> None:
    factors = [cosine_factor(step, total_steps=40, warmup_steps=4) for step in range(41)]
    assert factors[:5] == [0.25, 0.5, 0.75, 1, 1]
    assert factors[4 + 18] == pytest.approx(0.5)
    assert factors[40] == pytest.approx(0)
    assert factors[4:] == sorted(factors[4:], reverse=True)


def test_a_warm_up_is_at_most_a_tenth_of_the_run() -> None:
    factors = [cosine_factor(step, total_steps=20, warmup_steps=300) for step in range(4)]
    assert factors[:3] == [0.5, 1, 1]
    assert factors[3] < 1


@pytest.mark.parametrize("total_steps", [1, 2, 9])
def test_the_shortest_runs_take_a_step_at_the_full_rate(total_steps: int) -> None:
    assert cosine_factor(0, total_steps=total_steps, warmup_steps=300) == 1


def test_beyond_the_end_it_stays_at_0() -> None:
    assert cosine_factor(100, total_steps=10, warmup_steps=0) == pytest.approx(0)
