"""One slider for all models: each moves its own code along its own direction of that name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from explorer.latent.codes import Floats
from explorer.ui.attributes.sliders import Slider, sliders_of
from explorer.ui.traverse_page import rows_of
from explorer.ui.traverse_rows import DIMENSIONS

if TYPE_CHECKING:
    from explorer.ui.resources import Opened

MOST_USED = "dimension:1"  # where nothing has a name
METHOD = "mean"


@dataclass(frozen=True)
class Move:
    """What one step of the slider does to a model's codes.

    Attributes:
        vector: (D,); None where the model knows no such direction.
        note: What to know about it, for below the picture; may be empty.
    """

    vector: Floats | None
    note: str = ""


def common_sliders(models: Sequence[Opened]) -> dict[str, str]:
    """Keys and titles of all directions: those most models know first, then the best known."""
    titles: dict[str, str] = {}
    aucs: dict[str, list[float]] = {}  # one for each model that knows the direction
    for model in models:
        for slider in sliders_of(model.bundle.directions, method=METHOD):
            titles[slider.key] = slider.title
            auc = float(slider.direction.scores.get("auc", np.nan))
            aucs.setdefault(slider.key, []).append(auc)
    if not titles:
        return {MOST_USED: "the most used dimension"}
    order = sorted(titles, key=lambda key: (-len(aucs[key]), -np.nan_to_num(min(aucs[key]))))
    return {key: titles[key] for key in order}


def move_of(opened: Opened, key: str) -> Move:
    """The step of a slider in one model."""
    if key == MOST_USED:
        rows = rows_of(opened, DIMENSIONS)
        vector = rows.axes.vectors[0] * np.float32(rows.axes.std[0])
        return Move(np.asarray(vector, np.float32), f"{rows.names[0].lower()}, {rows.figures[0]}")
    for slider in sliders_of(opened.bundle.directions, method=METHOD):
        if slider.key == key:
            return Move(np.asarray(slider.direction.vector, np.float32), _score(slider))
    return Move(None, "knows no direction of this name")


def _score(slider: Slider) -> str:
    auc = slider.direction.scores.get("auc", np.nan)
    return f"AUC {auc:.2f}" if np.isfinite(auc) else ""
