from __future__ import annotations

from explorer.figures.sizes import DIAGONAL, size_curves

DIMS = (2, 16, 64)


def test_each_figure_is_a_line_over_the_sizes() -> None:
    figure = size_curves(
        DIMS, {"unseen": [20.0, 24.0, 25.0], "training": [20.5, 26.0, 30.0]}, title="PSNR (dB)"
    )
    assert [line.name for line in figure.data] == ["unseen", "training"]
    assert list(figure.data[1].x) == [2, 16, 64]
    assert list(figure.data[1].y) == [20.5, 26.0, 30.0]
    assert figure.layout.yaxis.title.text == "PSNR (dB)"
    assert list(figure.layout.xaxis.ticktext) == ["2", "16", "64"]


def test_lines_differ_without_colour() -> None:
    figure = size_curves(DIMS, {"a": [1, 2, 3], "b": [1, 2, 3]}, title="x")
    assert len({line.line.dash for line in figure.data}) == 2
    assert len({line.marker.symbol for line in figure.data}) == 2


def test_one_line_needs_no_legend_and_a_mark_is_drawn() -> None:
    figure = size_curves(DIMS, {"ELBO": [1, 2, 3]}, title="ELBO", marked=16)
    assert not figure.layout.showlegend
    assert [shape.x0 for shape in figure.layout.shapes] == [16]
    assert not size_curves(DIMS, {"ELBO": [1, 2, 3]}, title="ELBO").layout.shapes


def test_the_diagonal_is_where_all_dimensions_would_be() -> None:
    figure = size_curves(DIMS, {"active": [2, 14, 15]}, title="Active", with_diagonal=True)
    assert figure.data[0].name == DIAGONAL
    assert list(figure.data[0].y) == list(figure.data[0].x) == [2, 16, 64]
    assert not figure.layout.showlegend
