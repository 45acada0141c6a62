"""What each dimension of a code is used for, as bars."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from plotly import graph_objects as go

from explorer.figures.palette import CATEGORICAL, MISSING
from explorer.figures.style import dress

HEIGHT = 260
MAX_NAMES = 24  # numbers that fit side by side at 400 pixels


def unit_bars(
    values: ArrayLike, *, dead: ArrayLike, title: str = "KL (nats per picture)"
) -> go.Figure:
    """A bar per dimension, the tallest first; all dead ones together are a single grey one.

    Args:
        values: (D,) what each costs or holds.
        dead: (D,) bool, those that do not depend on the picture.
        title: Of the upright axis, with the unit.
    """
    heights, folded = np.asarray(values, np.float64), np.asarray(dead, bool)
    order = np.argsort(-heights, kind="stable")
    living = order[~folded[order]]
    figure = go.Figure()
    figure.add_bar(
        x=np.arange(len(living)),
        y=heights[living],
        customdata=living,
        marker={"color": CATEGORICAL[0], "line_width": 0},
        hovertemplate="Dimension %{customdata}: %{y:.3g}<extra></extra>",
    )
    names = [str(number) for number in living] if len(living) <= MAX_NAMES else []
    if folded.any():
        _add_dead(figure, heights[folded], at=len(living))
        names += [f"{folded.sum()} dead"] * bool(names or not len(living))
    figure.update_layout(showlegend=False, bargap=0.15)
    figure.update_xaxes(
        title_text="Dimensions, the most used first",
        tickvals=np.arange(len(names)),
        ticktext=names,
        showgrid=False,
    )
    figure.update_yaxes(title_text=title, rangemode="tozero")
    return dress(figure, height=HEIGHT)


def _add_dead(figure: go.Figure, heights: np.ndarray, *, at: int) -> None:
    figure.add_bar(
        x=[at],
        y=[heights.sum()],
        marker={"color": MISSING, "line_width": 0},
        hovertemplate=f"{len(heights)} dead dimensions together: %{{y:.3g}}<extra></extra>",
    )
