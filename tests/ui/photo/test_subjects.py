from __future__ import annotations

import math

import numpy as np
import pytest

from explorer.data.alignment import FoundFace, Placement
from explorer.ui.photo import subjects
from explorer.ui.photo.kinds import CARTOON, DIGIT, FACE
from explorer.ui.photo.subjects import Photo, eye_guides, parse_placement, start_placement
from tests.bundles import Tiny, make_config

CONFIG = make_config(Tiny(source="celeba", image_size=64, crop=148))
FACES = (
    FoundFace((100.0, 100.0), (140.0, 100.0), box=(80.0, 60.0, 80.0, 80.0), confidence=0.9),
    FoundFace((300.0, 200.0), (320.0, 220.0), box=(290.0, 180.0, 50.0, 50.0), confidence=0.8),
)


@pytest.fixture
def photo(monkeypatch: pytest.MonkeyPatch) -> Photo:
    calls = []
    monkeypatch.setattr(subjects, "find_faces", lambda pixels: calls.append(1) or FACES)
    made = Photo(np.zeros((300, 400, 3), np.uint8), "Your photo")
    yield made
    assert len(calls) <= 1  # looked for once


def test_two_photos_have_idents_of_their_own() -> None:
    pixels = np.zeros((20, 20, 3), np.uint8)
    assert Photo(pixels, "a").ident != Photo(pixels, "a").ident


def test_a_crop_starts_where_the_chosen_face_is(photo: Photo) -> None:
    placed = start_placement(photo, FACE, CONFIG, chosen=1)
    assert placed.angle == pytest.approx(-45)
    # The eyes come to lie on the guides.
    places = placed.to_square([FACES[1].left_eye, FACES[1].right_eye])
    np.testing.assert_allclose(places, eye_guides(CONFIG), atol=1e-9)


def test_a_number_too_large_is_the_last_face(photo: Photo) -> None:
    assert start_placement(photo, FACE, CONFIG, chosen=9) == start_placement(
        photo, FACE, CONFIG, chosen=1
    )


def test_a_digit_is_looked_for_everywhere_and_others_take_the_centre(photo: Photo) -> None:
    assert start_placement(photo, DIGIT, CONFIG) == Placement(200, 150, 400)
    assert start_placement(photo, CARTOON, CONFIG) == Placement(200, 150, 300)


def test_a_placement_is_read(photo: Photo) -> None:
    message = {"x": 10, "y": 20.5, "side": 400, "angle": -180, "serial": 3}
    assert parse_placement(message, photo) == Placement(10, 20.5, 400, -180)


@pytest.mark.parametrize(
    "change",
    [
        {"x": -1},
        {"y": 301},
        {"side": 401},
        {"side": 15},
        {"angle": 181},
        {"x": math.nan},
        {"side": math.inf},
        {"y": "7"},
        {"x": True},
        {"angle": None},
        {"x": 10**400},
    ],
)
def test_a_placement_out_of_bounds_is_none(photo: Photo, change: dict[str, object]) -> None:
    message = {"x": 10, "y": 20, "side": 100, "angle": 0} | change
    assert parse_placement(message, photo) is None


@pytest.mark.parametrize("message", [None, "x", 3, [], {}])
def test_what_is_no_placement_is_none(photo: Photo, message: object) -> None:
    assert parse_placement(message, photo) is None
