"""How evenly a path changes the picture, and where it leaves the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from plotly import graph_objects as go
from plotly.subplots import make_subplots

from explorer.figures.palette import CATEGORICAL
from explorer.figures.style import DASHES, FAINT, MARKERS, dress, translucent

Doubles = NDArray[np.float64]
SHADE = 0.22
HEIGHT = 400
QUARTERS = (0, 0.25, 0.5, 0.75, 1)


@dataclass(frozen=True, eq=False)
class Curve:
    """One path, of T pictures and, for its distances, F points; both evenly spread over it.

    Attributes:
        name: Of the path, for the legend.
        change: (T - 1,) grey levels from each picture to the next.
        distance: (F,) to the data, over what is usual within it.
        off: Stretches (start, stop) of the F points that are far from the data.
    """

    name: str
    change: Doubles
    distance: Doubles
    off: Sequence[tuple[int, int]] = ()


def smoothness_plot(curves: Sequence[Curve], *, noun: str = "picture") -> go.Figure:
    """Two plots over each other: change per step, and distance from the data along the way.

    Where a path is far from the data the lower one is shaded in the path's colour.

    Args:
        curves: Paths to compare, such as linear and spherical.
        noun: What the data are: "face", "digit".
    """
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.08)
    for number, curve in enumerate(curves):
        _add_curve(figure, curve, number)
    figure.add_hline(y=1, line={"color": FAINT, "width": 1, "dash": "dot"}, row=2, col=1)
    figure.update_xaxes(range=[-0.02, 1.02], tickformat=".0%", tickvals=QUARTERS)
    figure.update_xaxes(title_text="Share of the way", row=2, col=1)
    figure.update_yaxes(title_text="Change per step<br>(grey levels)", rangemode="tozero", row=1)
    figure.update_yaxes(
        title_text=f"Distance to the {noun}s<br>(1 is usual)", rangemode="tozero", row=2
    )
    return dress(figure, height=HEIGHT)


def _add_curve(figure: go.Figure, curve: Curve, number: int) -> None:
    colour = CATEGORICAL[number % len(CATEGORICAL)]
    line = {"color": colour, "width": 2.5, "dash": DASHES[number % len(DASHES)]}
    common = {"name": curve.name, "legendgroup": str(number), "line": line}
    figure.add_scatter(
        x=(np.arange(len(curve.change)) + 0.5) / max(len(curve.change), 1),
        y=curve.change,
        mode="lines+markers",
        marker={"symbol": MARKERS[number % len(MARKERS)], "size": 7},
        hovertemplate="%{y:.1f} grey levels<extra>" + curve.name + "</extra>",
        row=1,
        col=1,
        **common,
    )
    figure.add_scatter(
        x=np.linspace(0, 1, len(curve.distance)),
        y=curve.distance,
        mode="lines",
        showlegend=False,
        hovertemplate="%{y:.2f} times the usual distance<extra>" + curve.name + "</extra>",
        row=2,
        col=1,
        **common,
    )
    _shade(figure, curve, colour=colour, group=str(number))


def _shade(figure: go.Figure, curve: Curve, *, colour: str, group: str) -> None:
    """The stretches that are far, half a point wider at either side, so that one point shows."""
    points = max(len(curve.distance) - 1, 1)
    for number, (start, stop) in enumerate(curve.off):
        left, right = max(start - 0.5, 0) / points, min(stop - 0.5, points) / points
        figure.add_vrect(
            x0=left,
            x1=right,
            fillcolor=translucent(colour, SHADE),
            line_width=0,
            layer="below",
            name=f"{curve.name}: far from the data",
            showlegend=number == 0,
            legendgroup=group,
            row=2,
            col=1,
        )
