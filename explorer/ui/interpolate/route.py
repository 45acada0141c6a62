"""The pictures a walk goes through: the two ends and the stops between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from explorer.latent.codes import Floats
from explorer.ui import clipboard, face_picker, faces
from explorer.ui.faces import Face
from explorer.ui.rows import unseen_rows
from explorer.ui.state import session
from explorer.ui.wire import pack_picture

if TYPE_CHECKING:
    from explorer.bundle import Bundle
    from explorer.ui.resources import Opened

FROM, TO = "from", "to"
MAX_STOPS = 8  # both ends counted: more than that is a film
BETWEEN = tuple(f"stop{number}" for number in range(1, MAX_STOPS - 1))
CORNERS = ("corner3", "corner4")  # of the grid: the ends are its upper two
PLACE = "interpolate_place"  # in st.session_state: the slot that a choice fills
CORNER = "interpolate_corner"  # the same for the grid
CANDIDATES = 60


@dataclass(frozen=True, eq=False)
class Route:
    """The faces of a walk in order, each with its slot of the clipboard."""

    slots: tuple[str, ...]
    faces: tuple[Face, ...]

    @property
    def codes(self) -> Floats:
        """(S, D)."""
        return np.stack([face.code for face in self.faces])

    @property
    def stands_still(self) -> bool:
        """Whether all the faces are one and the same."""
        return bool((self.codes == self.codes[0]).all())

    @property
    def name(self) -> str:
        """For files that show the walk."""
        return f"{self.faces[0].title}-to-{self.faces[-1].title}"


def settle(opened: Opened) -> None:
    """Two pictures where a newcomer has chosen none, and stops without gaps between them."""
    for slot, other in ((FROM, TO), (TO, FROM)):
        if clipboard.held(opened, slot) is None:
            clipboard.put(opened, slot, _partner(opened, clipboard.held(opened, other)))
    route = read_route(opened)
    if route.slots[1:-1] != BETWEEN[: len(route.slots) - 2]:  # a link named what is gone
        arrange(opened, route.faces)


def read_route(opened: Opened) -> Route:
    """The route as it stands; :func:`settle` comes first."""
    held = {slot: clipboard.held(opened, slot) for slot in (FROM, *BETWEEN, TO)}
    found = {slot: face for slot, face in held.items() if face is not None}
    return Route(tuple(found), tuple(found.values()))


def keep_in_link(route: Route) -> None:
    """The page's address leads back to the route, as far as it is not private."""
    for slot, face in zip(route.slots, route.faces, strict=True):
        clipboard.keep_in_link(slot, face)
    for slot in BETWEEN:
        if slot not in route.slots and slot in st.query_params:
            del st.query_params[slot]


def add_stop(opened: Opened) -> None:
    """A picture of the data, at random, before the end; the next choice changes it."""
    count = len(read_route(opened).faces)
    if count < MAX_STOPS:
        slot = BETWEEN[count - 2]
        face_picker.put_random(opened, slot)
        st.session_state[PLACE] = slot


def receive(news: Mapping[str, Any], opened: Opened) -> None:
    """Acts on what was done to the row of faces: one chosen, moved or taken out."""
    route = read_route(opened)
    order = _order_in(news.get("order"), count=len(route.faces))
    if order is not None:
        arrange(opened, [route.faces[number] for number in order])
    selected, now = news.get("selected"), read_route(opened)
    if type(selected) is int and 0 <= selected < len(now.slots):
        st.session_state[PLACE] = now.slots[selected]


def arrange(opened: Opened, order: Sequence[Face]) -> None:
    """Makes these faces, 2 to 8, the route."""
    slots = (FROM, *BETWEEN[: len(order) - 2], TO)
    for slot in BETWEEN:
        session().slots.pop((opened.identity, slot), None)
        if slot in st.query_params:
            del st.query_params[slot]
    for slot, face in zip(slots, order, strict=True):
        session().slots[opened.identity, slot] = face


