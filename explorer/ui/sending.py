"""Taking the face in hand along: keeping it, and going to another page with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from explorer.ui import clipboard
from explorer.ui.facts import noun
from explorer.ui.registry import ATTRIBUTES, INTERPOLATE, MAP, TRAVERSE
from explorer.ui.spots import Spot
from explorer.ui.state import session

if TYPE_CHECKING:
    from explorer.ui.faces import Face
    from explorer.ui.resources import Opened


@dataclass(frozen=True)
class Way:
    """Where a face can go: a page, and the slot it takes there."""

    label: str
    page: str
    slot: str
    icon: str


WAYS = (
    Way("Change its attributes", ATTRIBUTES, "face", "tune"),
    Way("Walk from it", INTERPOLATE, "from", "start"),
    Way("Walk to it", INTERPOLATE, "to", "keyboard_tab"),
    Way("Change its numbers", TRAVERSE, "face", "view_comfy"),
    Way("Find its place on the map", MAP, "face", "scatter_plot"),
)


def offer(opened: Opened, make_face: Callable[[], Face], *, key: str, skip: str = "") -> None:
    """Buttons that keep the face in hand or take it to another page.

    Args:
        opened: The bundle.
        make_face: The face, made when a button is pressed.
        key: Of the buttons; one page may have several rows of them.
        skip: The page this is, which is not offered.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        kind = noun(opened.bundle.config)
        if st.button(
            f"Keep this {kind}",
            key=f"keep_{key}",
            icon=":material/bookmark_add:",
            help="Puts it among those at hand on every page.",
        ):
            clipboard.keep(opened, make_face())
            st.toast("Kept: it is at hand on every page.", icon=":material/bookmark_added:")
            st.rerun()
        with st.popover("Take it to …", icon=":material/send:", key=f"send_{key}"):
            for way in WAYS:
                if way.page != skip:
                    _offer_way(opened, way, make_face, key)


def send(opened: Opened, way: Way, face: Face) -> None:
    """Goes to the page with the face; the map gets its place as well."""
    if way.page == MAP:
        session().picks[opened.identity] = place_of(opened, face)
    clipboard.hand_over(way.page, opened, way.slot, face)


def place_of(opened: Opened, face: Face) -> Spot:
    """Where a face lies on the bundle's first map: its point, or its code projected."""
    name, plane = next(iter(opened.bundle.maps.items()))
    if face.index is not None:
        x, y = plane.xy[face.index]
    else:
        x, y = plane.project(face.code[None])[0]
    return Spot(name, float(x), float(y), face.index)


def _offer_way(opened: Opened, way: Way, make_face: Callable[[], Face], key: str) -> None:
    pressed = st.button(
        way.label,
        key=f"send_{key}_{way.slot}_{way.icon}",
        icon=f":material/{way.icon}:",
        type="tertiary",
    )
    if pressed:
        send(opened, way, make_face())
