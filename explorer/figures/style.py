"""What all plots share: they lie on the page's own background and take its text colour."""

from __future__ import annotations

from plotly import graph_objects as go

from explorer.figures.palette import to_rgb

TRANSPARENT = "rgba(0,0,0,0)"
DASHES = ("solid", "dash", "dot", "dashdot")  # told apart without colour too
MARKERS = ("circle", "diamond", "square", "x")
FAINT = "rgba(140,140,140,0.7)"  # of reference lines, seen on white and on black


def dress(figure: go.Figure, *, height: int) -> go.Figure:
    """Give a figure the house's margins, legend and background, and return it.

    Text and grid have no colour of their own: Streamlit's theme gives them the page's. Nothing
    is dragged or zoomed, so that a finger on a plot scrolls the page.

    Args:
        figure: To be changed.
        height: Pixels; the width is the page's.
    """
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor=TRANSPARENT,
        plot_bgcolor=TRANSPARENT,
        legend={"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom"},
        dragmode=False,
    )
    figure.update_xaxes(fixedrange=True, automargin=True)
    figure.update_yaxes(fixedrange=True, automargin=True)
    return figure


def translucent(colour: str, share: float) -> str:
    """A colour such as ``#0072b2`` that lets the page through: ``share`` 1 is opaque."""
    red, green, blue = to_rgb(colour)
    return f"rgba({red},{green},{blue},{share:g})"
