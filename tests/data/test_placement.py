from __future__ import annotations

import cv2
import numpy as np
import pytest

from explorer.data.pictures import Frame, fit_array
from explorer.data.placement import Placement, centre_placement, cut


def smooth_noise(width: int = 178, height: int = 218, *, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=(height, width, 3))
    soft = cv2.GaussianBlur(noise, (0, 0), 4)
    return np.clip(127 + soft / soft.std() * 50, 0, 255).astype(np.uint8)


def difference(one: np.ndarray, other: np.ndarray) -> int:
    return int(np.abs(one.astype(int) - other.astype(int)).max())


def test_corners_of_an_upright_square() -> None:
    square = Placement(100, 50, 40)
    corners = square.to_photo([[0, 0], [1, 0], [0.5, 0.5], [1, 1]])
    assert corners.tolist() == [[80, 30], [120, 30], [100, 50], [120, 70]]


def test_counter_clockwise_is_as_one_looks_at_it() -> None:
    square = Placement(0, 0, 2, 90)  # its right edge is above now: y points down
    assert np.allclose(square.to_photo([1, 0.5]), [0, -1])
    slightly = Placement(0, 0, 2, 30)
    assert np.allclose(slightly.to_photo([1, 0.5]), [np.cos(np.pi / 6), -0.5])


def test_to_square_undoes_to_photo() -> None:
    square = Placement(31, -7, 55, 123)
    places = np.random.default_rng(0).random((5, 2, 2))
    assert np.allclose(square.to_square(square.to_photo(places)), places)


@pytest.mark.parametrize("angle", [-170.0, -25.0, 0.0, 40.0, 179.0])
def test_the_square_through_two_points_is_found_again(angle: float) -> None:
    square, inside = Placement(70, 90, 33, angle), ((0.2, 0.6), (0.7, 0.5))
    first, second = (tuple(point) for point in square.to_photo(inside))
    found = Placement.through(inside, (first, second))
    assert np.allclose(
        (found.x, found.y, found.side, found.angle), (square.x, square.y, square.side, angle)
    )


def test_the_centre_placement_is_the_largest_square_in_the_middle() -> None:
    assert centre_placement(np.zeros((30, 80, 3), np.uint8)) == Placement(40, 15, 30)
    assert centre_placement(np.zeros((80, 31, 1), np.uint8)) == Placement(15.5, 40, 31)


@pytest.mark.parametrize("channels", [1, 3])
def test_an_upright_square_is_cut_exactly_as_for_training(channels: int) -> None:
    photo, frame = smooth_noise(), Frame(64, channels, crop=148, width=178)
    square = Placement(89, 109, 148)
    assert np.array_equal(cut(photo, square, size=64, channels=channels), fit_array(photo, frame))
    whole = Frame(28, channels)
    middle = cut(photo, centre_placement(photo), size=28, channels=channels)
    assert np.array_equal(middle, fit_array(photo, whole))


def test_a_turned_square_is_seen_upright() -> None:
    photo = smooth_noise(400, 400)
    upright = cut(photo, Placement(200, 200, 150), size=64, channels=3)
    for angle in (-25.0, 10.0, 90.0):
        matrix = cv2.getRotationMatrix2D((199.5, 199.5), angle, 1.0)  # counter-clockwise too
        turned = cv2.warpAffine(photo, matrix, (400, 400), flags=cv2.INTER_CUBIC)
        seen = cut(turned, Placement(200, 200, 150, angle), size=64, channels=3)
        assert difference(seen, upright) <= 8, angle


def test_the_general_way_agrees_with_the_exact_one() -> None:
    photo = smooth_noise()
    for square in (Placement(89, 109, 148), Placement(90.3, 100.6, 101.7), Placement(89, 109, 31)):
        nearly = Placement(square.x, square.y, square.side, 1e-9)
        exact = cut(photo, square, size=64, channels=3)
        assert difference(cut(photo, nearly, size=64, channels=3), exact) <= 4


@pytest.mark.parametrize("angle", [0.0, 17.0])
def test_shrinking_is_antialiased(angle: float) -> None:
    stripes = np.zeros((1000, 1000, 1), np.uint8)
    stripes[:, ::2] = 255
    small = cut(stripes, Placement(500, 500, 600, angle), size=32, channels=1)
    assert small.min() > 105
    assert small.max() < 150


def test_beyond_the_photo_its_edge_goes_on() -> None:
    photo = np.full((40, 40, 3), 50, np.uint8)
    photo[:, -1] = 200
    seen = cut(photo, Placement(40, 20, 40), size=40, channels=3)
    assert difference(seen[:, 25:], np.full((40, 15, 3), 200)) <= 2
    assert difference(seen[:, :15], np.full((40, 15, 3), 50)) <= 2
    far = cut(photo, Placement(500, 500, 30, 20), size=16, channels=1)
    assert (far == 200).all()


def test_grey_and_colour_become_each_other() -> None:
    grey = np.full((30, 30, 1), 90, np.uint8)
    assert (cut(grey, Placement(15, 15, 20), size=8, channels=3) == 90).all()
    green = np.zeros((30, 30, 3), np.uint8)
    green[..., 1] = 255
    for angle in (0.0, 30.0):
        assert (cut(green, Placement(15, 15, 20, angle), size=8, channels=1) == 150).all()
