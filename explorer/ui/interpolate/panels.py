"""What can be asked of a walk: is it smooth, where does it lead, what do others make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from explorer.bundle import BundleError
from explorer.figures.smoothness import Curve, smoothness_plot
from explorer.latent import LatentError
from explorer.latent.paths import bilinear_grid
from explorer.ui import clipboard, exports, face_picker, faces, live, map_page, messages
from explorer.ui.facts import noun
from explorer.ui.frame import slugs
from explorer.ui.interpolate import files, others, pieces, reasons, route
from explorer.ui.interpolate.album import album
from explorer.ui.resources import MAX_OPEN, find_bundles, open_bundle
from explorer.ui.spots import parse_spot
from explorer.ui.wire import pack_floats
from explorer.ui.words import plain

if TYPE_CHECKING:
    from explorer.bundle import Entry
    from explorer.ui.interpolate.route import Route
    from explorer.ui.interpolate.way import Way
    from explorer.ui.resources import Opened

MAP, TRAIL, CORNERS = "interpolate_map", "interpolate_trail", "interpolate_corners"
OTHERS, SIDE = "bundles", "side"
MAX_OTHERS = MAX_OPEN - 1  # a bundle that is no longer held open draws nothing live
NONE_OF_THE_SAME = (
    "No other model was trained on the same pictures. To see what a plain autoencoder does with "
    "this walk, train one: `python train_cli.py train --data {source} --no-variational`."
)
FIGURES_NOTE = (
    "Change per step and its largest are in grey levels (0 to 255), as is how far the halfway "
    "picture is from a cross-fade, the two ends laid over each other: near 0 the model has only "
    "mixed the pixels."
)
MIN_SIDE, MAX_SIDE, SIDE_AT_FIRST = 3, 9, 5


def show_smoothness(opened: Opened, _walked: Route, ways: Sequence[Way]) -> None:
    """How evenly the picture changes, and where the way leaves the data."""
    curves = [
        Curve(
            name=reasons.TITLES[way.kind],
            change=way.changes,
            distance=way.excursions.off.ratio,
            off=way.excursions.runs,
        )
        for way in ways
    ]
    figure = smoothness_plot(curves, noun=noun(opened.bundle.config))
    st.plotly_chart(figure, width="stretch", key="interpolate_smoothness")
    for way in ways:
        st.markdown(reasons.smoothness_sentence(way))


def show_map(opened: Opened, walked: Route, ways: Sequence[Way]) -> None:
    """The ways as lines on the map; a click there changes the selected picture."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        plane = map_page.choose_plane(opened)
        colour = map_page.choose_colour(opened)
    place = route.place_title(route.current_place(walked.slots))
    st.caption(
        f"Click anywhere on the map to walk there: it becomes “{place}”. The map is a summary in "
        "two numbers, so a straight way may look bent."
    )
    pieces.mount_map(_map_message(opened.identity, plane, colour, _opened=opened), key=MAP)
    pieces.mount_trail(_trail_message(opened, walked, ways, plane=plane), key=TRAIL)


def receive_pick(news: Mapping[str, Any], opened: Opened) -> None:
    """A place of the map into the selected slot of the walk."""
    spot = parse_spot(news, opened.bundle)
    if spot is not None:
        slot = route.current_place(route.read_route(opened).slots)
        clipboard.put(opened, slot, faces.of_spot(spot, opened.bundle))


def show_others(opened: Opened, walked: Route, ways: Sequence[Way]) -> None:
    """The same pictures through other bundles, below each other."""
    chosen = _choose_others(opened)
    if not chosen:
        return
    home, found = ways[0], [ways[0]]
    for other in chosen:
        way = _way_through(other, walked, home=home)
        found += [] if way is None else [way]
    titled = [(way.opened.bundle.name, reasons.MANNERS[way.kind], way) for way in found]
    pieces.mount_walk(pieces.walk_message(titled, identity="others"), key="interpolate_compared")
    for number, (title, manner, way) in enumerate(titled):
        message = pieces.steps_message(way, title=title, note=manner)
        pieces.mount_steps(message, key=f"interpolate_compared_{number}")
    st.dataframe(_figures(found), hide_index=True)
    st.caption(FIGURES_NOTE)
    note = reasons.autoencoder_note([way.opened for way in found])
    if note:
        st.markdown(note)


def show_corners(opened: Opened, walked: Route, ways: Sequence[Way]) -> None:
    """All that lies between four pictures, as a square sheet."""
    left, right = st.columns([1, 1.6], gap="large")
    with left:
        st.caption("The ends of the walk are the upper corners; choose the lower ones here.")
        row = st.container()
        place = route.current_place(route.CORNERS, key=route.CORNER)
        route.corners_of(opened, walked)  # before the picker, which would put in what it likes
        face_picker.choose_face(opened, slot=place, title=route.place_title(place))
        side = _choose_side()
    four = route.corners_of(opened, walked)
    with row:
        pieces.mount_route(route.corners_message(opened, four, selected=place), key=CORNERS)
    grid = bilinear_grid(np.stack([face.code for face in four]), n=side)
    pictures = album().pictures(opened, grid.reshape(side * side, -1))
    sheet = files.sheet_png(pictures, columns=side)
    with right:
        st.image(sheet, width="stretch")
        st.download_button(
            "Download grid",
            data=sheet,
            file_name=exports.png_name(opened.bundle.name, f"grid-{walked.name}"),
            mime="image/png",
            on_click="ignore",
            icon=":material/download:",
            key="download_grid",
        )


