"""The Attributes page: the editor, what it tells, and what can be done with an edited face."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from explorer.latent import Direction
from explorer.ui import clipboard, components, exports, faces, live, own_directions, sending
from explorer.ui.attributes import messages, takeaways
from explorer.ui.attributes.edits import Edit, from_link, from_message, locks_text, values_text
from explorer.ui.attributes.panel import Panel, make_panel
from explorer.ui.attributes.sliders import methods_of, opening, sliders_of
from explorer.ui.attributes.workspace import workspace
from explorer.ui.cautions import cautions
from explorer.ui.face_picker import choose_face, show_kept
from explorer.ui.faces import Face
from explorer.ui.facts import noun
from explorer.ui.frame import sentences
from explorer.ui.registry import ATTRIBUTES
from explorer.ui.resources import Opened
from explorer.ui.rows import draw_others, typical_row
from explorer.ui.state import news
from explorer.ui.words import plain, readable

EDITOR, SLOT = "attributes_editor", "face"
VIEW = "view"
TABS = ("Edit", "How good are these sliders?", "Your own sliders")
METHOD, EDIT, LOCK = "method", "edit", "lock"
METHOD_HELP = (
    "**Mean**: from the average code without to the average code with, the plainest way. "
    "**Logistic**: straight across the plane that best tells the two apart. "
    "**Conditional**: the mean way, without the part that would move what often comes with it."
)

_editor = components.declare(
    "editor", *components.LIVE, "edit_history.js", "slider_row.js", "waiting_pictures.js"
)


@st.fragment
def show_editor(opened: Opened) -> None:
    """The face, the sliders beside it, and below it what can be done with it."""
    own = own_directions.own(opened).all
    if not opened.bundle.directions and not own:
        _explain_nothing(opened)
        return
    with sentences():
        face_side, method_side = st.columns([0.85, 1], vertical_alignment="bottom")
        with method_side:
            method = _choose_method(opened)
        sliders = sliders_of(opened.bundle.directions, own, method=method)
        first = opening(sliders)
        edit = _current(opened, [slider.key for slider in sliders], first=first)
        _receive_others(opened)
        _welcome(opened, first)
        with face_side:
            face = choose_face(opened, slot=SLOT)
        panel = make_panel(sliders, edit.locks)
        _editor(
            key=EDITOR,
            data=_editor_message(opened, panel, edit, face),
            on_edit_change=components.listen,
            on_others_change=components.listen,
            on_swap_change=components.listen,
        )
        _keep_in_link(edit)
        _show_takeaways(opened, panel, edit, face, method=method)
        show_kept(opened, slot=SLOT)


def _explain_nothing(opened: Opened) -> None:
    """A model that came without attributes still has room for sliders of one's own."""
    kind = noun(opened.bundle.config)
    st.info(
        f"**{plain(opened.bundle.name)}** was trained on {kind}s without attributes or labels, so "
        "it knows no direction to drag them along. Make one yourself: two groups of "
        f"{kind}s are enough.",
        icon=":material/label_off:",
    )
    if st.button("Make a slider", icon=":material/add:", on_click=_go_to_own):
        st.rerun()  # the tabs are outside this fragment


def _go_to_own() -> None:
    st.session_state[VIEW] = TABS[2]


def _choose_method(opened: Opened) -> str:
    """The switch between the methods of a bundle; nothing to switch if there is one."""
    names = methods_of(opened.bundle.directions)
    if len(names) < 2:
        return (names or [""])[0]
    if st.session_state.get(METHOD) not in names:
        st.session_state.pop(METHOD, None)
    chosen = st.segmented_control(
        "How the sliders were found",
        names,
        default=names[0],
        required=True,
        format_func=str.title,
        key=METHOD,
        bind="query-params",
        persist_state="session",
        help=METHOD_HELP,
    )
    return str(chosen)


# ---- what is in force ----


def _current(opened: Opened, keys: Sequence[str], *, first: Sequence[str]) -> Edit:
    """The edit the browser reported last, or the one of the link, or none."""
    edits = workspace().edits
    edit = news(EDITOR, "edit", bundle=opened.identity)
    reported = None if edit is None else from_message(edit, keys)
    if reported is not None:
        edits[opened.identity] = reported
    elif opened.identity not in edits:
        edits[opened.identity] = _linked(keys, first=first)
    return edits[opened.identity].known(keys)


def _linked(keys: Sequence[str], *, first: Sequence[str]) -> Edit:
    """The edit of the page's address, as far as this model has its sliders."""
    linked = from_link(st.query_params.get(EDIT, ""), st.query_params.get(LOCK, ""))
    missing = sorted({*linked.values, *linked.locks} - set(keys))
    if missing:
        names = ", ".join(readable(name) for name in missing)
        st.caption(f"The link also moves what this model has no slider for: {plain(names)}.")
    return linked.known(keys).showing(first)


