"""How estimates of one number scatter about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from explorer.figures.palette import CATEGORICAL
from explorer.figures.style import FAINT, dress

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

BINS = 80
HEIGHT_PX = 300
TAILS = 0.5  # percent on each side that may lie outside the plot
COLOURS = (CATEGORICAL[2], CATEGORICAL[1], *CATEGORICAL[3:])


def estimates_figure(
    estimates: Mapping[str, NDArray[np.float64]], *, exact: float, title: str
) -> Figure:
    """Histograms of estimates (n,) by name over the same bins, with the true value.

    Estimates that are all alike are a single bar.

    Args:
        estimates: By what they are called.
        exact: What is estimated.
        title: Of the axis.
    """
    from plotly.graph_objects import Figure

    edges = _edges(list(estimates.values()), exact)
    middles, width = (edges[:-1] + edges[1:]) / 2, float(edges[1] - edges[0])
    figure = Figure()
    for (name, values), colour in zip(estimates.items(), COLOURS, strict=False):
        share = 100 * np.histogram(values, bins=edges)[0] / len(values)
        figure.add_bar(
            x=middles, y=share, width=width, name=name, marker_color=colour, opacity=0.65
        )
    figure.add_vline(x=exact, line={"color": FAINT, "width": 2, "dash": "dash"})
    figure.update_layout(barmode="overlay", bargap=0, hovermode="x")
    figure.update_xaxes(title=title, range=[edges[0], edges[-1]], zeroline=False)
    figure.update_yaxes(title="% of estimates", zeroline=False)
    return dress(figure, height=HEIGHT_PX)


def _edges(estimates: list[NDArray[np.float64]], exact: float) -> NDArray[np.float64]:
    ends = [np.percentile(values, (TAILS, 100 - TAILS)) for values in estimates]
    low = min(exact, *(float(low) for low, _ in ends))
    high = max(exact, *(float(high) for _, high in ends))
    margin = 0.05 * (high - low) or 0.5
    return np.linspace(low - margin, high + margin, BINS + 1)
