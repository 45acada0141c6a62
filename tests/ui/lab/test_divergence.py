from __future__ import annotations

import math

import pytest

from explorer.ui.lab.divergence import FIRST, formula, read_number


@pytest.mark.parametrize(
    ("name", "value", "number"),
    [
        ("mu", "1.25", 1.25),
        ("mu", 99, 4.0),
        ("sigma", "-1", 0.05),
        ("sigma", "nan", FIRST["sigma"]),
        ("mu", "far", FIRST["mu"]),
        ("mu", None, FIRST["mu"]),
        ("mu", [1], FIRST["mu"]),
        ("mu", math.inf, FIRST["mu"]),
    ],
)
def test_numbers_from_outside_are_kept_within_their_sliders(
    name: str, value: object, number: float
) -> None:
    assert read_number(name, value) == number


def test_the_formula_ends_with_its_value() -> None:
    assert formula(2, 1).endswith(r"=2.00\ \text{nats}")
