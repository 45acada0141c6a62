from __future__ import annotations

import base64
import json
from dataclasses import replace

import numpy as np

from explorer.bundle import Bundle
from explorer.latent import Direction
from explorer.ui import faces
from explorer.ui.attributes import messages
from explorer.ui.attributes.edits import Edit
from explorer.ui.attributes.panel import make_panel
from explorer.ui.attributes.sliders import sliders_of


def test_the_panel_tells_each_slider_and_its_vector(
    bundle: Bundle, directions: tuple[Direction, ...]
) -> None:
    panel = make_panel(sliders_of(directions, method="mean"), ())
    message = messages.panel_message(panel, bundle, has_locks=False)
    assert [slider["key"] for slider in message["sliders"]] == panel.keys
    vectors = np.frombuffer(base64.b64decode(message["vectors"]), "<f4").reshape(4, 8)
    np.testing.assert_array_equal(vectors, panel.vectors)
    smiling = message["sliders"][0]
    assert smiling["auc"] == round(panel.sliders[0].direction.scores["auc"], 2)
    assert smiling["grade"] == "strong"
    json.dumps(message)  # plain values only


def test_what_was_not_measured_is_no_number(
    bundle: Bundle, directions: tuple[Direction, ...]
) -> None:
    unknown = replace(directions[0], scores={})
    panel = make_panel(sliders_of([unknown], method="mean"), ())
    slider = messages.panel_message(panel, bundle, has_locks=False)["sliders"][0]
    assert (slider["auc"], slider["grade"], slider["success"]) == (None, "unknown", [])


def test_what_a_slider_moves_and_can_do_without_is_named_until_it_is_locked(
    directions: tuple[Direction, ...],
) -> None:
    sliders = sliders_of(directions, method="mean")
    names = [one.key for one in messages.worth_locking("Eyeglasses", make_panel(sliders, ()))]
    assert "Eyeglasses" not in names
    assert names
    locked = make_panel(sliders, names)
    assert messages.worth_locking("Eyeglasses", locked) == []


def test_a_class_is_not_locked_against_a_class(directions: tuple[Direction, ...]) -> None:
    classes = [replace(item, kind="label") for item in directions]
    panel = make_panel(sliders_of(classes, method="mean"), ())
    assert messages.worth_locking("Beard", panel) == []


def test_what_the_codes_hardly_know_is_not_worth_a_lock(
    directions: tuple[Direction, ...],
) -> None:
    weak = [replace(item, scores={"auc": 0.6}) for item in directions]
    panel = make_panel(sliders_of(weak, method="mean"), ())
    assert messages.worth_locking("Eyeglasses", panel) == []


def test_what_is_free_or_cannot_move_is_not_strained(directions: tuple[Direction, ...]) -> None:
    sliders = sliders_of(directions, method="mean")
    assert messages.strain("Beard", make_panel(sliders, ())) == ""
    twin = replace(sliders[0], key="twin", direction=sliders[0].reader)
    assert messages.strain("twin", make_panel([*sliders, twin], ("Smiling",))) == ""


def test_notes_bring_their_texts_and_what_can_be_locked(
    directions: tuple[Direction, ...],
) -> None:
    panel = make_panel(sliders_of(directions, method="mean"), ())
    note = messages.notes_message({"Eyeglasses": ("Careful.",)}, panel)["Eyeglasses"]
    assert note["texts"] == ["Careful."]
    assert {"key", "title"} == set(note["lockable"][0])


def test_a_face_brings_its_code_and_its_photo(bundle: Bundle) -> None:
    face = faces.of_row(3, bundle)
    message = messages.face_message(face)
    code = np.frombuffer(base64.b64decode(message["code"]), "<f4")
    np.testing.assert_array_equal(code, face.code)
    assert message["photo"] is None
    photographed = messages.face_message(replace(face, original=face.image))
    assert photographed["photo"] == message["picture"]
    assert messages.face_message(faces.of_row(4, bundle))["key"] != message["key"]


def test_others_are_sent_as_codes(bundle: Bundle) -> None:
    message = messages.others_message(np.array([5, 9]), bundle)
    assert message["titles"] == ["toy-000005", "toy-000009"]
    codes = np.frombuffer(base64.b64decode(message["codes"]), "<f4").reshape(2, -1)
    np.testing.assert_array_equal(codes, bundle.latents.mu[[5, 9]])


def test_the_frame_and_the_edit(bundle: Bundle) -> None:
    frame = messages.frame_message(bundle, "abc", socket="/live")
    assert (frame["noun"], frame["reach"]) == ("face", 3.0)
    assert frame["alphas"] == [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2]
    edit = Edit({"Male": 1.0}, locks=("Beard",), shown=("Male",), last="Male")
    assert messages.edit_message(edit) == {
        "values": {"Male": 1.0},
        "locks": ["Beard"],
        "shown": ["Male"],
        "last": "Male",
    }


def test_a_strained_slider_is_not_offered_more_locks(directions: tuple[Direction, ...]) -> None:
    sliders = sliders_of(directions, method="mean")
    panel = make_panel(sliders, ())
    step = replace(panel.steps["Eyeglasses"], scale=5 * panel.steps["Eyeglasses"].scale)
    strained = replace(panel, steps={**panel.steps, "Eyeglasses": step})
    note = messages.note_message("Eyeglasses", ("Careful.",), strained)
    assert note["is_grave"]
    assert note["lockable"] == []
    assert "5.0 times as far" in note["texts"][0]
