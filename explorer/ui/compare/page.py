"""The Compare page: the models chosen, and what is shown of them, a tab at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from explorer.ui import components, live, map_page
from explorer.ui.attributes.edits import as_value
from explorer.ui.colours import colour_columns, favourite_colour, make_colour
from explorer.ui.compare import messages, plots, strips, table_page
from explorer.ui.compare.choice import Chosen, objective_sentence
from explorer.ui.compare.cohorts import (
    Cohort,
    first_picture,
    make_cohorts,
    shown_pictures,
    what_differs,
)
from explorer.ui.compare.controls import choose
from explorer.ui.compare.sliders import common_sliders, move_of
from explorer.ui.compare.strips import COLUMNS, Spots
from explorer.ui.compare.workspace import keep_in_link, workspace
from explorer.ui.frame import sentences
from explorer.ui.state import session
from explorer.ui.words import plain

if TYPE_CHECKING:
    from explorer.bundle.sweeps import Sweep
    from explorer.ui.resources import Opened

TABS = ("Pictures", "Maps", "Training", "Rate and distortion", "Figures")
VIEW, PIECE, MAPS = "view", "compare_panels", "compare_maps"
SLIDER, SAMPLER, RANK, DRAW, ROLE = "slider", "sampler", "rank", "draw", "chooses"
SAMPLERS = {"prior": "the prior N(0, I)", "mixture": "the fitted mixture"}
EDITED, END = "the picture", "the end of the walk"
MAX_RANK = 512

_panels = components.declare("compare", *components.LIVE, "slider_row.js", "waiting_pictures.js")
_maps = components.declare(
    "compare_maps", "theme.js", "raster.js", "socket.js", "points.js", "viewport.js"
)


@dataclass(frozen=True, eq=False)
class Scene:
    """What is compared now.

    Attributes:
        chosen: All that were chosen, in order; a model's number is its place here.
        models: Those that can be shown, by number.
        cohorts: By the pictures they share.
        sweep: The grid they are from, if one is chosen.
    """

    chosen: tuple[Chosen, ...]
    models: Mapping[int, Opened]
    cohorts: tuple[Cohort, ...]
    sweep: Sweep | None


def draw() -> None:
    """The whole page."""
    with sentences():
        chosen, sweep = choose()
        if not chosen:
            st.info("Choose two models or more: each gets a column.", icon=":material/compare:")
            return
        scene = make_scene(chosen, sweep)
        _explain(scene)
        if not scene.models:
            _show_holes(scene)
            return
        pictures, maps, training, plane, figures = st.tabs(
            TABS, key=VIEW, on_change="rerun", bind="query-params"
        )
        if pictures.open:
            with pictures:
                _show_pictures(scene)
        if maps.open:
            with maps:
                _show_maps(scene)
        if training.open:
            with training:
                plots.show_training(scene.chosen)
        if plane.open:
            with plane:
                plots.show_plane(scene.chosen, sweep)
        if figures.open:
            with figures:
                table_page.show(scene.chosen)
        objective = objective_sentence([m.bundle.config for m in scene.models.values()])
        if objective:
            st.caption(objective)


def make_scene(chosen: Sequence[Chosen], sweep: Sweep | None) -> Scene:
    """The models with the pictures they share."""
    models = {number: each.opened for number, each in enumerate(chosen) if each.opened is not None}
    identities = tuple(opened.identity for opened in models.values())
    cohorts = _cohorts(identities, tuple(models), _models=models)
    return Scene(tuple(chosen), models, cohorts, sweep)


def _explain(scene: Scene) -> None:
    """What to know before comparing."""
    known = [each for each in scene.chosen if each.opened is not None]
    configs = [each.opened.bundle.config for each in known if each.opened is not None]
    difference = what_differs([each.title for each in known], configs)
    if difference:
        st.info(difference, icon=":material/difference:")
    if len(scene.chosen) == 1:
        st.info(
            "There is one model here to look at. Choose others beside it, or train them: "
            "`python train_cli.py sweep --betas 0.1 1 10 --latent-dims 2 16`.",
            icon=":material/compare:",
        )


def _show_holes(scene: Scene) -> None:
    for each in scene.chosen:
        st.error(f"**{plain(each.title)}**: {plain(each.problem)}")


# ---- pictures ----


@st.fragment
def _show_pictures(scene: Scene) -> None:
    """The panels under one slider, and the rows below them."""
    with sentences():
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            key, title = _choose_slider(scene)
            role = _choose_role()
            _offer_others()
            with st.popover("Rows", icon=":material/table_rows:", help="What the rows show."):
                sampler = _choose_sampler()
                rank = _choose_rank()
        spots = _receive(scene, (PIECE,), role=role, without=(key,))
        data = panels_message(scene, spots, key=key, title=title, sampler=sampler, rank=rank)
        _panels(
            key=PIECE,
            data=data,
            on_edit_change=components.listen,
            on_pick_change=components.listen,
        )


def panels_message(
    scene: Scene,
    spots: Sequence[Spots],
    *,
    key: str,
    title: str,
    sampler: str,
    rank: int,
) -> messages.Message:
    """Everything the browser needs to ask each model for its pictures."""
    panels = [messages.panel_message(number, each) for number, each in enumerate(scene.chosen)]
    for cohort, spot in zip(scene.cohorts, spots, strict=True):
        for member in cohort.members:
            opened = scene.models[member]
            move = move_of(opened, key)
            panels[member] |= messages.live_message(opened, cohort, member, spot, move)
    first, spot = scene.cohorts[0], spots[0]
    opened = scene.models[first.members[0]]
    own = str(first.ids[spot.picture])
    source = messages.packed(messages.original_of(opened, own))
    return {
        "socket": live.path(),
        "slider": messages.slider_message(title, workspace().value),
        "panels": panels,
        "original": None if source is None else {"picture": source, "title": own},
        "strips": list(_strips(scene, spots, sampler=sampler, rank=rank)),
    }


def _strips(
    scene: Scene, spots: Sequence[Spots], *, sampler: str, rank: int
) -> list[messages.Message]:
    """The rows, a section a kind; pictures of different data are sections of their own."""
    models, found = scene.models, []
    for number, (cohort, spot) in enumerate(zip(scene.cohorts, spots, strict=True)):
        opened = models[cohort.members[0]]
        kind = messages.what_one_is(opened)
        ids = [str(name) for name in cohort.ids[list(spot.shown)]]
        found.append(
            messages.strip_message(
                f"pictures{number}",
                f"The same {kind}s, reconstructed",
                strips.same_pictures(models, cohort, spot),
                note="Unseen in training. Click one to choose it.",
                ids=ids,
                picked=str(cohort.ids[spot.picture]),
                originals=_originals(opened, ids),
            )
        )
        found.append(
            messages.strip_message(
                f"walk{number}",
                f"From {cohort.ids[spot.picture]} to {cohort.ids[spot.end]}",
                strips.walks(models, cohort, spot),
                note="The same two pictures, a straight line through each model's codes.",
            )
        )
        found.append(
            messages.strip_message(
                f"traversal{number}",
                f"The number of rank {rank} of the code, from −3 to +3 σ",
                strips.traversals(models, cohort, spot, rank=rank),
                note="Rank 1 is what each model uses most, by KL.",
            )
        )
    made = strips.samples(models, sampler=sampler, seed=_draw_number())
    title = f"New pictures from {SAMPLERS[sampler]}"
    drawn = messages.strip_message("samples", title, made, note=f"Seed {_draw_number()}.")
    return [found[0], drawn, *found[1:]]


def _originals(opened: Opened, ids: list[str]) -> list[messages.Message | None] | None:
    """The source pictures above their reconstructions; none where none is at hand."""
    packed = _packed_originals(opened.identity, tuple(ids), _opened=opened)
    return packed if any(packed) else None


def _choose_slider(scene: Scene) -> tuple[str, str]:
    titles = common_sliders(list(scene.models.values()))
    keys = list(titles)
    if st.session_state.get(SLIDER) not in keys:
        st.session_state.pop(SLIDER, None)
    key = st.selectbox(
        "The slider changes",
        keys,
        format_func=titles.__getitem__,
        key=SLIDER,
        bind="query-params",
        persist_state="session",
        help="Each model moves its own code of the picture along its own direction of this name.",
        width=230,
    )
    return str(key), titles[str(key)]


def _choose_sampler() -> str:
    chosen = st.segmented_control(
        "New pictures from",
        list(SAMPLERS),
        default="prior",
        required=True,
        format_func=str.title,
        key=SAMPLER,
        bind="query-params",
        persist_state="session",
    )
    return str(chosen)


def _choose_rank() -> int:
    return int(
        st.number_input(
            "Number of the code, by rank",
            min_value=1,
            max_value=MAX_RANK,
            key=RANK,
            bind="query-params",
            persist_state="session",
            width=190,
        )
    )


def _choose_role() -> str:
    chosen = st.segmented_control(
        "A click chooses",
        (EDITED, END),
        default=EDITED,
        required=True,
        key=ROLE,
        persist_state="session",
    )
    return str(chosen)


def _offer_others() -> None:
    """Another draw: other pictures and other samples."""
    number = _draw_number()
    if st.button("Others", icon=":material/casino:", help="Other pictures and other samples."):
        st.query_params[DRAW] = str(number + 1)
        st.session_state[DRAW] = number + 1


def _draw_number() -> int:
    """The seed of what is shown."""
    text = str(st.session_state.get(DRAW, st.query_params.get(DRAW, "0")))
    return int(text) if text.isdecimal() and len(text) < 9 else 0


# ---- what is looked at ----


def _receive(
    scene: Scene, pieces: Sequence[str], *, role: str, without: Sequence[str] = ()
) -> tuple[Spots, ...]:
    """Acts on what was clicked and dragged, and says what is shown of each cohort."""
    state = workspace()
    for piece in pieces:
        edit, pick = _news(piece, "edit"), _news(piece, "pick")
        if edit is not None:
            state.value = as_value(edit.get("value"))
        if pick is not None and isinstance(pick.get("id"), str):
            if role == END:
                state.end = pick["id"]
            else:
                state.picture = pick["id"]
    spots = tuple(_spots(scene, cohort, without) for cohort in scene.cohorts)
    first = scene.cohorts[0].ids
    # What is shown at first stays when another slider is chosen; what other data lack goes.
    if not _is_there(scene, state.picture):
        state.picture = str(first[spots[0].picture])
    if not _is_there(scene, state.end):
        state.end = str(first[spots[0].end])
    keep_in_link(state.picture, state.end, state.value)
    return spots


def _is_there(scene: Scene, picture: str) -> bool:
    return any(cohort.place(picture) is not None for cohort in scene.cohorts)


def _spots(scene: Scene, cohort: Cohort, without: Sequence[str]) -> Spots:
    bundle = scene.models[cohort.members[0]].bundle
    shown = shown_pictures(cohort, bundle, seed=_draw_number(), count=COLUMNS)
    state = workspace()
    picture = cohort.place(state.picture)
    if picture is None:
        picture = first_picture(cohort, bundle, without=without)
    end = cohort.place(state.end)
    if end is None:
        end = next((int(place) for place in shown if place != picture), picture)
    return Spots(picture, end, tuple(int(place) for place in shown))


def _news(piece: str, name: str) -> Mapping[str, Any] | None:
    message = components.message(piece, name)
    if not isinstance(message, Mapping):
        return None
    return message if session().is_new(f"{piece}.{name}", message) else None


# ---- maps ----


@st.fragment
def _show_maps(scene: Scene) -> None:
    """The same pictures on each model's map."""
    with sentences():
        first = scene.models[scene.cohorts[0].members[0]]
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            plane = map_page.choose_plane(first)
            colour = map_page.choose_colour(first)
        spots = _receive(scene, (MAPS,), role=EDITED)
        data = maps_message(scene, spots, plane=plane, colour=colour)
        _maps(key=MAPS, data=data, on_pick_change=components.listen)
        st.caption(
            "Point at a picture in one map: it is ringed in all of them, and each model draws it "
            "above its map. Click, and it is the one that the other tabs show."
        )


