"""How training went: a figure over the epochs, several models over each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from plotly import graph_objects as go

from explorer.figures.palette import CATEGORICAL
from explorer.figures.style import DASHES, dress

Doubles = NDArray[np.float64]
HEIGHT = 380


@dataclass(frozen=True, eq=False)
class Run:
    """One training.

    Attributes:
        name: Of the model, for the legend.
        epochs: (E,).
        values: (E,) the figure at the end of each.
    """

    name: str
    epochs: Doubles
    values: Doubles


def training_curves(runs: Sequence[Run], *, title: str) -> go.Figure:
    """A line for each run, in the colours and the order of the runs.

    Args:
        runs: One without values keeps its colour, and is left out.
        title: Of the figure, with its unit.
    """
    figure = go.Figure()
    for number, run in enumerate(runs):
        if not len(run.values):
            continue
        figure.add_scatter(
            x=run.epochs,
            y=run.values,
            name=run.name,
            mode="lines+markers" if len(run.values) < 3 else "lines",
            line={
                "color": CATEGORICAL[number % len(CATEGORICAL)],
                "width": 2.5,
                "dash": DASHES[number % len(DASHES)],
            },
            hovertemplate="%{y:.4g}<extra>" + run.name + "</extra>",
        )
    figure.update_xaxes(title_text="Epoch", rangemode="tozero")
    figure.update_yaxes(title_text=title)
    figure.update_layout(hovermode="x", showlegend=True)
    return dress(figure, height=HEIGHT)
