"""The map page: the plane, the face under the pointer, the picked face, the selection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from explorer.ui import components, exports, live
from explorer.ui.colours import colour_columns, favourite_colour, make_colour
from explorer.ui.findings import examine, nearest_to
from explorer.ui.frame import sentences
from explorer.ui.places import Place, from_query, moved, parse_place, to_query
from explorer.ui.resources import Opened
from explorer.ui.state import session
from explorer.ui.wire import pack_bits, pack_picture, pack_plane, unpack_bits

CHANNEL = "map"
MAP, FACE, NEAR, CHOSEN = "map_canvas", "map_face", "map_near", "map_chosen"
PLANE, COLOUR, PICK = "projection", "colour", "pick"
NUM_NEIGHBOURS = 8
MAX_SHEET = 24
INVITATION = "Move over the map to see what the model draws anywhere. Click to keep a picture here."


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
    return str(chosen or names[0])


def choose_colour(opened: Opened) -> str:
    """What the points are coloured by."""
    columns = colour_columns(opened.bundle.items, opened.bundle.config.data.attribute_names)
    titles = list(columns)
    _forget_unless(COLOUR, titles)
    return str(
        st.selectbox(
            "Colour by",
            titles,
            index=titles.index(favourite_colour(titles)),
            key=COLOUR,
            bind="query-params",
            persist_state="session",
        )
    )


def draw_map(opened: Opened, *, plane: str, colour: str) -> None:
    """The points; sent again only when the bundle, the map or the colour changes."""
    selected = session().selections.get(opened.identity, np.zeros(0, np.int64))
    bits = pack_bits(selected, count=len(opened.bundle.items)) if len(selected) else ""
    payload = _map_payload(opened.identity, plane, colour, _opened=opened)
    components.mount_map({**payload, "selected": bits}, key=MAP)


@st.fragment
def show_picked(opened: Opened, *, plane: str) -> None:
    """The picked face, large, and below it what is near."""
    _receive_pick(opened)
    place = _picked(opened, plane=plane)
    if place is None:
        components.mount_face(_empty_face(), key=FACE)
        return
    with sentences():
        near = nearest_to(place, opened.bundle, index=opened.index, k=NUM_NEIGHBOURS)
        finding = examine(place, opened.bundle, index=opened.index, near=near)
        marks = {"place": _place_message(place, opened), "neighbours": near.index.tolist()}
        components.mount_face(_face_message(finding, marks), key=FACE)
        st.download_button(
            "Download PNG",
            data=exports.deferred_png(finding.image),
            file_name=exports.png_name(opened.bundle.name, to_query(place, opened.bundle)),
            mime="image/png",
            on_click="ignore",
            icon=":material/download:",
            width="stretch",
        )
        # Mounted after the face, which is on its way to the browser while these are decoded.
        captions = [f"{distance:.1f} away" for distance in near.distance]
        items = _thumbnails(near.index, opened, captions=captions)
        title = f"The {len(items)} pictures nearest in all {opened.bundle.latents.mu.shape[1]} numbers"
        components.mount_strip(_strip_message(title, items, columns=4), key=NEAR)


@st.fragment
def show_selection(opened: Opened) -> None:
    """The selected pictures as a sheet, and their names as a file."""
    _receive_selection(opened)
    chosen = session().selections.get(opened.identity, np.zeros(0, np.int64))
    shown = chosen[np.linspace(0, len(chosen) - 1, min(MAX_SHEET, len(chosen))).astype(int)]
    with sentences():
        ids = opened.bundle.items["id"].to_numpy()
        items = _thumbnails(shown, opened, captions=[str(ids[i]) for i in shown])
        title = _selection_title(len(chosen), len(shown))
        components.mount_strip(
            _strip_message(title, items, columns=0, listens=True), key=CHOSEN
        )
    if len(chosen):
        st.download_button(
            f"Download the {len(chosen):,} rows as CSV",
            data=lambda: exports.rows_csv(opened.bundle.items, chosen),
            file_name=f"{opened.bundle.name}-selection.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/table_view:",
        )


# ---- messages from the browser ------------------------------------------------------------------


def _receive_pick(opened: Opened) -> None:
    message = components.message(FACE, "pick")
    if not session().is_new(PICK, message) or not _is_for(message, opened):
        return
    place = parse_place(message, opened.bundle)
    if place is not None:
        session().picks[opened.identity] = place
        st.query_params[PICK] = to_query(place, opened.bundle)


def _receive_selection(opened: Opened) -> None:
    message = components.message(CHOSEN, "selection")
    if not session().is_new("selection", message) or not _is_for(message, opened):
        return
    indices = unpack_bits(message.get("bits"), count=len(opened.bundle.items))
    session().selections[opened.identity] = indices


def _picked(opened: Opened, *, plane: str) -> Place | None:
    """The session's pick, or the one a link brought, as a place of ``plane``."""
    picks = session().picks
    if opened.identity not in picks and PICK in st.query_params:
        linked = from_query(st.query_params[PICK], opened.bundle, plane=plane)
        if linked is not None:
            picks[opened.identity] = linked
    place = picks.get(opened.identity)
    return None if place is None else moved(place, opened.bundle, plane=plane)


