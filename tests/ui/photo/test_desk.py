from __future__ import annotations

import numpy as np
import pytest
import streamlit as st

from explorer.data.alignment import Placement
from explorer.ui.faces import Face
from explorer.ui.photo import desk as desks
from explorer.ui.photo.desk import Desk, Guard
from explorer.ui.photo.subjects import Photo
from explorer.ui.state import Session

PIXELS = np.zeros((20, 20, 3), np.uint8)
CODE = np.zeros(4, np.float32)


def full() -> Desk:
    held = Desk(photo=Photo(PIXELS, "Your photo"), chosen=2, strokes=(np.zeros((1, 2)),))
    held.by_hand["face"] = Placement(1, 2, 3)
    held.faces["abc"] = Face(CODE, PIXELS, "Your photo")
    return held


def test_another_photo_begins_afresh() -> None:
    held = full()
    other = Photo(PIXELS, "Your photo")
    held.take(other)
    assert held.photo is other
    assert (held.chosen, held.by_hand, held.faces, held.round) == (0, {}, {}, 1)


def test_what_cannot_be_read_takes_the_place_of_what_was_there() -> None:
    held = full()
    held.take(None, problem="The file is empty.")
    assert held.photo is None
    assert held.problem == "The file is empty."


def test_another_face_is_not_cropped_by_the_old_hand() -> None:
    held = full()
    held.choose(1)
    assert (held.chosen, held.by_hand) == (1, {})


def test_forgetting_takes_what_is_private_and_nothing_else() -> None:
    private, public = Face(CODE, PIXELS, "Your photo"), Face(CODE, PIXELS, "A", link="a")
    state = Session(
        kept={"abc": [private, public], "def": [private]},
        slots={("abc", "face"): private, ("abc", "to"): public},
        handled={"photo_sketch.strokes": {"strokes": []}, "map_face": {}},
    )
    held = full()
    Guard(held, state).forget()
    assert held.photo is None
    assert held.strokes == ()
    assert state.kept == {"abc": [public], "def": []}
    assert state.slots == {("abc", "to"): public}
    assert list(state.handled) == ["map_face"]


def test_a_visitor_has_one_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    assert desks._desk() is desks._desk()
    first = desks._desk()
    monkeypatch.setattr(st, "session_state", {})
    assert desks._desk() is not first
