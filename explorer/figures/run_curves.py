"""How one run goes, while it goes: a panel for each term of its bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from plotly import graph_objects as go
from plotly.subplots import make_subplots

from explorer.figures.palette import CATEGORICAL
from explorer.figures.style import dress

Doubles = NDArray[np.float64]
HEIGHT = 250
BLUE, ORANGE = CATEGORICAL[:2]
SETTLING = 0.25  # share of the events, the first ones, that the axis need not show
PADDING = 0.06


@dataclass(frozen=True, eq=False)
class Term:
    """One figure of a run.

    Attributes:
        title: Of its panel.
        train: (n, 2) epochs, with fractions, and values on training pictures.
        valid: (m, 2) the same on unseen ones.
    """

    title: str
    train: Doubles
    valid: Doubles


def run_curves(terms: Sequence[Term], *, epochs: float | None) -> go.Figure:
    """Panels side by side, each with its own scale.

    Args:
        terms: From left to right.
        epochs: Where the axis ends; None ends it at the last event.
    """
    figure = make_subplots(cols=len(terms), subplot_titles=[term.title for term in terms])
    for column, term in enumerate(terms, start=1):
        for values, name, colour, mode in (
            (term.train, "training", BLUE, "lines"),
            (term.valid, "unseen", ORANGE, "lines+markers"),
        ):
            figure.add_scatter(
                x=values[:, 0],
                y=values[:, 1],
                name=name,
                legendgroup=name,
                showlegend=column == 1,
                mode="lines+markers" if len(values) < 2 else mode,
                line={"color": colour, "width": 2},
                marker={"size": 5},
                hovertemplate="epoch %{x:.2f}: %{y:,.1f}<extra>" + name + "</extra>",
                row=1,
                col=column,
            )
        figure.update_yaxes(range=value_range(term), col=column)
    figure.update_xaxes(title_text="epoch", range=None if epochs is None else (0, epochs))
    dress(figure, height=HEIGHT)
    # At the very bottom, below the titles of the axes, however small the panels are.
    legend = {"yref": "container", "y": 0, "yanchor": "bottom"}
    figure.update_layout(margin={"t": 30, "b": 70}, legend=legend)
    return figure


def value_range(term: Term) -> tuple[float, float] | None:
    """What the axis of a panel shows: not the first events, which are far from all later ones.

    Returns:
        Its ends, or None to leave it to the figure.
    """
    settled = term.train[int(SETTLING * len(term.train)) :, 1]
    values = np.concatenate([settled, term.valid[:, 1]])
    if len(values) < 2 or values.min() == values.max():
        return None
    room = PADDING * float(values.max() - values.min())
    return float(values.min()) - room, float(values.max()) + room
