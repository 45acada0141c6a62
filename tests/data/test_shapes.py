from __future__ import annotations

import numpy as np
import pytest

from explorer.data.shapes import Area, Canvas, View, box, ellipse

WHOLE = Area(-1, 1, -1, 1)
BLACK, WHITE = np.zeros((3, 1, 1, 1), np.float32), np.ones((3, 1, 1, 1), np.float32)


def canvas(size: int = 64, turn: float = 0.0) -> Canvas:
    angle = np.full((1, 1, 1), turn, np.float32)
    made = Canvas(1, size, view=View(0, 0, 1), angle=angle, pivot=(0, 0))
    made.planes[:] = 0
    return made


def test_ellipse_is_exact_for_a_circle() -> None:
    x = np.array([0, 1, 3], np.float32)
    assert ellipse(x, np.zeros(3, np.float32), 2, 2).tolist() == [-2, -1, 1]


def test_ellipse_is_zero_on_its_outline() -> None:
    angle = np.linspace(0, 6, 20, dtype=np.float32)
    distance = ellipse(0.5 * np.cos(angle), 0.2 * np.sin(angle), 0.5, 0.2)
    assert np.abs(distance).max() < 1e-6


def test_box_measures_sides_and_corners() -> None:
    x, y = np.array([0, 3, 4], np.float32), np.array([0, 0, 5], np.float32)
    assert box(x, y, 1, 1, 0).tolist() == [-1, 2, 5]
    assert box(np.float32([1]), np.float32([1]), 1, 1, 1)[0] == pytest.approx(np.sqrt(2) - 1)


@pytest.mark.parametrize("size", [28, 64, 128])
def test_antialiasing_keeps_the_area_of_a_disc(size: int) -> None:
    made = canvas(size)
    window = made.upright(WHOLE)
    window.fill(ellipse(window.x, window.y, 0.5, 0.5), WHITE)
    assert made.planes[0].sum() * (2 / size) ** 2 == pytest.approx(np.pi / 4, rel=0.01)


def test_an_area_cuts_nothing_off_a_shape_inside_it() -> None:
    whole, part = canvas(), canvas()
    for made, area in ((whole, WHOLE), (part, Area(0.1, 0.5, -0.4, 0.0))):
        window = made.upright(area)
        x, y = window.x - np.float32(0.3), window.y + np.float32(0.2)
        window.fill(ellipse(x, y, 0.2, 0.2), WHITE)
    assert np.array_equal(whole.pictures(), part.pictures())


def test_turned_coordinates_turn_the_shape() -> None:
    made = canvas(turn=np.pi / 2)
    window = made.turned(WHOLE)
    window.fill(box(window.x, window.y, 0.8, 0.1, 0), WHITE)
    picture = made.pictures()[0, :, :, 0]
    assert picture[:, 32].sum() > 5 * picture[32].sum()  # the wide bar now stands


def test_view_decides_what_is_seen() -> None:
    angle = np.zeros((1, 1, 1), np.float32)
    made = Canvas(1, 32, view=View(0.5, 0, 0.5), angle=angle, pivot=(0, 0))
    x = made.upright(Area(-9, 9, -9, 9)).x
    assert x.min() == pytest.approx(0.5 / 32)
    assert x.max() == pytest.approx(1 - 0.5 / 32)


def test_a_stroke_is_never_thinner_than_most_of_a_pixel() -> None:
    made = canvas(28)
    window = made.upright(WHOLE)
    window.stroke(np.broadcast_to(window.y, (1, 28, 28)).copy(), 0.001, WHITE)
    assert made.planes[0].sum(axis=1).min() > 0.7


def test_paint_blends_by_share() -> None:
    made = canvas()
    made.upright(WHOLE).paint(np.full((1, 64, 64), 0.25, np.float32), WHITE)
    made.upright(WHOLE).paint(np.full((1, 64, 64), 0.5, np.float32), BLACK)
    assert made.pictures()[0, 5, 5].tolist() == [32, 32, 32]
