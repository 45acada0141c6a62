"""What a longer code buys: a figure over latent_dim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plotly import graph_objects as go

from explorer.figures.palette import CATEGORICAL
from explorer.figures.style import DASHES, FAINT, MARKERS, dress

HEIGHT = 230
DIAGONAL = "all of them"


def size_curves(
    dims: Sequence[int],
    curves: Mapping[str, Sequence[float]],
    *,
    title: str,
    marked: int | None = None,
    with_diagonal: bool = False,
) -> go.Figure:
    """A line for each figure over the sizes of the code, which double from left to right.

    Args:
        dims: (K,) latent_dim, ascending.
        curves: For each name (K,) values.
        title: Of the upright axis, with the unit.
        marked: The size looked at; None for none.
        with_diagonal: Draw, dotted, where a figure would be latent_dim itself.
    """
    figure = go.Figure()
    if with_diagonal:
        line = {"color": FAINT, "width": 1.5, "dash": "dot"}
        figure.add_scatter(
            x=dims, y=dims, name=DIAGONAL, mode="lines", line=line, hoverinfo="skip"
        )
    for number, (name, values) in enumerate(curves.items()):
        figure.add_scatter(
            x=dims,
            y=values,
            name=name,
            mode="lines+markers",
            line={"color": CATEGORICAL[number], "width": 2.5, "dash": DASHES[number]},
            marker={"symbol": MARKERS[number], "size": 8},
            hovertemplate="%{x} numbers: %{y:.4g}<extra>" + name + "</extra>",
        )
    if marked is not None:
        figure.add_vline(x=marked, line={"color": FAINT, "width": 6}, layer="below")
    figure.update_xaxes(
        title_text="latent_dim", type="log", tickvals=list(dims), ticktext=[str(d) for d in dims]
    )
    figure.update_yaxes(title_text=title)
    figure.update_layout(showlegend=len(curves) > 1)
    return dress(figure, height=HEIGHT)
