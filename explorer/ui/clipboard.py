"""The faces a visitor has at hand on every page: what was picked, sampled, edited, uploaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from explorer.ui.faces import Face, from_link
from explorer.ui.state import session

if TYPE_CHECKING:
    from explorer.ui.resources import Opened

MAX_KEPT = 24


def keep(opened: Opened, face: Face) -> None:
    """Puts a face in front of those at hand; the oldest goes when there are too many."""
    others = [kept for kept in kept_faces(opened) if not _is_same(kept, face)]
    session().kept[opened.identity] = [face, *others][:MAX_KEPT]


def drop(opened: Opened, face: Face) -> None:
    """Takes a face away."""
    others = [kept for kept in kept_faces(opened) if not _is_same(kept, face)]
    session().kept[opened.identity] = others


def kept_faces(opened: Opened) -> list[Face]:
    """The faces at hand for this bundle, the latest first."""
    return session().kept.get(opened.identity, [])


def put(opened: Opened, slot: str, face: Face) -> None:
    """Makes a face the one that a page works on; ``slot`` is also its name in the link."""
    session().slots[opened.identity, slot] = face
    keep(opened, face)


def held(opened: Opened, slot: str) -> Face | None:
    """The face in a slot, or the one the page's address names."""
    found = session().slots.get((opened.identity, slot))
    if found is None and slot in st.query_params:
        found = from_link(st.query_params[slot], opened.bundle)
        if found is not None:
            put(opened, slot, found)
    return found


def keep_in_link(slot: str, face: Face) -> None:
    """The page's address leads back to the face, unless it is private."""
    if face.link and st.query_params.get(slot) != face.link:
        st.query_params[slot] = face.link
    elif not face.link and slot in st.query_params:
        del st.query_params[slot]


def hand_over(page: str, opened: Opened, slot: str, face: Face) -> None:
    """Goes to another page, which then works on this face."""
    put(opened, slot, face)
    st.switch_page(page, query_params={})


def _is_same(one: Face, other: Face) -> bool:
    return np.array_equal(one.code, other.code)
