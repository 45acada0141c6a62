from __future__ import annotations

import math
from typing import Any

import pytest

from explorer.vae import ConfigError, Warmup


def table(warmup: Warmup, epochs: list[float]) -> list[float]:
    return [warmup.factor(epoch) for epoch in epochs]


def test_none_is_always_1() -> None:
    assert table(Warmup(), [0, 0.5, 100]) == [1, 1, 1]


def test_linear() -> None:
    warmup = Warmup(kind="linear", epochs=4)
    assert table(warmup, [0, 1, 2.5, 3, 4, 5]) == [0, 0.25, 0.625, 0.75, 1, 1]


def test_cyclical() -> None:
    # Two cycles of 4 epochs: 2 rising, 2 at the top; then at the top for good.
    warmup = Warmup(kind="cyclical", epochs=8, cycles=2)
    epochs = [0, 0.5, 1, 2, 3, 3.99, 4, 5, 6, 7.5, 8, 9]
    assert table(warmup, epochs) == [0, 0.25, 0.5, 1, 1, 1, 0, 0.5, 1, 1, 1, 1]


def test_one_cycle_rises_during_half_of_the_epochs() -> None:
    assert table(Warmup(kind="cyclical", epochs=2, cycles=1), [0, 0.5, 1, 1.5, 2]) == [
        0,
        0.5,
        1,
        1,
        1,
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "cosine"}, "warmup is 'cosine'; choose one of none, linear, cyclical."),
        ({"kind": "linear"}, "warmup_epochs is 0.0 with a linear warm-up; choose more than 0"),
        ({"kind": "cyclical", "epochs": -1.0}, "warmup_epochs is -1.0 with a cyclical warm-up"),
        ({"kind": "linear", "epochs": math.nan}, "warmup_epochs is nan with a linear warm-up"),
        ({"kind": "cyclical", "epochs": 4.0, "cycles": 0}, "cycles is 0; choose 1 or more."),
    ],
)
def test_schedules_that_mean_nothing_are_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Warmup(**change)
    assert str(caught.value).startswith(sentence)
