"""What a diagnosis rests on, as plots: which units live, what the rate buys, what codes know."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from plotly import graph_objects as go

from explorer.figures.palette import CATEGORICAL, MISSING
from explorer.figures.style import FAINT, dress, translucent

BLUE, ORANGE, GREEN = CATEGORICAL[:3]
HEIGHT = 260
LOW = 190  # of a single bar
ROW = 34  # of a score
FLOOR = 1e-6  # a variance of 0 has no place on a logarithmic axis
MAX_NAMED = 24


def variance_bars(variances: ArrayLike, *, threshold: float) -> go.Figure:
    """A bar per dimension on a logarithmic axis, the largest first, over a line.

    Args:
        variances: (D,) of the posterior means over the data.
        threshold: Where the line is; bars that end below it are grey.
    """
    heights = np.maximum(np.asarray(variances, np.float64), FLOOR)
    order = np.argsort(-heights, kind="stable")
    alive = heights[order] > threshold
    figure = go.Figure()
    figure.add_bar(
        x=np.arange(len(order)),
        y=heights[order],
        customdata=order,
        marker={"color": np.where(alive, BLUE, MISSING).tolist(), "line_width": 0},
        hovertemplate="Dimension %{customdata}: %{y:.3g}<extra></extra>",
    )
    figure.add_hline(
        y=threshold,
        line={"color": ORANGE, "width": 2, "dash": "dash"},
        annotation={"text": f"active above {threshold:g}", "font_color": ORANGE},
        annotation_position="top right",
    )
    lowest = min(float(heights.min()), threshold) / 3
    figure.update_layout(showlegend=False, bargap=0.15)
    figure.update_xaxes(title_text="Dimensions, the most varied first", showticklabels=False)
    figure.update_xaxes(showgrid=False)
    figure.update_yaxes(
        title_text="Variance of the mean",
        type="log",
        range=[np.log10(lowest), np.log10(3 * max(float(heights.max()), threshold))],
        dtick=1,
    )
    return dress(figure, height=HEIGHT)


def rate_bar(*, information: float, marginal: float, ceiling: float) -> go.Figure:
    """The rate as one bar of two parts, with a line where information ends.

    Args:
        information: Nats per picture that tell pictures apart.
        marginal: Nats per picture spent on codes lying elsewhere than the prior; estimates
            below 0 are drawn as 0.
        ceiling: Nats that would tell all pictures apart.
    """
    figure = go.Figure()
    parts = (("tells pictures apart", information, BLUE), ("lies off the prior", marginal, ORANGE))
    for name, nats, colour in parts:
        figure.add_bar(
            x=[max(nats, 0.0)],
            y=[""],
            orientation="h",
            name=name,
            marker={"color": colour, "line_width": 0},
            hovertemplate=f"{name}: {nats:.2f} nats<extra></extra>",
        )
    figure.add_vline(
        x=ceiling,
        line={"color": GREEN, "width": 2, "dash": "dash"},
        annotation={"text": "all pictures told apart", "font_color": GREEN, "xanchor": "left"},
        annotation_position="top",
    )
    figure.update_layout(barmode="stack", bargap=0.3)
    figure.update_xaxes(title_text="nats per picture", rangemode="tozero")
    dress(figure, height=LOW)
    figure.update_layout(margin_t=48, legend={"y": -0.6, "yanchor": "top", "traceorder": "normal"})
    return figure


def score_bars(titles: Sequence[str], values: ArrayLike, spreads: ArrayLike) -> go.Figure:
    """A bar per score from 0 to 1, the first on top, with its spread.

    Args:
        titles: K names.
        values: (K,) from 0 to 1.
        spreads: (K,) standard deviations; NaN where there is one value only.
    """
    numbers = np.asarray(values, np.float64)
    spread = np.asarray(spreads, np.float64)
    figure = go.Figure()
    figure.add_bar(
        x=numbers,
        y=list(titles),
        orientation="h",
        text=[
            f"{one:.2f} ± {other:.2f}" if np.isfinite(other) else f"{one:.2f}"
            for one, other in zip(numbers, spread, strict=True)
        ],
        textposition="outside",
        cliponaxis=False,
        error_x={"type": "data", "array": np.nan_to_num(spread), "thickness": 1.5, "color": FAINT},
        marker={"color": BLUE, "line_width": 0},
        hovertemplate="%{y}: %{x:.3f}<extra></extra>",
    )
    figure.update_layout(showlegend=False, bargap=0.35)
    figure.update_xaxes(range=[0, 1.12], tickvals=[0, 0.5, 1])
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return dress(figure, height=70 + ROW * len(titles))


def share_map(shares: ArrayLike, rows: Sequence[str], columns: Sequence[str]) -> go.Figure:
    """A matrix (R, C) of shares from 0 to 1 as colours, the stronger the more; NaN is empty.

    Raises:
        ValueError: Another number of names than rows or columns.
    """
    matrix = np.asarray(shares, np.float64)
    if matrix.shape != (len(rows), len(columns)):
        raise ValueError(
            f"shares has shape {matrix.shape} for {len(rows)} rows and {len(columns)} columns."
        )
    figure = go.Figure(
        go.Heatmap(
            z=matrix,
            x=list(columns),
            y=list(rows),
            colorscale=[[0.0, translucent(MISSING, 0.06)], [1.0, translucent(BLUE, 1)]],
            zmin=0,
            zmax=1,
            xgap=1,
            ygap=1,
            showscale=False,
            hovertemplate="%{y} of %{x}: %{z:.0%}<extra></extra>",
            hoverongaps=False,
        )
    )
    sides = {"type": "category", "showgrid": False, "zeroline": False, "ticks": ""}
    figure.update_xaxes(showticklabels=len(columns) <= MAX_NAMED, tickangle=-90, **sides)
    figure.update_yaxes(autorange="reversed", dtick=1, **sides)
    return dress(figure, height=110 + 22 * len(rows))
