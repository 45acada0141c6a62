"""The photo page: a picture is given, cut, encoded and shown, and can be worked on elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from explorer.data import DataError
from explorer.data.photo import read_photo
from explorer.ui import clipboard, components, faces, messages, registry, sending
from explorer.ui.facts import noun
from explorer.ui.frame import headline, sentences
from explorer.ui.photo import examples, ink, sights, subjects, uploads
from explorer.ui.photo import messages as photo_messages
from explorer.ui.photo.desk import Desk, desk, forget
from explorer.ui.photo.kinds import CAMERA, DRAW, UPLOAD, Kind, kind_of
from explorer.ui.photo.pieces import (
    CROPPER,
    NEAR,
    PLACE,
    SKETCH,
    mount_cropper,
    mount_likeness,
    mount_place,
    mount_sketch,
)
from explorer.ui.photo.sights import Sight
from explorer.ui.photo.subjects import Photo
from explorer.ui.resources import Opened
from explorer.ui.state import news
from explorer.ui.words import plain

if TYPE_CHECKING:
    from explorer.data.alignment import Placement

WAY = "photo_way"
SLOT = "face"  # of the clipboard: what the other pages open with
PHOTO, DRAWING = "Your photo", "Your drawing"
PRIVACY = (
    "Your picture stays in the memory of the machine that runs this app, for this tab alone: it "
    "is never written to a disk, a link or a log, and is gone when the tab is closed or loses its "
    "connection."
)
UPLOAD_PX, CAMERA_PX = 420, 480
# Three pictures of one size: the right column holds two of them and the gap between.
FIGURES = (1.0, 2.025)
TO_MAP = (
    "Its place on the map. The link of that page then names the place, two numbers, not your "
    "picture."
)
DOTS = {"among": "green", "edge": "yellow", "far": "orange"}


def introduce(opened: Opened) -> None:
    """The head of the page."""
    kind = kind_of(opened.bundle.config)
    headline("Photo", f"Give the model a picture of your own. {kind.advice}")


@st.fragment
def show(opened: Opened) -> None:
    """Everything below the head."""
    kind = kind_of(opened.bundle.config)
    held = desk()
    _receive(opened, kind, held)
    way = _draw_intake(opened, kind, held)
    is_drawn = way == DRAW
    if is_drawn or held.photo is not None:
        with sentences():
            _draw_picture(opened, kind, held, is_drawn=is_drawn)
    else:
        _draw_steps(opened, kind)
    st.caption(f":material/lock: {PRIVACY}")
    _warm_up(opened.identity, _opened=opened)


# ---- taking a picture in ----------------------------------------------------------------------


def _draw_intake(opened: Opened, kind: Kind, held: Desk) -> str:
    """The ways to give a picture; the way chosen."""
    if st.session_state.get(WAY) not in kind.ways:
        st.session_state[WAY] = kind.ways[0]
    is_given = held.photo is not None or bool(held.strokes)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        way = st.segmented_control(
            "How",
            kind.ways,
            key=WAY,
            required=True,
            label_visibility="collapsed",
            width="content",
            persist_state="session",
        )
        if way == UPLOAD:
            _draw_upload(kind, held)
        st.button(
            "Another example" if is_given else "Try it with a picture of the data",
            icon=":material/casino:",
            on_click=_try_example,
            args=(opened, kind, held),
        )
        if is_given:
            st.button("Forget mine", icon=":material/delete:", on_click=forget)
    if way == CAMERA:
        _draw_camera(kind, held)
    if held.problem:
        st.error(plain(held.problem))
    return str(way)


def _draw_upload(kind: Kind, held: Desk) -> None:
    key = f"photo_upload_{held.round}"  # another for each: the widget keeps nothing either
    st.file_uploader(
        kind.wanted,
        type="image",
        key=key,
        on_change=_take_upload,
        args=(key, held),
        label_visibility="collapsed",
        width=UPLOAD_PX,
    )


def _draw_camera(kind: Kind, held: Desk) -> None:
    key = f"photo_camera_{held.round}"
    st.camera_input(
        kind.wanted, key=key, on_change=_take_upload, args=(key, held), width=CAMERA_PX
    )


def _take_upload(key: str, held: Desk) -> None:
    upload = st.session_state.get(key)
    if upload is None:
        return
    try:
        held.take(Photo(read_photo(uploads.take(upload)), PHOTO))
    except DataError as error:
        held.take(None, problem=str(error))
    # Not the camera again: it would stay switched on.
    st.session_state[WAY] = UPLOAD


def _try_example(opened: Opened, kind: Kind, held: Desk) -> None:
    held.take(examples.example(opened.bundle, kind))
    st.session_state[WAY] = UPLOAD


def _receive(opened: Opened, kind: Kind, held: Desk) -> None:
    """Acts on what the pieces sent."""
    chosen = news(CROPPER, "face", bundle=opened.identity)
    placed = news(CROPPER, "placement", bundle=opened.identity)
    drawn = news(SKETCH, "strokes", bundle=opened.identity)
    if held.photo is not None and chosen and chosen.get("photo") == held.photo.ident:
        number = chosen.get("number")
        if type(number) is int and 0 <= number < len(held.photo.faces):
            held.choose(number)
    if held.photo is not None and placed and placed.get("photo") == held.photo.ident:
        placement = subjects.parse_placement(placed, held.photo)
        if placement is not None:
            held.by_hand[kind.name] = placement
    if drawn and drawn.get("round") == held.round:
        strokes = ink.parse_strokes(drawn.get("strokes"))
        held.strokes = held.strokes if strokes is None else strokes
    picked = news(PLACE, "pick", bundle=opened.identity)
    if picked:
        _open_on_map(opened, picked.get("index"))


def _open_on_map(opened: Opened, index: object) -> None:
    """Goes to a picture of the data on the map."""
    if type(index) is int and 0 <= index < len(opened.bundle.items):
        way = next(way for way in sending.WAYS if way.page == registry.MAP)
        sending.send(opened, way, faces.of_row(index, opened.bundle))


# ---- showing it -------------------------------------------------------------------------------


def _draw_picture(opened: Opened, kind: Kind, held: Desk, *, is_drawn: bool) -> None:
    if held.photo is not None and kind.name == "face" and not is_drawn:
        _tell_of_faces(held.photo)
    left, right = st.columns(FIGURES, gap="small")
    placement = None
    with left:
        if is_drawn:
            mount_sketch(photo_messages.sketch_message(held, opened.identity))
        elif held.photo is not None:
            placement = _placement(held.photo, kind, opened, held)
            mount_cropper(
                photo_messages.cropper_message(held.photo, kind, opened.bundle, opened.identity)
            )
    if is_drawn and not held.strokes:
        with right:
            _draw_steps(opened, kind, first=1)
        return
    sight = _look(opened, kind, held, placement)
    _keep_at_hand(opened, held, sight)
    with right:
        mount_likeness(
            photo_messages.likeness_message(sight, opened.bundle, placement=placement, desk=held)
        )
    _draw_findings(opened, sight)


def _placement(photo: Photo, kind: Kind, opened: Opened, held: Desk) -> Placement:
    by_hand = held.by_hand.get(kind.name)
    if by_hand is not None:
        return by_hand
    return subjects.start_placement(photo, kind, opened.bundle.config, chosen=held.chosen)


def _look(opened: Opened, kind: Kind, held: Desk, placement: Placement | None) -> Sight:
    bundle = opened.bundle
    if placement is None or held.photo is None:
        crop, title = sights.crop_drawing(held.strokes, bundle), DRAWING
    else:
        crop, title = sights.crop_photo(held.photo, placement, kind, bundle), held.photo.title
    shell = _shell(opened.identity, _opened=opened)
    return sights.look(crop, bundle, index=opened.index, shell=shell, title=title)


def _keep_at_hand(opened: Opened, held: Desk, sight: Sight) -> None:
    """The picture is what the other pages open with; its earlier crops go."""
    before = held.faces.get(opened.identity)
    if before is not None and np.array_equal(before.code, sight.face.code):
        return
    if before is not None:
        clipboard.drop(opened, before)
    held.faces[opened.identity] = sight.face
    clipboard.put(opened, SLOT, sight.face)


def _tell_of_faces(photo: Photo) -> None:
    count = len(photo.faces)
    if not count:
        st.warning(
            "No face was found in this picture: it may be seen from the side, be covered, too "
            "small or too dark. Place the crop by hand below, with the eyes on the two rings, or "
            "choose another picture.",
            icon=":material/face_retouching_off:",
        )
    elif count > 1:
        st.info(
            f"{count} faces were found. The largest is shown; choose another by its number.",
            icon=":material/groups:",
        )


def _draw_findings(opened: Opened, sight: Sight) -> None:
    kind = noun(opened.bundle.config)
    said, place, near = st.columns(3, gap="small")
    with said:
        st.markdown("**How unusual it is**")
        for level, sentence in sights.verdict(sight, opened.bundle):
            st.markdown(f":{DOTS[level]}[●] {plain(sentence)}")
        common = sights.shared(sight, opened.bundle)
        if common:
            st.caption(f"Its nearest {kind}s: {plain(' · '.join(common))}")
        _draw_ways_on(opened, sight)
    with place:
        points = _points_message(opened.identity, _opened=opened)
        mount_place(points | photo_messages.place_message(sight, opened.bundle))
    with near:
        strip = messages.strip_message(
            sight.near.index,
            opened.bundle,
            title=f"Nearest {kind}s in all {len(sight.face.code)} numbers",
            captions=[f"{distance:.1f} away" for distance in sight.near.distance],
            columns=4,
        )
        components.mount_strip(strip | {"channel": photo_messages.CHANNEL}, key=NEAR)


def _draw_ways_on(opened: Opened, sight: Sight) -> None:
    labels = {
        registry.ATTRIBUTES: f"Edit this {noun(opened.bundle.config)}",
        registry.INTERPOLATE: "Interpolate",
        registry.TRAVERSE: "Traverse",
        registry.MAP: "Map",
    }
    with st.container(horizontal=True, gap="small"):
        for page, label in labels.items():
            way = next(way for way in sending.WAYS if way.page == page)
            is_first = page == registry.ATTRIBUTES
            if st.button(
                label,
                icon=f":material/{way.icon}:",
                type="primary" if is_first else "secondary",
                help=TO_MAP if page == registry.MAP else None,
            ):
                sending.send(opened, way, sight.face)


def _draw_steps(opened: Opened, kind: Kind, *, first: int = 0) -> None:
    """Before there is a picture: what will be seen here, from step ``first`` on."""
    config = opened.bundle.config
    steps = {
        "face": "The face and the eyes are found; a square is cut as it was for training.",
        "digit": "The digit is found, centred and scaled as it was for training.",
        "picture": "The largest centre square is cut; you can move, zoom and turn it.",
    }
    told = [
        ("1 · Your picture", steps[kind.name]),
        (
            "2 · What the model is shown",
            f"{config.data.image_size} × {config.data.image_size} pixels, no more.",
        ),
        (
            f"3 · What it draws from {config.model.latent_dim} numbers",
            f"Then: how unusual it is, its nearest {noun(config)}s, its place on the map; edit it "
            "like any other.",
        ),
    ][first:]
    for column, (title, text) in zip(st.columns(len(told)), told, strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{title}**")
            st.caption(text)


# After the page is drawn: what the first picture would wait for is done while one is looked for.
@st.cache_resource(max_entries=4, show_spinner=False)
def _warm_up(identity: str, *, _opened: Opened) -> None:
    blank = Photo(np.zeros((64, 64, 3), np.uint8), "")
    if kind_of(_opened.bundle.config).name == "face":
        _ = blank.faces
    crop = np.zeros(_opened.bundle.image_shape, np.uint8)
    shell = _shell(identity, _opened=_opened)
    sight = sights.look(crop, _opened.bundle, index=_opened.index, shell=shell, title="")
    photo_messages.place_message(sight, _opened.bundle)
    _points_message(identity, _opened=_opened)


@st.cache_resource(max_entries=4, show_spinner=False)
def _shell(identity: str, *, _opened: Opened) -> sights.Shell:
    return sights.shell_of(_opened.bundle)


@st.cache_resource(max_entries=4, show_spinner=False)
def _points_message(identity: str, *, _opened: Opened) -> dict[str, Any]:
    return photo_messages.points_message(_opened.bundle, identity)
