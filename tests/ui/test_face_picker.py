from __future__ import annotations

import numpy as np
import pytest
import streamlit as st

from explorer.bundle import Bundle
from explorer.latent import CodeIndex
from explorer.ui import clipboard, face_picker
from explorer.ui.resources import Opened


@pytest.fixture
def opened(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> Opened:
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "query_params", {})
    return Opened(bundle, CodeIndex(bundle.latents.mu), "abc")


def test_a_random_picture_comes_from_the_rows_asked_for(opened: Opened) -> None:
    rows = np.array([5, 17])
    for _ in range(5):
        face_picker.put_random(opened, "face", rows=rows)
        held = clipboard.held(opened, "face")
        assert held is not None
        assert held.index in rows


def test_a_random_picture_is_never_the_one_that_is_there(opened: Opened) -> None:
    before = None
    for _ in range(8):
        face_picker.put_random(opened, "face", rows=np.array([5, 17]))
        held = clipboard.held(opened, "face")
        assert held is not None
        assert held.index != before
        before = held.index


def test_the_only_picture_there_is_stays(opened: Opened) -> None:
    for _ in range(2):
        face_picker.put_random(opened, "face", rows=np.array([5]))
        held = clipboard.held(opened, "face")
        assert held is not None
        assert held.index == 5


def test_a_sample_is_new_each_time(opened: Opened) -> None:
    face_picker.put_sample(opened, "face")
    first = clipboard.held(opened, "face")
    face_picker.put_sample(opened, "face")
    second = clipboard.held(opened, "face")
    assert first is not None
    assert second is not None
    assert not np.array_equal(first.code, second.code)


def test_groups_are_the_attributes_both_ways_and_the_labels(bundle: Bundle) -> None:
    groups = face_picker._groups("abc", _bundle=bundle)
    assert list(groups) == [
        "any",
        "Smiling",
        "not Smiling",
        "Eyeglasses",
        "not Eyeglasses",
        "black",
        "blond",
        "red",
    ]
    assert (bundle.items["Smiling"].iloc[groups["Smiling"]] == 1).all()
    assert (bundle.items["Smiling"].iloc[groups["not Smiling"]] == 0).all()
    assert (bundle.items["label"].iloc[groups["red"]] == "red").all()