def maps_message(
    scene: Scene, spots: Sequence[Spots], *, plane: str, colour: str
) -> messages.Message:
    """The maps of all models, point by point the same pictures."""
    panels = [messages.panel_message(number, each) for number, each in enumerate(scene.chosen)]
    groups = []
    for number, (cohort, spot) in enumerate(zip(scene.cohorts, spots, strict=True)):
        places = messages.map_places(cohort)
        drawn = np.union1d(places, [spot.picture])  # what is picked is always there
        for member in cohort.members:
            opened = scene.models[member]
            rows = cohort.rows_of(member)[drawn]
            panels[member] |= {
                "cohort": number,
                "map": messages.map_message(opened, rows, plane=plane),
            }
        groups.append(
            {
                "ids": [str(name) for name in cohort.ids[drawn]],
                "picked": int(np.searchsorted(drawn, spot.picture)),
                "colour": _colour(scene.models[cohort.members[0]], cohort, drawn, colour),
            }
        )
    return {"socket": live.path(), "panels": panels, "cohorts": groups}


def _colour(opened: Opened, cohort: Cohort, places: np.ndarray, wanted: str) -> Any:
    """The colouring asked for, or the favourite of models that do not have it."""
    bundle = opened.bundle
    columns = colour_columns(bundle.items, bundle.config.data.attribute_names)
    title = wanted if wanted in columns else favourite_colour(list(columns))
    items = bundle.items.iloc[cohort.rows[0][places]]
    return make_colour(items, title, column=columns[title])


# ---- kept ----


@st.cache_resource(max_entries=16, show_spinner=False)
def _cohorts(
    identities: tuple[str, ...], numbers: tuple[int, ...], *, _models: Mapping[int, Opened]
) -> tuple[Cohort, ...]:
    return make_cohorts({number: opened.bundle for number, opened in _models.items()})


@st.cache_data(max_entries=64, show_spinner=False)
def _packed_originals(
    identity: str, ids: tuple[str, ...], *, _opened: Opened
) -> list[messages.Message | None]:
    return [messages.packed(messages.original_of(_opened, name)) for name in ids]
