"""Making a slider of one's own: from selections on the map, from pictures, from a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from explorer.bundle.own_directions import pack_own
from explorer.data import DataError
from explorer.data.photo import read_photo
from explorer.figures.sheet import contact_sheet
from explorer.latent import Direction
from explorer.latent.own import from_groups, from_marks, marks
from explorer.latent.own_labels import read_labels
from explorer.ui import exports, own_directions, words
from explorer.ui.direction_cards import STEPS, average_walk
from explorer.ui.facts import noun
from explorer.ui.frame import sentences
from explorer.ui.groups import SIDES, group
from explorer.ui.photo.kinds import kind_of
from explorer.ui.photo.sights import crop_photo
from explorer.ui.photo.subjects import Photo, start_placement
from explorer.ui.registry import MAP

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from explorer.bundle import Bundle
    from explorer.ui.resources import Opened

WAY, NAME, COLUMN = "own_way", "own_name", "own_column"
SHOWN = 12  # thumbnails of a group
PICTURES = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff"]


@dataclass(frozen=True, eq=False)
class Encoded:
    """Uploaded pictures as codes (M, D), and a sentence for each that could not be used."""

    codes: np.ndarray
    problems: tuple[str, ...]


@st.fragment
def draw(opened: Opened) -> None:
    """The ways to make one, and those there are."""
    kind = noun(opened.bundle.config)
    st.markdown(
        f"A slider needs two groups: {kind}s **with** what it shall add, and {kind}s **without**. "
        "It then moves from the average of the one to the average of the other."
    )
    ways: dict[str, Callable[[Opened], None]] = {
        "Selections on the map": _from_map,
        "Uploaded pictures": _from_pictures,
        "A table of labels": _from_table,
        "A file": _from_file,
    }
    way = st.segmented_control("Made from", list(ways), default=next(iter(ways)), key=WAY)
    with sentences():
        ways[str(way or next(iter(ways)))](opened)
        _draw_own(opened)


def _from_map(opened: Opened) -> None:
    rows = {side: group(opened, side) for side in SIDES}
    for side, column in zip(SIDES, st.columns(2, gap="medium"), strict=True):
        with column:
            _show_group(opened, side, rows[side])
    if not all(map(len, rows.values())):
        st.page_link(MAP, label="Select both groups on the map", icon=":material/lasso_select:")
        return

    def make(name: str) -> Direction:
        bundle = opened.bundle
        has = marks(rows["with"], rows["without"], count=len(bundle.items))
        latents = bundle.latents
        return from_marks(latents.mu, has, split=latents.split, name=name, source="map")

    _ask_name(opened, make)


def _show_group(opened: Opened, side: str, rows: np.ndarray) -> None:
    st.markdown(f"**{side.capitalize()}**: {len(rows):,} selected")
    if len(rows):
        shown = rows[np.linspace(0, len(rows) - 1, min(SHOWN, len(rows))).astype(int)]
        images = opened.bundle.decode(opened.bundle.latents.mu[shown])
        st.image(contact_sheet(images, columns=6), width="stretch")


def _from_pictures(opened: Opened) -> None:
    files: dict[str, list[UploadedFile]] = {}
    for side, column in zip(SIDES, st.columns(2, gap="medium"), strict=True):
        files[side] = column.file_uploader(
            f"Pictures {side}", type=PICTURES, accept_multiple_files=True, key=f"own_{side}"
        )
    st.caption("They are only encoded: no picture is saved, and the slider holds none.")
    if not all(files.values()):
        return

    def make(name: str) -> Direction:
        encoded = {side: encode(files[side], opened.bundle) for side in SIDES}
        for side in SIDES:
            for problem in encoded[side].problems:
                st.warning(words.plain(problem))
        return from_groups(encoded["with"].codes, encoded["without"].codes, name=name)

    _ask_name(opened, make)


def encode(files: Sequence[UploadedFile], bundle: Bundle) -> Encoded:
    """Uploaded pictures, cropped like the training pictures and encoded."""
    kind = kind_of(bundle.config)
    crops: list[np.ndarray] = []
    problems: list[str] = []
    for file in files:
        try:
            photo = Photo(read_photo(file.getvalue()), file.name)
            if kind.name == "face" and not photo.faces:
                raise DataError("no face was found in it; it was left out.")
            crops.append(
                crop_photo(photo, start_placement(photo, kind, bundle.config), kind, bundle)
            )
        except DataError as error:
            problems.append(f"{file.name}: {error}")
    if not crops:
        return Encoded(np.zeros((0, bundle.config.model.latent_dim), np.float32), tuple(problems))
    return Encoded(bundle.encode(np.stack(crops))[0], tuple(problems))


def _from_table(opened: Opened) -> None:
    bundle = opened.bundle
    example = bundle.items["id"].iloc[0]
    file = st.file_uploader("Table (CSV)", type=["csv", "tsv", "txt"], key="own_table")
    st.caption(
        f"A column `id` with names such as `{example}`, and one column for each slider with 1 "
        "(with), 0 (without) or nothing."
    )
    if file is None:
        return
    labels = read_labels(file.getvalue(), bundle.items["id"].astype(str).tolist())
    if labels.note:
        st.info(words.plain(labels.note))
    column = str(st.selectbox("Column", list(labels.columns), key=COLUMN))
    has = labels.columns[column]
    st.caption(f"{int((has == 1).sum()):,} with, {int((has == 0).sum()):,} without.")

    def make(name: str) -> Direction:
        return from_marks(bundle.latents.mu, has, split=bundle.latents.split, name=name)

    _ask_name(opened, make, suggested=column)


def _from_file(opened: Opened) -> None:
    file = st.file_uploader("A slider that was downloaded here", type=["safetensors"])
    if file is not None and st.button("Add the slider", type="primary"):
        direction = own_directions.add_file(opened, file.getvalue())
        _added(direction)


def _ask_name(opened: Opened, make: Callable[[str], Direction], *, suggested: str = "") -> None:
    """A name and the button that makes the slider."""
    with (
        st.form("own_form", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        name = st.text_input(
            "Its name", value=suggested, placeholder="What the slider adds", max_chars=60
        )
        is_wanted = st.form_submit_button("Make the slider", type="primary")
    if is_wanted:
        direction = make(name)
        own_directions.add(opened, direction)
        _added(direction)


def _added(direction: Direction) -> None:
    st.success(f"“{words.plain(direction.name)}” is now among the sliders under “Edit”.")


def _draw_own(opened: Opened) -> None:
    """The sliders there are, each with what can be done with it."""
    found = own_directions.own(opened)
    for problem in found.problems:
        st.warning(words.plain(problem))
    for number, direction in enumerate(found.all):
        with st.container(border=True):
            _draw_one(opened, direction, number, is_fresh=direction in found.fresh)


def _draw_one(opened: Opened, direction: Direction, number: int, *, is_fresh: bool) -> None:
    left, right = st.columns([1, 1.4], gap="medium", vertical_alignment="center")
    with left:
        st.markdown(f"**{words.plain(direction.name)}**")
        st.caption(words.plain(_told(direction)))
        if direction.caution:
            st.caption(f":orange[:material/warning:] {words.plain(direction.caution)}")
    with right:
        st.image(average_walk(direction, opened.bundle), width="stretch")
        steps = " · ".join(f"{step:+g}" if step else "0" for step in STEPS)
        st.caption(f"The average {noun(opened.bundle.config)} moved to {steps}.")
    with st.container(horizontal=True):
        if is_fresh:
            _button(opened, "Keep", number, own_directions.keep, direction, icon="save")
        _button(opened, "Delete", number, own_directions.remove, direction, icon="delete")
        st.download_button(
            "Download",
            data=_deferred(opened, direction),
            file_name=exports.png_name(opened.bundle.name, direction.name).replace(
                ".png", ".safetensors"
            ),
            key=f"own_download_{number}",
            on_click="ignore",
            icon=":material/download:",
        )
        if is_fresh:
            st.caption("Gone with this browser tab unless you keep or download it.")


def _told(direction: Direction) -> str:
    """How it was made, and how well it does if that is known."""
    auc = direction.scores.get("auc", np.nan)
    tried = "" if np.isnan(auc) else f" On unseen pictures: AUC {auc:.2f}."
    return direction.made + tried


def _button(
    opened: Opened,
    title: str,
    number: int,
    act: Callable[[Opened, Direction], None],
    direction: Direction,
    *,
    icon: str,
) -> None:
    if st.button(title, key=f"own_{title}_{number}", icon=f":material/{icon}:"):
        act(opened, direction)
        st.rerun()


def _deferred(opened: Opened, direction: Direction) -> Callable[[], bytes]:
    sha256 = opened.bundle.config.weights_sha256
    return lambda: pack_own(direction, sha256=sha256)
