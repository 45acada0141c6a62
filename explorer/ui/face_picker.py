"""Choosing the face a page works on: at hand, at random, by attribute, by name, from a sampler."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from explorer.ui import clipboard, components, faces, words
from explorer.ui.facts import noun
from explorer.ui.rows import typical_row
from explorer.ui.state import session
from explorer.ui.wire import pack_picture

if TYPE_CHECKING:
    from explorer.bundle import Bundle
    from explorer.ui.faces import Face
    from explorer.ui.resources import Opened

SAMPLE_TEMPERATURE = 0.8
ANY = "any"


def choose_face(opened: Opened, *, slot: str = "face", title: str = "") -> Face:
    """The face in a slot, with the controls that put another one there.

    Args:
        opened: The bundle.
        slot: Which of the page's faces; also its name in the link.
        title: Above the controls, where a page has several slots.
    """
    receive(opened, slot)
    face = clipboard.held(opened, slot) or _first(opened, slot)
    draw_controls(opened, slot, title)
    clipboard.keep_in_link(slot, face)
    return face


def show_kept(opened: Opened, *, slot: str = "face") -> None:
    """The faces at hand as a row of thumbnails: a click puts one into the slot."""
    items = [
        {"title": face.title, "picture": pack_picture(face.image)}
        for face in clipboard.kept_faces(opened)
    ]
    held = session().slots.get((opened.identity, slot))
    current = [face is held for face in clipboard.kept_faces(opened)]
    message = {"bundle": opened.identity, "items": items, "current": current}
    components.mount_shelf(message, key=_shelf_key(slot))


def receive(opened: Opened, slot: str) -> None:
    """Acts on a click on the row of :func:`show_kept`, wherever the page draws it."""
    key = _shelf_key(slot)
    news = components.message(key, "choice")
    if not isinstance(news, Mapping) or news.get("bundle") != opened.identity:
        return
    kept = clipboard.kept_faces(opened)
    number = news.get("number")
    if session().is_new(key, news) and type(number) is int and 0 <= number < len(kept):
        # Not moved to the front: the row must not change under the hand.
        session().slots[opened.identity, slot] = kept[number]


def _shelf_key(slot: str) -> str:
    return f"kept_{slot}"


def _first(opened: Opened, slot: str) -> Face:
    """What a newcomer sees: the latest face at hand, or an unseen picture of the data."""
    kept = clipboard.kept_faces(opened)
    if kept:
        face = kept[0]
        session().slots[opened.identity, slot] = face
        return face
    face = faces.of_row(typical_row(opened.bundle), opened.bundle)
    clipboard.put(opened, slot, face)
    return face


def draw_controls(opened: Opened, slot: str, title: str) -> None:
    """What puts another face into the slot; ``title`` stands before it, if any."""
    kind = noun(opened.bundle.config)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if title:
            st.markdown(f"**{title}**", width="content")
        st.button(
            f"Random {kind}",
            key=f"random_{slot}",
            icon=":material/casino:",
            on_click=put_random,
            args=(opened, slot),
        )
        st.button(
            "New sample",
            key=f"sample_{slot}",
            icon=":material/auto_awesome:",
            on_click=put_sample,
            args=(opened, slot),
            help=f"A {kind} that was never photographed: drawn from the mixture of all codes.",
        )
        with st.popover("Find", icon=":material/search:", key=f"find_{slot}"):
            _draw_search(opened, slot)


def _draw_search(opened: Opened, slot: str) -> None:
    kind = noun(opened.bundle.config)
    choices = _groups(opened.identity, _bundle=opened.bundle)
    group = st.selectbox("One that is", list(choices), key=f"group_{slot}")
    st.button(
        "Put one here",
        key=f"grouped_{slot}",
        on_click=put_random,
        args=(opened, slot),
        kwargs={"rows": choices[group]},
    )
    st.text_input(
        f"Or by the {kind}'s id",
        key=f"id_{slot}",
        placeholder=str(opened.bundle.items["id"].iloc[0]),
        on_change=_put_named,
        args=(opened, slot),
    )
    wanted = st.session_state.get(f"id_{slot}")
    if wanted and _row_named(opened.bundle, wanted) is None:
        example = opened.bundle.items["id"].iloc[0]
        st.caption(
            f"No {kind} is called {words.plain(wanted)}; ids look like {words.plain(example)}."
        )


def put_random(opened: Opened, slot: str, *, rows: np.ndarray | None = None) -> None:
    """A picture of the data, any or one of ``rows``, into the slot; another than is there now."""
    choices = np.arange(len(opened.index)) if rows is None else rows
    held = clipboard.held(opened, slot)
    others = choices[choices != held.index] if held and held.index is not None else choices
    number = int(np.random.default_rng().choice(others if len(others) else choices))
    clipboard.put(opened, slot, faces.of_row(number, opened.bundle))


def put_sample(opened: Opened, slot: str) -> None:
    """A draw from the mixture into the slot."""
    seed = int(np.random.default_rng().integers(2**31))
    code = opened.bundle.sample(1, temperature=SAMPLE_TEMPERATURE, seed=seed)
    clipboard.put(opened, slot, faces.of_codes(code, opened.bundle, titles=["A sample"])[0])


def _put_named(opened: Opened, slot: str) -> None:
    number = _row_named(opened.bundle, st.session_state[f"id_{slot}"])
    if number is not None:
        clipboard.put(opened, slot, faces.of_row(number, opened.bundle))


def _row_named(bundle: Bundle, name: str) -> int | None:
    found = np.flatnonzero(bundle.items["id"].to_numpy() == name.strip())
    return int(found[0]) if len(found) else None


@st.cache_resource(max_entries=12, show_spinner=False)
def _groups(identity: str, *, _bundle: Bundle) -> dict[str, np.ndarray]:
    """Rows by what can be asked for: attributes, labels, anything."""
    bundle, items = _bundle, _bundle.items
    found: dict[str, Any] = {ANY: np.arange(len(items))}
    for name in bundle.config.data.attribute_names:
        for value, prefix in ((1, ""), (0, "not ")):
            has = items[name].eq(value).fillna(False).to_numpy(bool)
            found[prefix + words.readable(name)] = np.flatnonzero(has)
    for label in bundle.config.data.label_names:
        found[label] = np.flatnonzero(_equals(items["label"], label))
    return {name: rows for name, rows in found.items() if len(rows)}


def _equals(column: pd.Series[Any], value: str) -> np.ndarray:
    return column.eq(value).fillna(False).to_numpy(bool)
