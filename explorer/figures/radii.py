"""How far from the origin codes lie: the data's, the prior's and some samples'."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from explorer.figures.palette import CATEGORICAL

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Doubles = NDArray[np.float64]
BINS = 48
HEIGHT_PX = 260
BLUE, ORANGE, GREEN = CATEGORICAL[:3]


def radius_edges(*radii: Doubles) -> Doubles:
    """Bin edges (49,) from 0 to a little beyond all of some radii."""
    largest = max(float(each.max(initial=0.0)) for each in radii)
    return np.linspace(0, 1.05 * largest or 1.0, BINS + 1)


def radius_figure(
    data: Doubles,
    samples: Doubles,
    *,
    edges: Doubles,
    prior: Doubles | None,
    noun: str = "picture",
    named: str = "these samples",
) -> Figure:
    """A histogram of radii, each as a density so that different numbers compare.

    Args:
        data: (N,) radii of the data's codes.
        samples: (n,) radii of samples.
        edges: (B + 1,) of the bins.
        prior: (B + 1,) the prior's density at the edges; None where there is no prior.
        noun: What a code of the data stands for.
        named: What ``samples`` are, for the legend.
    """
    from plotly.graph_objects import Figure

    figure = Figure()
    middles = (edges[:-1] + edges[1:]) / 2
    for radii, name, colour in ((data, f"all {noun}s", BLUE), (samples, named, ORANGE)):
        density = np.histogram(radii, bins=edges, density=True)[0] if len(radii) else 0 * middles
        figure.add_bar(x=middles, y=density, name=name, marker_color=colour, opacity=0.6)
    if prior is not None:
        line = {"color": GREEN, "width": 2}
        figure.add_scatter(x=edges, y=prior, name="the prior", mode="lines", line=line)
    figure.update_layout(
        barmode="overlay",
        bargap=0.05,
        height=HEIGHT_PX,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        xaxis={"title": "distance from the origin", "fixedrange": True},
        yaxis={"title": "density", "fixedrange": True},
        hovermode="x",
    )
    return figure
