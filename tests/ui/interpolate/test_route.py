from __future__ import annotations

import numpy as np
import pytest
import streamlit as st

from explorer.bundle import Bundle
from explorer.latent import CodeIndex
from explorer.ui import clipboard, faces
from explorer.ui.interpolate import route
from explorer.ui.resources import Opened


@pytest.fixture
def opened(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> Opened:
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "query_params", {})
    return Opened(bundle, CodeIndex(bundle.latents.mu), "abc")


def put(opened: Opened, **rows: int) -> None:
    for slot, row in rows.items():
        clipboard.put(opened, slot.rstrip("_"), faces.of_row(row, opened.bundle))


def rows_of(walked: route.Route) -> list[int | None]:
    return [face.index for face in walked.faces]


def test_a_newcomer_gets_the_two_unseen_pictures_that_differ_most(opened: Opened) -> None:
    route.settle(opened)
    start, end = route.read_route(opened).faces
    assert start.index is not None
    assert end.index is not None
    assert {opened.bundle.items["split"].iloc[face.index] for face in (start, end)} <= {
        "valid",
        "test",
    }
    cosine = start.code @ end.code / np.linalg.norm(start.code) / np.linalg.norm(end.code)
    assert cosine < -0.5


def test_faces_at_hand_come_first(opened: Opened) -> None:
    clipboard.keep(opened, faces.of_row(4, opened.bundle))
    clipboard.keep(opened, faces.of_row(7, opened.bundle))
    route.settle(opened)
    assert rows_of(route.read_route(opened)) == [7, 4]


def test_one_face_at_hand_gets_a_partner_that_is_another(opened: Opened) -> None:
    put(opened, to=5)
    route.settle(opened)
    first, last = rows_of(route.read_route(opened))
    assert last == 5
    assert first != 5


def test_gaps_that_a_link_leaves_are_closed(opened: Opened) -> None:
    put(opened, from_=1, stop3=2, stop5=3, to=4)
    route.settle(opened)
    assert route.read_route(opened).slots == ("from", "stop1", "stop2", "to")
    assert rows_of(route.read_route(opened)) == [1, 2, 3, 4]


def test_stops_are_added_before_the_end_until_there_are_enough(opened: Opened) -> None:
    put(opened, from_=1, to=4)
    for _ in range(9):
        route.add_stop(opened)
    walked = route.read_route(opened)
    assert len(walked.faces) == route.MAX_STOPS
    assert rows_of(walked)[0] == 1
    assert rows_of(walked)[-1] == 4


def test_taking_an_end_out_makes_its_neighbour_the_end(opened: Opened) -> None:
    put(opened, from_=1, stop1=2, to=4)
    route.receive({"order": [0, 1], "selected": 1}, opened)
    assert rows_of(route.read_route(opened)) == [1, 2]
    assert st.session_state[route.PLACE] == "to"


@pytest.mark.parametrize("order", [None, [0], [0, 0], [0, 3], ["0", "1"], [0, [1]], [True, 0]])
def test_an_order_that_is_none_changes_nothing(opened: Opened, order: object) -> None:
    put(opened, from_=1, stop1=2, to=4)
    route.receive({"order": order}, opened)
    assert rows_of(route.read_route(opened)) == [1, 2, 4]


def test_a_private_face_stays_out_of_the_link(opened: Opened) -> None:
    put(opened, from_=1, to=4)
    photo = faces.of_codes(
        opened.bundle.latents.mu[:1], opened.bundle, titles=["A photo"], is_private=True
    )
    clipboard.put(opened, "stop1", photo[0])
    st.query_params["stop1"] = "toy-000003"
    route.keep_in_link(route.read_route(opened))
    assert st.query_params == {"from": "toy-000001", "to": "toy-000004"}


def test_corners_are_four_different_faces(opened: Opened) -> None:
    route.settle(opened)
    four = route.corners_of(opened, route.read_route(opened))
    assert len({face.title for face in four}) == 4