def _is_for(message: object, opened: Opened) -> bool:
    """A message may be late, and about the bundle looked at before."""
    return isinstance(message, Mapping) and message.get("bundle") == opened.identity


# ---- messages to the browser --------------------------------------------------------------------


@st.cache_resource(max_entries=12, show_spinner=False)
def _map_payload(identity: str, plane: str, colour: str, *, _opened: Opened) -> dict[str, Any]:
    bundle = _opened.bundle
    points = bundle.maps[plane]
    packed = pack_plane(points.xy)
    columns = colour_columns(bundle.items, bundle.config.data.attribute_names)
    return {
        "channel": CHANNEL,
        "socket": live.path(),
        "bundle": identity,
        "plane": plane,
        "count": len(points.xy),
        "xy": packed.xy,
        "bounds": packed.bounds,
        "colour": make_colour(bundle.items, colour, column=columns[colour]),
        "axes": _axis_titles(points),
    }


def _axis_titles(points: Any) -> dict[str, str]:
    explained = getattr(points, "explained", None)
    if explained is None:
        return {"x": "", "y": ""}
    x, y = (f"{100 * share:.0f} % of the variance" for share in explained)
    return {"x": f"PC 1 · {x} →", "y": f"↑ PC 2 · {y}"}


def _place_message(place: Place, opened: Opened) -> dict[str, Any]:
    index = -1 if place.index is None else place.index
    return {
        "plane": place.plane,
        "x": place.x,
        "y": place.y,
        "index": index,
        "bundle": opened.identity,
    }


def _face_message(finding: Any, marks: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "channel": CHANNEL,
        "picture": pack_picture(finding.image),
        "original": None if finding.original is None else pack_picture(finding.original),
        "title": finding.title,
        "origin": finding.origin,
        "badge": finding.badge,
        "distance": finding.verdict.sentence,
        "trust": finding.verdict.trust,
        "chips": list(finding.chips),
        "facts": [list(fact) for fact in finding.facts],
        "marks": dict(marks),
    }


def _empty_face() -> dict[str, Any]:
    return {"channel": CHANNEL, "picture": None, "invitation": INVITATION, "marks": None}


def _thumbnails(indices: np.ndarray, opened: Opened, *, captions: list[str]) -> list[dict[str, Any]]:
    if not len(indices):
        return []
    ids = opened.bundle.items["id"].to_numpy()
    images = opened.bundle.decode(np.asarray(opened.bundle.latents.mu[indices], np.float32))
    return [
        {"index": int(i), "id": str(ids[i]), "picture": pack_picture(image), "caption": caption}
        for i, image, caption in zip(indices, images, captions, strict=True)
    ]


def _strip_message(
    title: str, items: list[dict[str, Any]], *, columns: int, listens: bool = False
) -> dict[str, Any]:
    return {
        "channel": CHANNEL,
        "title": title,
        "items": items,
        "columns": columns,
        "listens": listens,
    }


def _selection_title(total: int, shown: int) -> str:
    if not total:
        return ""
    return f"{total:,} selected" + (f", {shown} of them spread over the selection" if shown < total else "")


def _forget_unless(key: str, options: list[str]) -> None:
    """Another bundle may not have what was chosen for the last one."""
    if st.session_state.get(key) not in options:
        st.session_state.pop(key, None)
