from __future__ import annotations

import numpy as np
import pytest
import streamlit as st

from explorer.bundle import Bundle
from explorer.latent import CodeIndex
from explorer.ui import clipboard, faces, sending
from explorer.ui.registry import ATTRIBUTES, MAP
from explorer.ui.resources import Opened
from explorer.ui.state import session


@pytest.fixture
def opened(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> Opened:
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "query_params", {})
    return Opened(bundle, CodeIndex(bundle.latents.mu), "abc")


@pytest.fixture
def went(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    visits: list[tuple[str, object]] = []
    monkeypatch.setattr(
        st, "switch_page", lambda page, *, query_params: visits.append((page, query_params))
    )
    return visits


def way_to(page: str) -> sending.Way:
    return next(way for way in sending.WAYS if way.page == page)


def test_a_sent_face_is_in_the_slot_of_the_page(
    opened: Opened, went: list[tuple[str, object]]
) -> None:
    face = faces.of_codes(opened.bundle.sample(1), opened.bundle, titles=["A sample"])[0]
    sending.send(opened, way_to(ATTRIBUTES), face)
    assert went == [(ATTRIBUTES, {})]
    assert clipboard.held(opened, "face") is face
    assert clipboard.kept_faces(opened)[0] is face


def test_the_map_gets_the_place_of_a_code(opened: Opened, went: list[tuple[str, object]]) -> None:
    face = faces.of_codes(opened.bundle.sample(1), opened.bundle, titles=["A sample"])[0]
    sending.send(opened, way_to(MAP), face)
    spot = session().picks["abc"]
    plane = opened.bundle.maps[spot.plane]
    np.testing.assert_allclose(plane.project(face.code[None])[0], [spot.x, spot.y], rtol=1e-5)
    assert spot.index is None
    assert went == [(MAP, {})]


def test_the_map_gets_the_point_of_a_picture(opened: Opened) -> None:
    spot = sending.place_of(opened, faces.of_row(7, opened.bundle))
    assert spot.index == 7
    assert (spot.x, spot.y) == tuple(map(float, opened.bundle.maps[spot.plane].xy[7]))
