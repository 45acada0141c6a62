"""How often an edit takes, and what else it changes, against its strength."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike
from plotly import graph_objects as go
from plotly.subplots import make_subplots

from explorer.figures.palette import CATEGORICAL
from explorer.figures.style import DASHES, FAINT, MARKERS, dress

HEIGHT = 400


def effect_curves(
    alphas: ArrayLike, curves: Mapping[str, tuple[ArrayLike, ArrayLike]]
) -> go.Figure:
    """Two plots over each other: success and leakage of each method against alpha.

    At alpha = 0 nothing was edited, so the line of success is open there: what is left of it
    takes the attribute away, what is right of it adds it.

    Args:
        alphas: (K,) strengths in slider units, ascending.
        curves: For each method success (K,) and leakage (K,), shares from 0 to 1; NaN leaves a
            gap.
    """
    strength = np.asarray(alphas, np.float64)
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.08)
    for number, (name, (success, leakage)) in enumerate(curves.items()):
        edited = np.where(strength == 0, np.nan, np.asarray(success, np.float64))
        _add_curve(figure, strength, edited, name=name, number=number, row=1)
        _add_curve(figure, strength, np.asarray(leakage), name=name, number=number, row=2)
    figure.add_vline(x=0, line={"color": FAINT, "width": 1, "dash": "dot"})
    figure.update_xaxes(title_text="← taken away   α (slider units)   added →", row=2)
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    figure.update_yaxes(title_text="Success<br>(of pictures)", range=[0, 1.03], row=1)
    figure.update_yaxes(title_text="Leakage<br>(of other verdicts)", row=2)
    return dress(figure, height=HEIGHT)


def _add_curve(
    figure: go.Figure, x: np.ndarray, y: np.ndarray, *, name: str, number: int, row: int
) -> None:
    colour = CATEGORICAL[number % len(CATEGORICAL)]
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines+markers",
        name=name.capitalize(),
        legendgroup=name,
        showlegend=row == 1,
        line={"color": colour, "width": 2.5, "dash": DASHES[number % len(DASHES)]},
        marker={"symbol": MARKERS[number % len(MARKERS)], "size": 7},
        hovertemplate="α %{x:g}: %{y:.0%}<extra>" + name.capitalize() + "</extra>",
        row=row,
        col=1,
    )
