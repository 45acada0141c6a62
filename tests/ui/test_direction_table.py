from __future__ import annotations

import numpy as np
import pytest

from explorer.latent import Direction, Effects
from explorer.ui.direction_table import row, summary


def direction(name: str, auc: float, method: str = "mean") -> Direction:
    scores = {"auc": auc, "num_with": 40.0, "balanced_accuracy": 0.8, "effect_size": 1.5}
    return Direction(name, method, np.array([1.0, 0.0], np.float32), 1.0, scores)


EFFECTS = Effects(
    names=("Smiling",),
    methods=("mean",),
    judged=("Smiling", "Male", "Bald"),
    alphas=np.array([0, 1, 2], np.float32),
    success=np.array([[[0, 0.6, 0.9]]], np.float32),
    flips=np.array([[[[np.nan, 0, 0], [np.nan, 0.1, 0.3], [np.nan, 0.2, 0.4]]]], np.float32),
    counts=np.array([[10, 10]], np.int32),
    agreement=np.ones((1, 2), np.float32),
    accuracy=np.array([0.9, 0.9, 0.9], np.float32),
)


def test_the_best_direction_comes_first() -> None:
    table = summary([direction("Young", 0.7), direction("Wearing_Hat", 0.9)], None)
    assert table["Name"].tolist() == ["Wearing Hat", "Young"]
    assert list(table.columns) == ["Name", "Method", "Examples", "AUC", "Accuracy", "Effect size"]


def test_the_judges_figures_stand_at_their_alphas() -> None:
    figures = row(direction("Smiling", 0.9), EFFECTS)
    assert figures["Takes at 1"] == pytest.approx(0.6)
    assert figures["Takes at 2"] == pytest.approx(0.9)
    assert figures["Leaks at 1"] == pytest.approx(0.2)
    assert figures["Leaks at 2"] == pytest.approx(0.3)


@pytest.mark.parametrize(("name", "method"), [("Young", "mean"), ("Smiling", "logistic")])
def test_what_was_not_judged_has_no_figure(name: str, method: str) -> None:
    figures = row(direction(name, 0.9, method), EFFECTS)
    assert np.isnan([figures["Takes at 1"], figures["Leaks at 2"]]).all()
