from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image

from explorer.bundle import Bundle
from explorer.ui import faces
from explorer.ui.attributes import takeaways
from explorer.ui.attributes.edits import Edit
from explorer.ui.attributes.panel import Panel, make_panel
from explorer.ui.attributes.sliders import sliders_of
from explorer.ui.faces import Face

EDIT = Edit({"Smiling": 1.2, "Eyeglasses": -0.5}, shown=("Smiling",), last="Smiling")


@pytest.fixture
def panel(bundle: Bundle) -> Panel:
    return make_panel(sliders_of(bundle.directions, method="mean"), ())


@pytest.fixture
def face(bundle: Bundle) -> Face:
    return faces.of_row(7, bundle)


def opened(blob: bytes) -> Image.Image:
    return Image.open(io.BytesIO(blob))


def test_the_strip_is_nine_pictures_side_by_side(bundle: Bundle, panel: Panel, face: Face) -> None:
    picture = opened(takeaways.strip_png(panel, face, EDIT, bundle))
    assert picture.format == "PNG"
    assert picture.height >= 224
    assert picture.width > 8.9 * picture.height


def test_the_loop_goes_there_and_back(bundle: Bundle, panel: Panel, face: Face) -> None:
    picture = opened(takeaways.loop_gif(panel, face, EDIT, bundle))
    frames = []
    for number in range(picture.n_frames):  # type: ignore[attr-defined]
        picture.seek(number)
        frames.append(np.asarray(picture.convert("RGB"), int))
    assert len(frames) > 20
    middle = frames[len(frames) // 2]
    assert np.abs(middle - frames[0]).mean() > 4
    assert np.abs(frames[1] - frames[-1]).mean() < 2


def test_the_code_is_enough_to_make_the_picture_again(
    bundle: Bundle, panel: Panel, face: Face
) -> None:
    blob = takeaways.code_json(panel, face, EDIT, bundle, method="mean")
    content = json.loads(blob)
    z = np.array([content["z"]], np.float32)
    np.testing.assert_array_equal(z[0], panel.apply(face.code, EDIT.values))
    np.testing.assert_array_equal(np.float32(content["z_before"]), face.code)
    assert content["bundle"] == bundle.name
    assert content["weights_sha256"] == bundle.config.weights_sha256
    assert content["values"] == {"Smiling": 1.2, "Eyeglasses": -0.5}
    assert (content["method"], content["locks"]) == ("mean", [])


def test_names_tell_what_was_done(bundle: Bundle, panel: Panel, face: Face) -> None:
    title = takeaways.edit_title(face, EDIT, panel)
    assert title == "toy-000007 · Smiling +1.2, Eyeglasses -0.5"
    assert takeaways.edit_title(face, Edit(), panel) == "toy-000007"
    stem = takeaways.file_stem(face, EDIT, bundle)
    assert stem == f"{bundle.name}-toy-000007-Smiling+1.2-Eyeglasses-0.5"


def test_a_file_name_holds_nothing_odd(bundle: Bundle, face: Face) -> None:
    stem = takeaways.file_stem(face, Edit({"own:../a b": 1.0}), bundle)
    assert "/" not in stem
    assert " " not in stem
    assert len(takeaways.file_stem(face, Edit({"x" * 500: 1.0}), bundle)) <= 120
