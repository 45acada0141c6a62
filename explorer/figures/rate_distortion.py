"""The rate–distortion plane: what a model pays in nats for how well it draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from plotly import graph_objects as go

from explorer.figures.palette import CATEGORICAL
from explorer.figures.style import FAINT, MARKERS, dress

HEIGHT = 480
LARGE, SMALL = 15, 8  # pixels; the small ones are named where the pointer is, or would overlap
WIDE = 20.0  # times the smallest rate; beyond, a linear axis would crowd the small ones


@dataclass(frozen=True)
class Dot:
    """One model.

    Attributes:
        name: In full, for the pointer.
        label: Beside the dot: its beta and latent_dim.
        rate: Nats per picture.
        distortion: Nats per picture.
        number: Its place among the models compared, which gives the colour; None for one that is
            only there for context.
        on_front: Whether no other dot has both a lower rate and a lower distortion.
    """

    name: str
    label: str
    rate: float
    distortion: float
    number: int | None
    on_front: bool


def rate_distortion(dots: Sequence[Dot]) -> go.Figure:
    """The plane of Alemi et al. (2018, "Fixing a Broken ELBO", figure 2), the Pareto front on it.

    Further left is cheaper, further down is truer. The rate's axis is logarithmic where the rates
    differ much.
    """
    figure = go.Figure()
    front = sorted((dot for dot in dots if dot.on_front), key=lambda dot: dot.rate)
    figure.add_scatter(
        x=[dot.rate for dot in front],
        y=[dot.distortion for dot in front],
        mode="lines",
        name="Pareto front",
        line={"color": FAINT, "width": 2, "dash": "dot"},
        hoverinfo="skip",
    )
    others = [dot for dot in dots if dot.number is None]
    if others:
        _add(
            figure,
            others,
            name="other cells of the grid",
            colour=FAINT,
            symbol="circle",
            size=SMALL,
        )
    for dot in dots:
        if dot.number is not None:
            colour = CATEGORICAL[dot.number % len(CATEGORICAL)]
            symbol = MARKERS[dot.number % len(MARKERS)]
            _add(figure, [dot], name=dot.name, colour=colour, symbol=symbol, size=LARGE)
    rates = np.array([dot.rate for dot in dots])
    is_wide = len(rates) > 0 and rates.min() > 0 and rates.max() > WIDE * rates.min()
    figure.update_xaxes(title_text="Rate (nats per picture)", type="log" if is_wide else "linear")
    figure.update_yaxes(title_text="Distortion (nats per picture)")
    return dress(figure, height=HEIGHT)


def _add(
    figure: go.Figure, dots: Sequence[Dot], *, name: str, colour: str, symbol: str, size: int
) -> None:
    figure.add_scatter(
        x=[dot.rate for dot in dots],
        y=[dot.distortion for dot in dots],
        text=[dot.label for dot in dots],
        customdata=[[dot.name] for dot in dots],
        mode="markers+text" if size == LARGE else "markers",
        textposition="top right",
        textfont={"size": 13},
        name=name,
        marker={"color": colour, "symbol": symbol, "size": size},
        cliponaxis=False,
        hovertemplate="%{customdata[0]}<br>rate %{x:.4g} nats<br>distortion %{y:.4g} nats"
        "<extra></extra>",
    )