def receive_corner(news: Mapping[str, Any], _opened: Opened) -> None:
    """Which of the lower corners the next choice fills."""
    number = news.get("selected")
    if type(number) is int and 0 <= number < len(route.CORNERS):
        st.session_state[route.CORNER] = route.CORNERS[number]


def _choose_side() -> int:
    return st.slider(
        "Pictures on a side",
        MIN_SIDE,
        MAX_SIDE,
        SIDE_AT_FIRST,
        key=SIDE,
        bind="query-params",
        persist_state="session",
    )


def _trail_message(
    opened: Opened, walked: Route, ways: Sequence[Way], *, plane: str
) -> dict[str, Any]:
    places = _places(walked, opened, plane=plane)
    return {
        "channel": pieces.CHANNEL,
        "map": pieces.MAP_CHANNEL,
        "bundle": opened.identity,
        "plane": plane,
        "lines": [
            {
                "name": way.kind,
                "title": f"{reasons.TITLES[way.kind]}, {reasons.MANNERS[way.kind]}",
                "xy": pack_floats(_line(way, places, opened, plane=plane)),
                "count": len(way.fine),
            }
            for way in ways
        ],
        "stops": pack_floats(places),
    }


def _line(way: Way, places: np.ndarray, opened: Opened, *, plane: str) -> np.ndarray:
    """The way on a map (T, 2), through the very ``places`` (S, 2) of its stops."""
    line = np.array(opened.bundle.maps[plane].project(way.fine))
    line[:: (len(line) - 1) // (len(places) - 1)] = places
    return line


def _places(walked: Route, opened: Opened, *, plane: str) -> np.ndarray:
    """Where the faces of a walk are on a map (S, 2): a picture of the data at its own point."""
    points = opened.bundle.maps[plane]
    return np.stack(
        [
            points.project(face.code[None])[0] if face.index is None else points.xy[face.index]
            for face in walked.faces
        ]
    )


@st.cache_resource(max_entries=6, show_spinner=False)
def _map_message(identity: str, plane: str, colour: str, *, _opened: Opened) -> dict[str, Any]:
    message = messages.map_message(_opened.bundle, identity, plane=plane, colour=colour)
    return message | {"socket": live.path()}


def _choose_others(opened: Opened) -> list[Opened]:
    """Bundles to compare with, those of the same data first."""
    home = opened.bundle
    entries = {
        name: entry
        for name, entry in slugs(find_bundles()).items()
        if entry.path.resolve() != home.path.resolve()
    }
    same = [name for name in entries if others.has_same_data(home.config, entries[name].config)]
    if not same:
        st.caption(NONE_OF_THE_SAME.format(source=home.config.data.source))
    names = st.multiselect(
        "Walk through these models as well",
        [*same, *(name for name in entries if name not in same)],
        default=same[:1],
        max_selections=MAX_OTHERS,
        key=OTHERS,
        bind="query-params",
        persist_state="session",
        placeholder="Choose models",
    )
    return [found for name in names if (found := _open(name, entries[name])) is not None]


def _open(name: str, entry: Entry) -> Opened | None:
    try:
        return open_bundle(entry.path, sha256=entry.config.weights_sha256)
    except BundleError as error:
        st.warning(f"**{plain(name)}** cannot be opened. {plain(str(error))}")
        return None


def _way_through(other: Opened, walked: Route, *, home: Way) -> Way | None:
    """The walk in another bundle, with a remark on what cannot be compared."""
    at_home = home.opened.bundle
    name = plain(other.bundle.name)
    try:
        codes = others.codes_in(other.bundle, walked.faces, home=at_home)
        way = replace(home, opened=other, stops=codes)
        _ = way.codes
    except LatentError as error:
        st.warning(f"**{name}** is left out. {plain(str(error))}")
        return None
    remark = others.difference(at_home.config, other.bundle.config)
    if remark:
        st.info(f"**{name}**: {plain(remark)}", icon=":material/info:")
    return way


def _figures(ways: Sequence[Way]) -> pd.DataFrame:
    """What can be counted about the same walk in several bundles."""
    rows = []
    for way in ways:
        config = way.opened.bundle.config
        variational = config.model.variational
        rows.append(
            {
                "Model": config.name,
                "Kind": "variational" if variational else "plain autoencoder",
                "β": f"{config.objective.beta:g}" if variational else "none",
                "Numbers": config.model.latent_dim,
                "Change per step": f"{way.changes.mean():.1f}",
                "Largest": f"{way.changes.max():.1f}",
                "From a cross-fade": f"{way.from_crossfade:.1f}",
                "Far from the data": f"{100 * way.excursions.share:.0f} %",
            }
        )
    return pd.DataFrame(rows)
