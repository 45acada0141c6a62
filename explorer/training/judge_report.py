"""What a judge saw, as a table."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from explorer.bundle import Bundle
from explorer.latent import Effects

REACHED = 0.9  # share of pictures at which edits of different strength are compared
Row = dict[str, str | float]

COLUMNS = {
    "auc": "  AUC",
    "success_1": "success 1",
    "success_2": "success 2",
    "leakage_1": "leakage 1",
    "leakage_2": "leakage 2",
    "alpha_90": "alpha 90 %",
    "leakage_90": "leakage 90 %",
    "judge": "judge",
}


def effects_rows(
    opened: Bundle, effects: Effects, names: Sequence[str] | None = None
) -> list[Row]:
    """A row for each edited thing and method.

    Columns: ``auc`` of the direction on held-out codes; ``success_1``, ``success_2``,
    ``leakage_1``, ``leakage_2`` at alpha 1 and 2; ``alpha_90``, the alpha at which the edit
    takes on 90 % of the pictures, and ``leakage_90``, the leakage there; ``judge``, its balanced
    accuracy on original pictures. NaN where there is none.

    Args:
        opened: The bundle.
        effects: Of its directions.
        names: Only these; by default all.
    """
    return [
        {"name": name, "method": method, **_figures(opened, effects, name, method)}
        for name in effects.names
        if names is None or name in names
        for method in effects.methods
    ]


def effects_table(rows: Sequence[Row]) -> str:
    """The rows as text, a line each below a line of titles; a dash where there is no figure."""
    widths = [max([4, *(len(str(row[key])) for row in rows)]) for key in ("name", "method")]
    head = f"{'name':<{widths[0]}}  {'method':<{widths[1]}}"
    lines = ["  ".join([head, *COLUMNS.values()])]
    for row in rows:
        start = f"{row['name']:<{widths[0]}}  {row['method']:<{widths[1]}}"
        cells = [_cell(row[key], len(title)) for key, title in COLUMNS.items()]
        lines.append("  ".join([start, *cells]))
    return "\n".join(lines)


def effects_json(rows: Sequence[Row]) -> str:
    """The rows as JSON, which knows no NaN: null where there is no figure."""
    return json.dumps(
        [{key: None if value != value else value for key, value in row.items()} for row in rows],
        indent=2,
    )


def _figures(opened: Bundle, effects: Effects, name: str, method: str) -> dict[str, float]:
    success, leakage = effects.success_of(name, method), effects.leakage_of(name, method)
    reached = effects.alpha_for(name, method, success=REACHED)
    figures = {"auc": opened.direction(name, method=method).scores.get("auc", np.nan)}
    for alpha in (1, 2):
        figures[f"success_{alpha}"] = _at(effects, success, alpha)
        figures[f"leakage_{alpha}"] = _at(effects, leakage, alpha)
    figures["alpha_90"] = reached
    figures["leakage_90"] = effects.leakage_at(name, method, alpha=reached)
    figures["judge"] = effects.accuracy_of(name)
    return figures


def _at(effects: Effects, values: np.ndarray, alpha: float) -> float:
    found = np.flatnonzero(np.isclose(effects.alphas, alpha))
    return float(values[found[0]]) if found.size else float("nan")


def _cell(value: str | float, width: int) -> str:
    text = "-" if isinstance(value, float) and np.isnan(value) else f"{value:.3f}"
    return f"{text:>{width}}"
