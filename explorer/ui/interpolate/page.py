"""The page: the walk with its handle, the strips, and below what can be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from explorer.latent import LatentError
from explorer.latent.paths import KINDS, Kind
from explorer.ui import components, face_picker
from explorer.ui.exports import png_name
from explorer.ui.frame import sentences
from explorer.ui.interpolate import files, panels, pieces, reasons, route
from explorer.ui.interpolate.album import album
from explorer.ui.interpolate.way import Way
from explorer.ui.state import session
from explorer.ui.words import plain

if TYPE_CHECKING:
    from explorer.ui.interpolate.route import Route
    from explorer.ui.resources import Opened

KIND, STEPS, PANEL = "way", "steps", "panel"
ROUTE, WALK = "interpolate_route", "interpolate_walk"
BOTH = "Both"
MIN_STEPS, MAX_STEPS, STEPS_AT_FIRST = 5, 15, 11
PANELS = {
    "Smoothness": panels.show_smoothness,
    "On the map": panels.show_map,
    "Other models": panels.show_others,
    "Four corners": panels.show_corners,
}


@st.fragment
def show(opened: Opened) -> None:
    """Everything below the headline; what the eye waits for is decoded and sent first."""
    _receive(opened)
    with sentences():
        route.settle(opened)
        place = route.current_place(route.read_route(opened).slots)
        face_picker.receive(opened, place)
        walked = route.read_route(opened)
        with st.container(key="walk_top"):
            walk_side, choice_side = st.columns([1.9, 1], gap="large")
        ways = _show_walk(opened, walked, large=walk_side)
        marks = st.container()
        with choice_side:
            _choose_pictures(opened, walked, place=place)
        _explain(opened, walked, ways)
        with marks:
            pieces.mount_marks(pieces.marks_message(ways), key="interpolate_marks")
        _offer_files(opened, walked, ways)
        _show_panels(opened, walked, ways)
        # Last: a new address has the browser draw the whole page anew.
        route.keep_in_link(walked)


def _choose_pictures(opened: Opened, walked: Route, *, place: str) -> None:
    """The pictures on the way, and the controls for the selected one."""
    pieces.mount_route(route.route_message(opened, walked, selected=place), key=ROUTE)
    face_picker.draw_controls(opened, place, route.place_title(place))
    face_picker.show_kept(opened, slot=place)
    st.button(
        "Add a stop",
        key="add_stop",
        icon=":material/add_location_alt:",
        on_click=route.add_stop,
        args=(opened,),
        disabled=len(walked.faces) == route.MAX_STOPS,
        help=f"A picture to walk through on the way, {route.MAX_STOPS} in all with the ends.",
    )


def _show_walk(opened: Opened, walked: Route, *, large: Any) -> list[Way]:
    """The large pictures, then the strips; the ways that there are."""
    with large:
        stages = st.container()
        chosen, steps = _choose_way()
    for face in walked.faces:
        album().know(opened, face.code, face.image)
    ways, refusals = _ways(opened, walked, chosen, steps)
    for way in ways:
        note = f"{len(way.codes)} steps, {reasons.MANNERS[way.kind]}"
        message = pieces.steps_message(way, title=reasons.TITLES[way.kind], note=note)
        pieces.mount_steps(message, key=f"interpolate_steps_{way.kind}")
    with stages:
        titled = [(reasons.TITLES[way.kind], reasons.MANNERS[way.kind], way) for way in ways]
        pieces.mount_walk(pieces.walk_message(titled, identity="walk"), key=WALK)
    for refusal in refusals:
        st.info(plain(refusal), icon=":material/info:")
    return ways


def _choose_way() -> tuple[tuple[Kind, ...], int]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large", key="walk_way"):
        kind = st.segmented_control(
            "Way",
            [BOTH, *reasons.TITLES.values()],
            default=BOTH,
            required=True,
            key=KIND,
            bind="query-params",
            persist_state="session",
        )
        steps = st.slider(
            "Steps",
            MIN_STEPS,
            MAX_STEPS,
            STEPS_AT_FIRST,
            key=STEPS,
            bind="query-params",
            persist_state="session",
            width=260,
        )
    chosen = tuple(name for name in KINDS if kind in (BOTH, reasons.TITLES[name]))
    return chosen or KINDS, steps


def _ways(
    opened: Opened, walked: Route, kinds: tuple[Kind, ...], steps: int
) -> tuple[list[Way], list[str]]:
    """The ways asked for, and why one cannot be had; the straight one always can."""
    ways, refusals = [], []
    for kind in kinds:
        way = Way(opened, kind, walked.codes, steps)
        try:
            _ = way.codes
        except LatentError as error:
            refusals.append(f"{reasons.TITLES[kind]}: {error}")
            continue
        ways.append(way)
    return ways or [Way(opened, "linear", walked.codes, steps)], refusals


def _explain(opened: Opened, walked: Route, ways: list[Way]) -> None:
    if walked.stands_still:
        st.info(reasons.SAME, icon=":material/info:")
    with st.container(key="walk_reason"):
        st.markdown(reasons.reason(opened))
        st.markdown(reasons.radius_note(ways, opened))


def _offer_files(opened: Opened, walked: Route, ways: list[Way]) -> None:
    """Nothing is drawn for these before they are asked for."""
    stem = png_name(opened.bundle.name, walked.name).removesuffix(".png")
    kinds = {
        "PNG": ("png", "image/png", lambda: files.strips_png(ways)),
        "GIF": ("gif", "image/gif", lambda: files.walk_gif(ways)),
        "MP4": ("mp4", "video/mp4", lambda: files.walk_mp4(ways)),
    }
    with st.container(horizontal=True, gap="small"):
        for title, (suffix, mime, make) in kinds.items():
            st.download_button(
                f"Download {title}",
                data=make,
                file_name=f"{stem}.{suffix}",
                mime=mime,
                on_click="ignore",
                icon=":material/download:",
                key=f"walk_{suffix}",
            )


def _show_panels(opened: Opened, walked: Route, ways: list[Way]) -> None:
    tabs = st.tabs(list(PANELS), key=PANEL, bind="query-params")
    for tab, show_panel in zip(tabs, PANELS.values(), strict=True):
        if tab.open:
            with tab:
                show_panel(opened, walked, ways)


def _receive(opened: Opened) -> None:
    """Acts on what was done to the row of faces, on the map and on the grid's corners."""
    for key, name, act in (
        (ROUTE, "change", route.receive),
        (panels.CORNERS, "change", panels.receive_corner),
        (panels.TRAIL, "pick", panels.receive_pick),
    ):
        news = components.message(key, name)
        if not isinstance(news, Mapping) or news.get("bundle") != opened.identity:
            continue
        if session().is_new(key, news):
            act(news, opened)
