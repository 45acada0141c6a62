from __future__ import annotations

import numpy as np
import pytest

from explorer.data.dataset import IMAGE_SIZES
from explorer.data.shapes import Canvas
from explorer.data.toy_drawing import draw_faces
from explorer.data.toy_factors import COLUMN, FACTORS, HAIR_COLOURS, draw_factors


def face(**factors: float) -> np.ndarray:
    """A front view with some factors set."""
    values = np.zeros((1, len(FACTORS)), np.float32)
    for name, value in factors.items():
        values[0, COLUMN[name]] = value
    return draw_faces(values)[0].astype(int)


def region(picture: np.ndarray, rows: slice, columns: slice) -> np.ndarray:
    return picture[rows, columns].reshape(-1, 3).mean(axis=0)


@pytest.mark.parametrize("size", IMAGE_SIZES)
@pytest.mark.parametrize("channels", [1, 3])
def test_every_size_and_depth(size: int, channels: int) -> None:
    faces = draw_faces(draw_factors(np.arange(3), seed=0), size=size, channels=channels)
    assert faces.shape == (3, size, size, channels)
    assert faces.dtype == np.uint8
    assert faces.std() > 20


def test_pixels_do_not_depend_on_the_batch() -> None:
    factors = draw_factors(np.arange(60), seed=0)
    together = draw_faces(factors)
    for index in (0, 23, 24, 59):
        assert np.array_equal(draw_faces(factors[index : index + 1])[0], together[index])


def test_sizes_show_the_same_face() -> None:
    factors = draw_factors(np.arange(8), seed=0)
    large = draw_faces(factors, size=128).astype(float)
    halved = large.reshape(8, 64, 2, 64, 2, 3).mean(axis=(2, 4))
    assert np.abs(halved - draw_faces(factors, size=64)).mean() < 2.5


@pytest.mark.parametrize("factor", FACTORS, ids=lambda factor: factor.name)
def test_every_factor_is_seen(factor) -> None:
    low = face(**{factor.name: factor.low})
    high = face(**{factor.name: factor.high})
    changed = np.abs(low - high).max(axis=2) > 25
    assert changed.sum() > 25  # pixels of 64 x 64


def test_hair_has_its_colour() -> None:
    crown = (slice(9, 12), slice(30, 36))
    black = region(face(hair_colour=HAIR_COLOURS.index("black")), *crown)
    blond = region(face(hair_colour=HAIR_COLOURS.index("blond")), *crown)
    assert black.max() < 80
    assert blond[0] > 200
    assert blond[2] < 150


def test_a_smile_turns_the_corners_of_the_mouth_up() -> None:
    def corner_row(picture: np.ndarray) -> float:
        corner = picture[38:54, 24:27].sum(axis=(1, 2))
        return float(corner.argmin())

    assert corner_row(face(smile=1)) < corner_row(face(smile=-1))


def test_an_upright_bare_face_is_symmetrical_below_the_fringe() -> None:
    picture = face(smile=1, hair_length=0.8)[36:]
    # The glint in the eyes and the fringe are on one side; mouth, chin and shirt are not.
    assert np.abs(picture - picture[:, ::-1]).mean() < 3


@pytest.mark.parametrize("tilt", [-1, 1])
@pytest.mark.parametrize("shape", [-1, 1])
def test_no_part_is_cut_off_by_its_area(
    tilt: float, shape: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = {"glasses": 1, "beard": 1, "mouth_open": 1, "smile": -1, "hair_length": 0}
    factors = {**everything, "tilt": tilt, "face_shape": shape, "brow": 1}
    usual = face(**factors)
    monkeypatch.setattr(Canvas, "_slices", lambda self, area: (slice(None), slice(None)))
    assert np.abs(usual - face(**factors)).max() <= 2


def test_faces_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="smile is 3"):
        face(smile=3)