def _keep_in_link(edit: Edit) -> None:
    """The page's address leads back to the edit."""
    for name, text in ((EDIT, values_text(edit)), (LOCK, locks_text(edit))):
        if text and st.query_params.get(name) != text:
            st.query_params[name] = text
        elif not text and name in st.query_params:
            del st.query_params[name]


def _receive_others(opened: Opened) -> None:
    """Draws new other faces, or edits one of those shown, when the browser asks for it."""
    seeds = workspace().seeds
    if news(EDITOR, "others", bundle=opened.identity) is not None:
        seeds[opened.identity] = seeds.get(opened.identity, 0) + 1
    swap = news(EDITOR, "swap", bundle=opened.identity)
    row = None if swap is None else swap.get("row")
    if type(row) is int and row in _other_rows(opened):
        clipboard.put(opened, SLOT, faces.of_row(row, opened.bundle))


def _welcome(opened: Opened, first: Sequence[str]) -> None:
    """Gives a newcomer a face on which the first sliders have something to change."""
    if clipboard.held(opened, SLOT) is None and not clipboard.kept_faces(opened):
        row = typical_row(opened.bundle, without=first)
        clipboard.put(opened, SLOT, faces.of_row(row, opened.bundle))


def _other_rows(opened: Opened) -> np.ndarray:
    return draw_others(opened.bundle, seed=workspace().seeds.get(opened.identity, 0))


# ---- what is sent ----


def _editor_message(opened: Opened, panel: Panel, edit: Edit, face: Face) -> messages.Message:
    bundle = opened.bundle
    notes = {key: _notes(opened, panel, key, locks=edit.locks) for key in edit.shown}
    return {
        **messages.frame_message(bundle, opened.identity, socket=live.path()),
        **messages.panel_message(panel, bundle, has_locks=bool(edit.locks)),
        "notes": messages.notes_message(notes, panel),
        "face": messages.face_message(face),
        "others": messages.others_message(_other_rows(opened), bundle),
        "edit": messages.edit_message(edit),
    }


def _notes(opened: Opened, panel: Panel, key: str, *, locks: tuple[str, ...]) -> tuple[str, ...]:
    slider = panel.sliders[panel.keys.index(key)]
    step = replace(panel.steps[key], scores=slider.direction.scores)
    return _cautions(opened.identity, step.method, key, locks, _step=step, _opened=opened)


@st.cache_data(max_entries=500, show_spinner=False)
def _cautions(
    identity: str,
    method: str,
    key: str,
    locks: tuple[str, ...],
    *,
    _step: Direction,
    _opened: Opened,
) -> tuple[str, ...]:
    """Cautions on a slider; they take a look at the whole table, hence kept."""
    bundle = _opened.bundle
    return cautions(
        _step,
        classifiers=[item for item in bundle.directions if item.method == "logistic"],
        items=bundle.items,
        attribute_names=bundle.config.data.attribute_names,
        effects=None if locks else bundle.effects,
    )


# ---- what can be done with it ----


def _show_takeaways(opened: Opened, panel: Panel, edit: Edit, face: Face, *, method: str) -> None:
    """Files, keeping, and the other pages."""
    bundle = opened.bundle
    stem = takeaways.file_stem(face, edit, bundle)
    strip = edit if edit.last else replace(edit, last=edit.shown[0])

    def picture() -> bytes:
        return exports.to_png(bundle.decode(panel.apply(face.code, edit.values)[None])[0])

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _button("Picture", picture, f"{stem}.png", "image/png", icon="image")
        _button(
            "Strip",
            lambda: takeaways.strip_png(panel, face, strip, bundle),
            f"{stem}-strip.png",
            "image/png",
            icon="view_column",
        )
        if edit.values:
            _button(
                "GIF",
                lambda: takeaways.loop_gif(panel, face, edit, bundle),
                f"{stem}.gif",
                "image/gif",
                icon="animation",
            )
        _button(
            "Code",
            lambda: takeaways.code_json(panel, face, edit, bundle, method=method),
            f"{stem}.json",
            "application/json",
            icon="data_object",
        )
        sending.offer(
            opened,
            lambda: _edited(opened, panel, edit, face),
            key="edited",
            skip=ATTRIBUTES,
        )


def _button(
    label: str, make: Callable[[], bytes], file_name: str, mime: str, *, icon: str
) -> None:
    st.download_button(
        label,
        data=make,
        file_name=file_name,
        mime=mime,
        key=f"take_{label}",
        on_click="ignore",
        icon=f":material/{icon}:",
    )


def _edited(opened: Opened, panel: Panel, edit: Edit, face: Face) -> Face:
    """The edited face; of a private one it is private too."""
    if not edit.values:
        return face
    code = panel.apply(face.code, edit.values)
    title = takeaways.edit_title(face, edit, panel)
    return faces.of_codes(code[None], opened.bundle, titles=[title], is_private=not face.link)[0]
