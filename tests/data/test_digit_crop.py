from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter
from scipy import ndimage

from explorer.data import DataError
from explorer.data.digit_crop import BOX, MIDDLE, SIZE, THIN_STROKE, fit_digit

SEVEN = ((60, 60), (180, 60), (110, 240))


def drawing(
    points: tuple[tuple[int, int], ...] = SEVEN,
    *,
    pen: int = 24,
    size: tuple[int, int] = (300, 320),
    ground: int = 255,
    ink: int = 0,
) -> Image.Image:
    picture = Image.new("L", size, ground)
    ImageDraw.Draw(picture).line(points, fill=ink, width=pen, joint="curve")
    return picture


def fitted(picture: Image.Image) -> np.ndarray:
    return fit_digit(np.asarray(picture))[:, :, 0].astype(float)


def box(digit: np.ndarray) -> tuple[int, int]:
    rows, columns = np.flatnonzero(digit.max(1) > 40), np.flatnonzero(digit.max(0) > 40)
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def alike(one: np.ndarray, other: np.ndarray) -> float:
    """Correlation, where a pixel's shift is nothing: the middle is a whole pixel."""
    shifts = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    moved = [np.roll(one, shift, axis=(0, 1)) for shift in shifts]
    return max(float(np.corrcoef(view.ravel(), other.ravel())[0, 1]) for view in moved)


def test_a_digit_has_mnists_shape_box_and_middle() -> None:
    digit = fit_digit(np.asarray(drawing()))
    assert digit.shape == (SIZE, SIZE, 1)
    assert digit.dtype == np.uint8
    assert digit.max() == 255
    assert box(digit[:, :, 0])[0] == BOX
    centre = ndimage.center_of_mass(digit[:, :, 0])
    assert np.abs(np.subtract(centre, MIDDLE)).max() <= 0.5


def test_the_longer_side_is_twenty_and_the_shorter_in_proportion() -> None:
    bar = Image.new("L", (400, 300), 0)
    ImageDraw.Draw(bar).rectangle((30, 100, 229, 149), fill=255)  # 200 x 50
    assert box(fitted(bar)) == (5, 20)


@pytest.mark.parametrize("factor", [0.5, 2.0])
@pytest.mark.parametrize("offset", [(0, 0), (90, 55)])
def test_size_and_place_on_the_paper_do_not_matter(factor: float, offset: tuple[int, int]) -> None:
    moved = tuple((int(factor * (x + offset[0])), int(factor * (y + offset[1]))) for x, y in SEVEN)
    other = drawing(moved, pen=int(24 * factor), size=(int(500 * factor), int(400 * factor)))
    assert alike(fitted(other), fitted(drawing())) > 0.92


def test_dark_on_light_and_light_on_dark_are_the_same() -> None:
    white = fitted(drawing(ground=0, ink=255))
    assert np.abs(white - fitted(drawing())).max() <= 1
    dim = fitted(drawing(ground=110, ink=40))  # a dark photo of white paper
    assert np.abs(dim - fitted(drawing())).max() <= 1


def test_colour_and_grey_are_the_same() -> None:
    picture = np.asarray(drawing())
    assert np.array_equal(fit_digit(picture), fit_digit(np.stack([picture] * 3, axis=2)))
    assert np.array_equal(fit_digit(picture), fit_digit(picture[:, :, None]))


def test_a_photo_with_shade_noise_and_dirt_is_cleaned() -> None:
    rng = np.random.default_rng(0)
    picture = drawing(size=(600, 500)).filter(ImageFilter.GaussianBlur(1))
    ImageDraw.Draw(picture).ellipse((500, 400, 508, 408), fill=0)
    photo = np.asarray(picture) * np.linspace(0.35, 0.8, 600)[None] + rng.normal(0, 6, (500, 600))
    cleaned = fit_digit(np.clip(photo, 0, 255).astype(np.uint8))[:, :, 0].astype(float)
    assert alike(cleaned, fitted(drawing())) > 0.92


def test_parts_of_a_digit_stay() -> None:
    two = Image.new("L", (300, 300), 255)
    draw = ImageDraw.Draw(two)
    draw.line((80, 80, 80, 220), fill=0, width=20)
    draw.line((200, 120, 200, 180), fill=0, width=20)  # not joined to the other
    digit = fitted(two)
    assert digit[:, :14].max() > 200
    assert digit[:, 14:].max() > 200


def test_a_thin_pen_leaves_a_stroke_as_wide_as_mnists() -> None:
    digit = fitted(drawing(pen=3))
    ink = digit / 255
    slopes = np.hypot(np.diff(ink, axis=0)[:, :-1], np.diff(ink, axis=1)[:-1])
    assert 2 * ink.sum() / slopes.sum() > THIN_STROKE
    assert digit.max() == 255
    assert alike(digit, fitted(drawing(pen=24))) > 0.8


def test_what_mnist_has_stays_as_it_is() -> None:
    once = fit_digit(np.asarray(drawing()))
    assert np.corrcoef(fit_digit(once).ravel(), once.ravel())[0, 1] > 0.99


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((60, 50), np.uint8),
        np.full((60, 50, 3), 255, np.uint8),
        np.random.default_rng(0).integers(120, 132, (200, 200), np.uint8),
        np.tile(np.linspace(90, 200, 300).astype(np.uint8), (200, 1)),
    ],
    ids=["black", "white", "noise", "shade"],
)
def test_an_empty_drawing_is_told_in_a_sentence(picture: np.ndarray) -> None:
    with pytest.raises(DataError, match=r"Nothing is drawn here: .* Draw one digit"):
        fit_digit(picture)
