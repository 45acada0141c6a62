from __future__ import annotations

import numpy as np

from explorer.figures.palette import CATEGORICAL
from explorer.figures.smoothness import Curve, smoothness_plot


def curve(name: str, *, off: tuple[tuple[int, int], ...] = ()) -> Curve:
    return Curve(name, np.array([1.0, 3.0, 2.0, 1.0]), np.linspace(1, 2, 11), off)


def test_changes_stand_between_the_pictures_and_distances_along_the_way() -> None:
    figure = smoothness_plot([curve("Linear"), curve("Spherical")], noun="face")
    change, distance = figure.data[:2]
    np.testing.assert_allclose(change.x, [0.125, 0.375, 0.625, 0.875])
    np.testing.assert_allclose(change.y, [1, 3, 2, 1])
    np.testing.assert_allclose(distance.x, np.linspace(0, 1, 11))
    assert (change.yaxis, distance.yaxis) == ("y", "y2")
    assert figure.layout.yaxis.title.text == "Change per step<br>(grey levels)"
    assert figure.layout.yaxis2.title.text == "Distance to the faces<br>(1 is usual)"


def test_paths_differ_in_colour_dash_and_sign_and_are_named_once() -> None:
    figure = smoothness_plot([curve("Linear"), curve("Spherical")])
    colours = [trace.line.color for trace in figure.data]
    assert colours == [CATEGORICAL[0], CATEGORICAL[0], CATEGORICAL[1], CATEGORICAL[1]]
    assert figure.data[0].line.dash != figure.data[2].line.dash
    assert figure.data[0].marker.symbol != figure.data[2].marker.symbol
    assert [trace.name for trace in figure.data if trace.showlegend is not False] == [
        "Linear",
        "Spherical",
    ]


def test_the_stretches_off_the_data_are_shaded_below_and_explained_once() -> None:
    figure = smoothness_plot([curve("Linear", off=((0, 2), (5, 6))), curve("Spherical")])
    shades = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    np.testing.assert_allclose([(s.x0, s.x1) for s in shades], [(0, 0.15), (0.45, 0.55)])
    assert {shade.xref for shade in shades} == {"x2"}
    assert [shade.showlegend for shade in shades] == [True, False]
    assert shades[0].name == "Linear: far from the data"


def test_a_path_that_stands_still_is_drawn_too() -> None:
    still = Curve("Linear", np.zeros(10), np.ones(11), ())
    figure = smoothness_plot([still])
    np.testing.assert_array_equal(figure.data[0].y, np.zeros(10))
    assert figure.layout.yaxis.rangemode == "tozero"
    assert not [shape for shape in figure.layout.shapes if shape.type == "rect"]
