from __future__ import annotations

import pytest
from plotly import graph_objects as go

from explorer.figures.style import dress, translucent


def test_a_dressed_figure_takes_the_pages_colours_and_lets_it_scroll() -> None:
    figure = dress(go.Figure(go.Scatter(y=[1, 2])), height=300)
    layout = figure.to_plotly_json()["layout"]
    assert layout["height"] == 300
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"
    assert "width" not in layout
    assert "font" not in layout
    assert layout["xaxis"]["fixedrange"]
    assert layout["yaxis"]["fixedrange"]
    assert layout["dragmode"] is False


def test_a_translucent_colour_is_the_same_colour() -> None:
    assert translucent("#0072b2", 0.25) == "rgba(0,114,178,0.25)"
    with pytest.raises(ValueError, match="'blue' is no colour"):
        translucent("blue", 1)
