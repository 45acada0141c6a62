"""All directions of a bundle in one table: how well each works and what else it changes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from explorer.latent import Direction, Effects
from explorer.ui import words

AT = (1.0, 2.0)  # alphas for which success and leakage are told


def summary(directions: Iterable[Direction], effects: Effects | None) -> pd.DataFrame:
    """One row a direction, best first; columns of the judge only if it was asked."""
    rows = [row(direction, effects) for direction in directions]
    table = pd.DataFrame(rows)
    return table.sort_values("AUC", ascending=False, kind="stable", ignore_index=True)


def row(direction: Direction, effects: Effects | None) -> dict[str, object]:
    """Its figures by their titles."""
    scores = direction.scores
    figures: dict[str, object] = {
        "Name": words.readable(direction.name),
        "Method": direction.method,
        "Examples": scores.get("num_with", np.nan),
        "AUC": scores.get("auc", np.nan),
        "Accuracy": scores.get("balanced_accuracy", np.nan),
        "Effect size": scores.get("effect_size", np.nan),
    }
    if effects is None:
        return figures
    for alpha in AT:
        figures |= _judged(direction, effects, alpha)
    return figures


def _judged(direction: Direction, effects: Effects, alpha: float) -> dict[str, object]:
    """Success and leakage at the alpha, NaN where the judge was not asked."""
    titles = (f"Takes at {alpha:g}", f"Leaks at {alpha:g}")
    known = direction.name in effects.names and direction.method in effects.methods
    if not known or alpha not in effects.alphas:
        return dict.fromkeys(titles, np.nan)
    place = int(np.flatnonzero(effects.alphas == np.float32(alpha))[0])
    success = effects.success_of(direction.name, direction.method)[place]
    leakage = effects.leakage_of(direction.name, direction.method)[place]
    return dict(zip(titles, (float(success), float(leakage)), strict=True))
