from __future__ import annotations

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from explorer.bundle import Bundle
from explorer.data.alignment import FoundFace, Placement
from explorer.latent import CodeIndex
from explorer.ui.photo import messages, sights, subjects
from explorer.ui.photo.desk import Desk
from explorer.ui.photo.kinds import CARTOON, FACE
from explorer.ui.photo.sights import Sight
from explorer.ui.photo.subjects import Photo

FOUND = FoundFace((40.0, 50.0), (60.0, 50.0), box=(30.0, 30.0, 40.0, 40.0), confidence=0.9)


def photo(width: int = 200, height: int = 100) -> Photo:
    return Photo(np.full((height, width, 3), 90, np.uint8), "Your photo")


@pytest.fixture
def sight(bundle: Bundle) -> Sight:
    crop = np.zeros(bundle.image_shape, np.uint8)
    shell = sights.shell_of(bundle)
    return sights.look(crop, bundle, index=CodeIndex(bundle.latents.mu), shell=shell, title="x")


def test_the_cropper_gets_the_faces_in_photo_pixels(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subjects, "find_faces", lambda pixels: (FOUND,))
    message = messages.cropper_message(photo(), FACE, bundle, "abc")
    (face,) = message["faces"]
    assert face["eyes"] == [[40.0, 50.0], [60.0, 50.0]]
    assert message["start"] == face["placement"]
    assert message["limits"] == [16.0, 200.0]
    assert len(message["guides"]) == 2
    json.dumps(message)


def test_without_a_face_the_hand_begins(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "find_faces", lambda pixels: ())
    assert messages.cropper_message(photo(), FACE, bundle, "abc")["by_hand"]
    assert not messages.cropper_message(photo(), CARTOON, bundle, "abc")["by_hand"]


def test_a_large_photo_is_sent_small_but_told_in_its_own_pixels(bundle: Bundle) -> None:
    message = messages.cropper_message(photo(2000, 1500), CARTOON, bundle, "abc")
    assert (message["width"], message["height"]) == (2000, 1500)
    raw = base64.b64decode(message["source"].removeprefix("data:image/jpeg;base64,"))
    assert Image.open(io.BytesIO(raw)).size == (1280, 960)


def test_the_likeness_tells_which_square_it_is_of(bundle: Bundle, sight: Sight) -> None:
    held = Desk(photo=photo(), chosen=0)
    placement = Placement(10, 20, 30, 4)
    message = messages.likeness_message(sight, bundle, placement=placement, desk=held)
    assert message["photo"] == held.photo.ident  # type: ignore[union-attr]
    assert message["placement"] == {"x": 10.0, "y": 20.0, "side": 30.0, "angle": 4.0}
    assert "32 × 32 pixels" in message["captions"][0]
    assert "8 numbers" in message["captions"][1]


def test_a_drawing_has_no_square(bundle: Bundle, sight: Sight) -> None:
    message = messages.likeness_message(sight, bundle, placement=None, desk=Desk(photo=photo()))
    assert (message["photo"], message["placement"]) == ("", None)


def test_the_small_map_shows_where_the_code_is_projected(bundle: Bundle, sight: Sight) -> None:
    assert messages.first_plane(bundle) == "umap"
    message = messages.place_message(sight, bundle)
    expected = bundle.maps["umap"].project(sight.face.code[None])[0]
    assert message["place"] == pytest.approx(expected.tolist())
    assert message["neighbours"] == sight.near.index.tolist()
    points = messages.points_message(bundle, "abc")
    assert points["count"] == len(bundle.items)
    assert points["colour"]["title"] == "Label"
    json.dumps(points | message)


def test_the_sketch_gets_its_strokes_back() -> None:
    held = Desk(strokes=(np.array([[0.25, 0.5], [0.75, 0.5]]),), round=3)
    message = messages.sketch_message(held, "abc")
    assert message["strokes"] == [[[0.25, 0.5], [0.75, 0.5]]]
    assert message["round"] == 3
