from __future__ import annotations

from explorer.figures.rate_distortion import Dot, rate_distortion


def dot(rate: float, distortion: float, *, number: int | None = 0, front: bool = True) -> Dot:
    return Dot(f"model {rate}", f"β {rate}", rate, distortion, number, front)


def test_one_dot_a_model_with_its_label_and_the_front_through_those_on_it() -> None:
    dots = [dot(3, 50), dot(1, 90, number=1), dot(2, 95, number=2, front=False)]
    front, *shown = rate_distortion(dots).data
    assert (list(front.x), list(front.y)) == ([1, 3], [90, 50])
    assert [(item.x[0], item.y[0], item.text[0]) for item in shown] == [
        (3, 50, "β 3"),
        (1, 90, "β 1"),
        (2, 95, "β 2"),
    ]
    assert len({item.marker.color for item in shown}) == 3
    assert len({item.marker.symbol for item in shown}) == 3


def test_the_other_cells_are_one_faint_group() -> None:
    others = [dot(1, 90, number=None), dot(2, 80, number=None)]
    _, faint, chosen = rate_distortion([*others, dot(3, 50)]).data
    assert faint.name == "other cells of the grid"
    assert len(faint.x) == 2
    assert chosen.marker.size > faint.marker.size
    assert (chosen.mode, faint.mode) == ("markers+text", "markers")  # names would overlap


def test_rates_of_different_magnitude_get_a_logarithmic_axis() -> None:
    assert rate_distortion([dot(1, 9), dot(200, 1)]).layout.xaxis.type == "log"
    assert rate_distortion([dot(1, 9), dot(3, 1)]).layout.xaxis.type == "linear"
    assert rate_distortion([dot(0, 9), dot(200, 1)]).layout.xaxis.type == "linear"
    assert rate_distortion([]).layout.xaxis.type == "linear"
