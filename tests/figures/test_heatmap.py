from __future__ import annotations

import json

import numpy as np
import pytest

from explorer.figures.heatmap import heatmap

LABELS = ("Smiling", "Hat", "Hat")


def test_a_matrix_is_read_from_the_left_name_to_the_lower_one() -> None:
    values = np.array([[1, 0.2, -0.4], [0.3, 1, 0], [0, 0, 1]])
    figure = heatmap(values, LABELS, title="Cosine")
    cells = figure.data[0]
    np.testing.assert_array_equal(cells.z, values)
    assert cells.customdata[0][1] == "Smiling → Hat"
    assert figure.layout.yaxis.range == (2.5, -0.5)  # the first row is on top
    assert figure.layout.xaxis.ticktext == figure.layout.yaxis.ticktext == LABELS
    assert cells.colorbar.title.text == "Cosine"


@pytest.mark.parametrize(("largest", "limit"), [(0.2, 1.0), (1.0, 1.0), (-2.5, 2.5)])
def test_colours_are_even_about_zero_and_reach_at_least_one(largest: float, limit: float) -> None:
    cells = heatmap([[largest, 0], [0, 0.1]], LABELS[:2], title="").data[0]
    assert (cells.zmin, cells.zmax) == (-limit, limit)


def test_what_is_not_known_is_left_empty() -> None:
    figure = heatmap(np.full((3, 3), np.nan), LABELS, title="")
    assert (figure.data[0].zmin, figure.data[0].zmax) == (-1, 1)
    assert figure.data[0].hoverongaps is False
    assert json.loads(figure.to_json())["data"][0]["zmax"] == 1


def test_many_columns_are_named_by_the_rows_and_the_plot_grows() -> None:
    names = [f"attribute {number}" for number in range(40)]
    many = heatmap(np.eye(40), names, title="")
    assert not many.layout.xaxis.showticklabels
    assert len(many.layout.yaxis.ticktext) == 40
    assert many.layout.height > heatmap(np.eye(3), LABELS, title="").layout.height


def test_a_matrix_that_is_not_square_is_refused() -> None:
    with pytest.raises(ValueError, match=r"values has shape \(2, 3\) for 3 labels"):
        heatmap(np.zeros((2, 3)), LABELS, title="")