def current_place(slots: Sequence[str], *, key: str = PLACE) -> str:
    """The slot that a choice fills."""
    place = str(st.session_state.get(key))
    return place if place in slots else slots[0]


def place_title(slot: str) -> str:
    """What a slot is called on the page."""
    titles = {FROM: "From", TO: "To", CORNERS[0]: "Lower left", CORNERS[1]: "Lower right"}
    return titles.get(slot) or f"Stop {BETWEEN.index(slot) + 1}"


def route_message(opened: Opened, route: Route, *, selected: str) -> dict[str, Any]:
    """The row of faces, for the piece that shows it."""
    return {
        "bundle": opened.identity,
        "items": [_item(slot, face) for slot, face in zip(route.slots, route.faces, strict=True)],
        "selected": route.slots.index(selected),
        "movable": True,
    }


def corners_of(opened: Opened, route: Route) -> tuple[Face, ...]:
    """The faces at the corners of the grid: both ends above, two more below."""
    found = [route.faces[0], route.faces[-1]]
    for slot in CORNERS:
        face = clipboard.held(opened, slot)
        if face is None:
            face = unlike(found, opened.bundle)
            clipboard.put(opened, slot, face)
        clipboard.keep_in_link(slot, face)
        found.append(face)
    return tuple(found)


def corners_message(opened: Opened, four: Sequence[Face], *, selected: str) -> dict[str, Any]:
    """The corners, for the piece that shows the row of faces; the lower two can be chosen."""
    lower = [_item(slot, face) for slot, face in zip(CORNERS, four[2:], strict=True)]
    number = CORNERS.index(selected)
    return {"bundle": opened.identity, "items": lower, "selected": number, "movable": False}


def first_face(bundle: Bundle) -> Face:
    """One of the two unseen pictures, drawn as well as most, that differ most."""
    rows = _well_drawn(bundle)
    codes = _unit(np.asarray(bundle.latents.mu[rows], np.float64))
    return faces.of_row(int(rows[(codes @ codes.T).min(axis=1).argmin()]), bundle)


def unlike(others: Sequence[Face], bundle: Bundle) -> Face:
    """An unseen picture, drawn as well as most, as unlike the others as one can be."""
    rows = _well_drawn(bundle)
    codes = _unit(np.asarray(bundle.latents.mu[rows], np.float64))
    known = _unit(np.stack([face.code for face in others]))
    # By direction: the code that is merely farthest is an outlier, and looks like one.
    return faces.of_row(int(rows[(codes @ known.T).max(axis=1).argmin()]), bundle)


def _well_drawn(bundle: Bundle) -> np.ndarray:
    """Rows of unseen pictures about the better quarter; the very best drawn are the dullest."""
    rows = unseen_rows(bundle)
    rows = rows[np.argsort(bundle.items["error"].to_numpy()[rows], kind="stable")]
    start = max(0, len(rows) // 4 - CANDIDATES // 2)
    return np.asarray(rows[start : start + CANDIDATES])


def _unit(codes: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(codes, axis=1, keepdims=True)
    return np.asarray(codes / np.where(lengths > 0, lengths, 1))


def _item(slot: str, face: Face) -> dict[str, Any]:
    return {
        "role": place_title(slot),
        "title": face.title,
        "picture": pack_picture(face.image),
    }


def _partner(opened: Opened, other: Face | None) -> Face:
    """An end for a walk to or from ``other``: the latest face at hand that is another one."""
    for face in clipboard.kept_faces(opened):
        if other is None or not np.array_equal(face.code, other.code):
            return face
    return first_face(opened.bundle) if other is None else unlike([other], opened.bundle)


def _order_in(order: object, *, count: int) -> list[int] | None:
    """A list of at least two different places out of ``count``; browsers may send anything."""
    if not isinstance(order, list) or len(order) < 2 or len(set(map(str, order))) != len(order):
        return None
    if any(type(number) is not int or not 0 <= number < count for number in order):
        return None
    return order
