from __future__ import annotations

import pandas as pd
import pytest

from explorer.ui.lab.annealing import SCHEDULES, cell_of, curve_of

LOG = pd.DataFrame(
    [
        {"step": 5, "epoch": 1, "split": "train", "beta": 0.5, "rate": 3.0},
        {"step": 10, "epoch": 1, "split": "train", "beta": 1.0, "rate": 4.0},
        {"step": 10, "epoch": 1, "split": "valid", "rate": 4.5, "active_units": 2.0},
        {"step": 15, "epoch": 2, "split": "train", "beta": 1.5, "rate": 5.0},
        {"step": 20, "epoch": 2, "split": "valid", "rate": 6.0, "active_units": 7.0},
    ]
)


@pytest.mark.parametrize(
    ("name", "split", "epochs", "values"),
    [
        ("beta", "train", [0.5, 1.0, 1.5], [0.5, 1.0, 1.5]),
        ("rate", "train", [0.5, 1.0, 1.5], [3, 4, 5]),
        ("rate", "valid", [1, 2], [4.5, 6]),
        ("active_units", "valid", [1, 2], [2, 7]),
        ("psnr", "valid", [], []),
    ],
)
def test_a_curve_is_over_fractional_epochs(
    name: str, split: str, epochs: list[float], values: list[float]
) -> None:
    assert curve_of(LOG, name, split) == (epochs, values)


def test_the_runs_are_four_different_cells() -> None:
    cells = [tuple(cell_of(schedule).items()) for schedule in SCHEDULES]
    assert len(set(cells)) == 4
