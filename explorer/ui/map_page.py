"""The map page: the plane, the picked face, the selection. The pointer is served by `live`."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from explorer.ui import clipboard, components, exports, faces, groups, live, messages, sending
from explorer.ui.colours import colour_columns, favourite_colour
from explorer.ui.findings import examine, nearest_to
from explorer.ui.frame import sentences
from explorer.ui.registry import MAP as MAP_PAGE
from explorer.ui.resources import Opened
from explorer.ui.spots import Spot, from_query, moved, parse_spot, to_query
from explorer.ui.state import news, session
from explorer.ui.wire import pack_bits, unpack_bits

MAP, FACE, NEAR, CHOSEN = "map_canvas", "map_face", "map_near", "map_chosen"
SLOT = "face"  # of the clipboard: what is picked here is what the other pages open with
PLANE, COLOUR, PICK = "projection", "colour", "pick"
NUM_NEIGHBOURS = 8
MAX_SHEET = 24


def choose_plane(opened: Opened) -> str:
    """The switch between the maps of a bundle."""
    names = sorted(opened.bundle.maps, reverse=True)
    _forget_unless(PLANE, names)
    chosen = st.segmented_control(
        "Projection",
        names,
        default=names[0],
        required=True,
        format_func=str.upper,
        key=PLANE,
        bind="query-params",
        persist_state="session",
    )
    return str(chosen)


def choose_colour(opened: Opened) -> str:
    """What the points are coloured by."""
    columns = colour_columns(opened.bundle.items, opened.bundle.config.data.attribute_names)
    titles = list(columns)
    _forget_unless(COLOUR, titles)
    chosen = st.selectbox(
        "Colour by",
        titles,
        index=titles.index(favourite_colour(titles)),
        key=COLOUR,
        bind="query-params",
        persist_state="session",
    )
    return str(chosen)


def draw_map(opened: Opened, *, plane: str, colour: str) -> None:
    """The points; sent again only when the bundle, the map or the colour changes."""
    message = _map_message(opened.identity, plane, colour, _opened=opened)
    chosen = pack_bits(_chosen(opened), count=len(opened.bundle.items))
    components.mount_map(message | {"selected": chosen}, key=MAP)


@st.fragment
def show_picked(opened: Opened, *, plane: str) -> None:
    """The picked face, large, and below it what is near."""
    is_new = _receive_pick(opened)
    spot = _picked(opened, plane=plane)
    _keep_in_link(spot, opened)
    if spot is None:
        components.mount_face(messages.no_face_message(), key=FACE)
        return
    bundle = opened.bundle
    with sentences():
        near = nearest_to(spot, bundle, index=opened.index, k=NUM_NEIGHBOURS)
        finding = examine(spot, bundle, index=opened.index, near=near)
        marks = messages.marks_message(spot, opened.identity, neighbours=near.index)
        components.mount_face(messages.face_message(finding, marks), key=FACE)
        face = faces.of_spot(spot, bundle, image=finding.image)
        if is_new:
            clipboard.put(opened, SLOT, face)
        st.download_button(
            "Download PNG",
            data=exports.deferred_png(finding.image),
            file_name=exports.png_name(bundle.name, to_query(spot, bundle)),
            mime="image/png",
            on_click="ignore",
            icon=":material/download:",
            width="stretch",
        )
        sending.offer(opened, lambda: face, key="map", skip=MAP_PAGE)
        # After the face, which is on its way to the browser while these are decoded.
        strip = messages.strip_message(
            near.index,
            bundle,
            title=f"Nearest in all {bundle.config.model.latent_dim} numbers",
            captions=[f"{distance:.1f} away" for distance in near.distance],
            columns=4,
        )
        components.mount_strip(strip, key=NEAR)


@st.fragment
def show_selection(opened: Opened) -> None:
    """The selected pictures as a sheet, and their rows as a file."""
    _receive_selection(opened)
    chosen = _chosen(opened)
    shown = chosen[np.linspace(0, len(chosen) - 1, min(MAX_SHEET, len(chosen))).astype(int)]
    with sentences():
        strip = messages.strip_message(
            shown,
            opened.bundle,
            title=messages.selection_title(len(chosen), shown=len(shown)),
            captions=opened.bundle.items["id"].iloc[shown].astype(str).tolist(),
            columns=0,
            listens=True,
        )
        components.mount_strip(strip, key=CHOSEN)
    if len(chosen):
        st.download_button(
            f"Download the {len(chosen):,} rows as CSV",
            data=exports.deferred_csv(opened.bundle.items, chosen),
            file_name=f"{opened.bundle.name}-selection.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/table_view:",
        )
        groups.offer(opened, chosen)


def _receive_pick(opened: Opened) -> bool:
    """Notes what was picked; whether anything was."""
    spot = parse_spot(news(FACE, "pick", bundle=opened.identity), opened.bundle)
    if spot is not None:
        session().picks[opened.identity] = spot
    return spot is not None


def _receive_selection(opened: Opened) -> None:
    chosen = news(CHOSEN, "selection", bundle=opened.identity)
    if chosen is not None:
        indices = unpack_bits(chosen.get("bits"), count=len(opened.bundle.items))
        session().selections[opened.identity] = indices


def _picked(opened: Opened, *, plane: str) -> Spot | None:
    """The pick in this bundle, or the one of the link, as a spot of ``plane``."""
    picks = session().picks
    if opened.identity not in picks and PICK in st.query_params:
        linked = from_query(st.query_params[PICK], opened.bundle, plane=plane)
        # From one bundle to another a picture is the same, a place of a map is not.
        if linked is not None and (linked.index is not None or not picks):
            picks[opened.identity] = linked
    spot = picks.get(opened.identity)
    return None if spot is None else moved(spot, opened.bundle, plane=plane)


def _keep_in_link(spot: Spot | None, opened: Opened) -> None:
    """The page's address leads back to what is picked."""
    if spot is not None:
        text = to_query(spot, opened.bundle)
        if st.query_params.get(PICK) != text:
            st.query_params[PICK] = text
    elif PICK in st.query_params:
        del st.query_params[PICK]


def _chosen(opened: Opened) -> np.ndarray:
    return session().selections.get(opened.identity, np.zeros(0, np.int64))


@st.cache_resource(max_entries=12, show_spinner=False)
def _map_message(identity: str, plane: str, colour: str, *, _opened: Opened) -> dict[str, Any]:
    message = messages.map_message(_opened.bundle, identity, plane=plane, colour=colour)
    return message | {"socket": live.path()}


def _forget_unless(key: str, options: list[str]) -> None:
    """Another bundle may not have what was chosen for the last one."""
    if st.session_state.get(key) not in options:
        st.session_state.pop(key, None)
