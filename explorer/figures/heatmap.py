"""A square of numbers with names on both sides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from plotly import graph_objects as go

from explorer.figures.palette import CATEGORICAL, MISSING
from explorer.figures.style import dress, translucent

# Blue below 0 and vermilion above; 0 is nearly the page itself, whatever its colour.
SCALE = [
    [0.0, translucent(CATEGORICAL[0], 1)],
    [0.5, translucent(MISSING, 0.06)],
    [1.0, translucent(CATEGORICAL[1], 1)],
]
MAX_NAMED = 20  # names under so many columns at 400 pixels; more are named by the rows alone
CELL = 15
FRAME = 170


def heatmap(values: ArrayLike, labels: Sequence[str], *, title: str) -> go.Figure:
    """A matrix (A, A) as colours: row by row what the names at the left do to those below.

    The colours are even about 0 and reach at least from -1 to 1; NaN is left empty.

    Raises:
        ValueError: Not square, or another number of labels.
    """
    matrix = np.asarray(values, np.float64)
    if matrix.shape != (len(labels), len(labels)):
        raise ValueError(f"values has shape {matrix.shape} for {len(labels)} labels.")
    largest = max(1.0, float(np.nanmax(np.abs(matrix), initial=0.0)))
    numbers = np.arange(len(labels))  # names may be given twice; numbers are not
    figure = go.Figure(
        go.Heatmap(
            z=matrix,
            x=numbers,
            y=numbers,
            customdata=[[f"{row} → {column}" for column in labels] for row in labels],
            colorscale=SCALE,
            zmin=-largest,
            zmax=largest,
            xgap=1,
            ygap=1,
            hovertemplate="%{customdata}: %{z:.2f}<extra></extra>",
            hoverongaps=False,
            colorbar={
                "orientation": "h",
                "thickness": 10,
                "len": 0.6,
                "x": 1,
                "xanchor": "right",
                "y": 1.0,
                "yanchor": "bottom",
                "title": {"text": title, "side": "top"},
            },
        )
    )
    _name_sides(figure, labels, numbers)
    return dress(figure, height=FRAME + max(CELL * len(labels), 200))


def _name_sides(figure: go.Figure, labels: Sequence[str], numbers: np.ndarray) -> None:
    size = 12 if len(labels) <= 15 else 9
    sides = {
        "tickvals": numbers,
        "ticktext": list(labels),
        "tickfont": {"size": size},
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
    }
    edges = (-0.5, len(labels) - 0.5)
    figure.update_xaxes(tickangle=-90, range=edges, **sides)
    figure.update_xaxes(showticklabels=len(labels) <= MAX_NAMED)
    figure.update_yaxes(range=edges[::-1], **sides)
