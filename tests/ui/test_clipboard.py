from __future__ import annotations

import numpy as np
import pytest
import streamlit as st

from explorer.bundle import Bundle
from explorer.latent import CodeIndex
from explorer.ui import clipboard, faces
from explorer.ui.resources import Opened


@pytest.fixture
def opened(bundle: Bundle) -> Opened:
    return Opened(bundle, CodeIndex(bundle.latents.mu), "abc")


@pytest.fixture(autouse=True)
def query(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    query: dict[str, str] = {}
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "query_params", query)
    return query


def test_the_latest_face_comes_first_and_once(opened: Opened) -> None:
    for number in (1, 2, 1):
        clipboard.keep(opened, faces.of_row(number, opened.bundle))
    assert [face.index for face in clipboard.kept_faces(opened)] == [1, 2]


def test_the_oldest_face_goes(opened: Opened) -> None:
    for number in range(clipboard.MAX_KEPT + 2):
        clipboard.keep(opened, faces.of_row(number, opened.bundle))
    kept = [face.index for face in clipboard.kept_faces(opened)]
    assert kept == list(range(clipboard.MAX_KEPT + 1, 1, -1))


def test_a_face_can_be_dropped(opened: Opened) -> None:
    face = faces.of_row(3, opened.bundle)
    clipboard.keep(opened, face)
    clipboard.drop(opened, faces.of_row(3, opened.bundle))
    assert clipboard.kept_faces(opened) == []


def test_another_bundle_has_its_own_faces(opened: Opened) -> None:
    clipboard.put(opened, "face", faces.of_row(3, opened.bundle))
    other = Opened(opened.bundle, opened.index, "other")
    assert clipboard.kept_faces(other) == []
    assert clipboard.held(other, "face") is None


def test_a_slot_is_filled_from_the_link_once(opened: Opened, query: dict[str, str]) -> None:
    query["from"] = "toy-000009"
    face = clipboard.held(opened, "from")
    assert face is not None
    assert face.index == 9
    query["from"] = "toy-000010"
    assert clipboard.held(opened, "from") is face


def test_a_broken_link_fills_nothing(opened: Opened, query: dict[str, str]) -> None:
    query["face"] = "nobody"
    assert clipboard.held(opened, "face") is None


def test_the_link_follows_the_face_unless_it_is_private(
    opened: Opened, query: dict[str, str]
) -> None:
    clipboard.keep_in_link("face", faces.of_row(5, opened.bundle))
    assert query == {"face": "toy-000005"}
    photo = faces.of_codes(np.zeros((1, 8)), opened.bundle, titles=["Photo"], is_private=True)[0]
    clipboard.keep_in_link("face", photo)
    assert query == {}
