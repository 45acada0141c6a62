"""The traverse page: where to start, which axes, and the live rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from explorer.latent.traversal import Scale
from explorer.ui import clipboard, components, faces, live, sending
from explorer.ui.face_picker import choose_face
from explorer.ui.facts import noun
from explorer.ui.frame import sentences
from explorer.ui.registry import TRAVERSE
from explorer.ui.state import session
from explorer.ui.traverse_moves import Moves, moved, moves_text, parse_moves, read_moves
from explorer.ui.traverse_rows import DIMENSIONS, KINDS, Rows, make_notes, make_rows
from explorer.ui.wire import pack_floats, pack_picture

if TYPE_CHECKING:
    from explorer.ui.faces import Face
    from explorer.ui.resources import Opened

SLOT = "face"
STEPS = 11
PAGE = 20  # rows before "more"
PIECE, NOTES = "traverse_rows", "traverse_notes"
KIND, RANGE, REACH, MOVES = "axes", "range", "reach", "moves"
PRIOR, DATA = "prior σ", "data σ"
SCALES: dict[str, Scale] = {PRIOR: "prior", DATA: "aggregate"}
REACHES = (1.0, 6.0)
ZERO = "Zero"

_rows = components.declare("traverse", *components.LIVE)
_notes = components.declare("traverse_notes")


@dataclass(frozen=True)
class View:
    """What is shown of a bundle: which axes, and how far along each."""

    kind: str
    scale: Scale
    reach: float


def choose_start(opened: Opened) -> Face:
    """The face all rows start from, with the controls that put another one there."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(width="content"):
            face = choose_face(opened, slot=SLOT)
        st.button(
            "Start from zero",
            key="zero",
            icon=":material/exposure_zero:",
            on_click=put_zero,
            args=(opened,),
            help="The code with all its numbers 0.",
        )
    return face


def put_zero(opened: Opened) -> None:
    """Starts from the code that is all zeros."""
    code = np.zeros((1, opened.bundle.config.model.latent_dim), np.float32)
    clipboard.put(opened, SLOT, faces.of_codes(code, opened.bundle, titles=[ZERO])[0])


def draw(opened: Opened, face: Face) -> None:
    """The switches, the rows and the picture they change."""
    with sentences():
        _draw(opened, face, object())


@st.fragment
def _draw(opened: Opened, face: Face, run: object) -> None:
    """``run`` is another object at every run of the whole page, and the same in reruns of this."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        view = _choose_view(opened)
        rows = rows_of(opened, view.kind)
        _receive(opened, face, view, rows)
        moves = _moves(opened, face, view, rows)
        sending.offer(
            opened,
            lambda: changed_face(opened, face, moves, rows),
            key="traverse",
            skip=TRAVERSE,
        )
    _keep_in_link(moves)
    message = rows_message(opened, face, view, rows)
    message |= {"moves": _sent_moves(run, message["start"], moves), "socket": live.path()}
    _rows(key=PIECE, data=message, on_moves_change=components.listen)
    # After the rows, which are on their way to the browser while these are computed.
    notes = _notes_of(opened.identity, view.kind, _opened=opened)
    _notes(key=NOTES, data={"bundle": opened.identity, "kind": view.kind, "notes": notes})


def _choose_view(opened: Opened) -> View:
    """The switches above the rows; they are part of the link."""
    kind = _switch("Rows", KINDS, KIND, help_text=_KIND_HELP)
    is_variational = opened.bundle.config.model.variational
    scale = DATA
    if is_variational:
        scale = _switch("Range in", tuple(SCALES), RANGE, help_text=_RANGE_HELP)
    low, high = REACHES
    reach = st.slider(
        "Up to ± σ",
        min_value=low,
        max_value=high,
        value=3.0,
        step=0.5,
        key=REACH,
        bind="query-params",
        persist_state="session",
        width=150,
        help=None if is_variational else _PLAIN_HELP,
    )
    return View(kind, SCALES[scale], float(reach))


def rows_of(opened: Opened, kind: str) -> Rows:
    """The rows of a bundle, computed once."""
    return _rows_of(opened.identity, kind, _opened=opened)


def changed_face(opened: Opened, face: Face, moves: Mapping[int, float], rows: Rows) -> Face:
    """The face with the handles where they are; the face itself when none has been moved."""
    if not moves:
        return face
    code = moved(face.code, moves, rows)[None]
    title = f"{face.title}, moved along {', '.join(_named(number, rows) for number in moves)}"
    made = faces.of_codes(code, opened.bundle, titles=[title], is_private=not face.link)[0]
    return replace(made, original=face.original)


def rows_message(opened: Opened, face: Face, view: View, rows: Rows) -> dict[str, Any]:
    """What the browser needs to draw all rows and to move the code on its own."""
    axes = rows.axes
    values = axes.values(steps=STEPS, reach=view.reach, scale=view.scale)
    return {
        "bundle": opened.identity,
        "kind": view.kind,
        "start": _start_name(opened, face, view),
        "title": face.title,
        "picture": pack_picture(face.image),
        "code": pack_floats(face.code),
        "vectors": pack_floats(axes.vectors),
        "at": pack_floats(axes.coordinates(face.code[None])[0]),
        "low": pack_floats(values[:, 0]),
        "high": pack_floats(values[:, -1]),
        "steps": STEPS,
        "page": PAGE,
        "numbers": list(rows.numbers),
        "names": list(rows.names),
        "figures": list(rows.figures),
        "shares": np.round(rows.shares, 3).tolist(),
        "living": rows.num_living,
        "reach": view.reach,
        "dead": dead_note(len(rows.numbers) - rows.num_living, view.kind, noun=_noun(opened)),
    }


def dead_note(count: int, kind: str, *, noun: str) -> str:
    """Why some rows are folded away; empty when none is."""
    if not count:
        return ""
    what = "dimension" if kind == DIMENSIONS else "component"
    if count == 1:
        return (
            f"This {what} is dead: it hardly varies with the {noun} (variance of its mean 0.01 or "
            "less), so the model has put nothing into it and moving it changes little or nothing."
        )
    return (
        f"These {what}s are dead: they hardly vary with the {noun} (variance of the means 0.01 or "
        "less), so the model has put nothing into them and moving them changes little or nothing."
    )


def _receive(opened: Opened, face: Face, view: View, rows: Rows) -> None:
    """Notes where the handles were let go; messages may be late, about another face."""
    news = components.message(PIECE, "moves")
    name = _start_name(opened, face, view)
    if not isinstance(news, Mapping) or news.get("start") != name:
        return
    if session().is_new(PIECE, news):
        _kept()[name] = read_moves(news.get("moves"), rows)


def _moves(opened: Opened, face: Face, view: View, rows: Rows) -> Moves:
    """Where the handles are: where they were left, or, at first, where the link says."""
    kept = _kept()
    if not kept and MOVES in st.query_params:
        kept[_start_name(opened, face, view)] = parse_moves(st.query_params[MOVES], rows)
    return kept.get(_start_name(opened, face, view), {})


def _sent_moves(run: object, start: str, moves: Moves) -> list[tuple[int, float]]:
    """The moves the browser was told of when it began with ``start``.

    It knows of all later ones, which come from it; what it is sent stays the same, and so is not
    sent again each time a handle is let go.
    """
    told = st.session_state.get("traverse_told")
    if told is None or told[0] is not run or told[1] != start:
        told = (run, start, list(moves.items()))
        st.session_state["traverse_told"] = told
    sent: list[tuple[int, float]] = told[2]
    return sent


def _kept() -> dict[str, Moves]:
    """Where this visitor left the handles, by what they started from."""
    kept: dict[str, Moves] = st.session_state.setdefault("traverse_moves", {})
    return kept


def _keep_in_link(moves: Moves) -> None:
    text = moves_text(moves)
    if text and st.query_params.get(MOVES) != text:
        st.query_params[MOVES] = text
    elif not text and MOVES in st.query_params:
        del st.query_params[MOVES]


def _start_name(opened: Opened, face: Face, view: View) -> str:
    """Moves belong to a face and a kind of axes; another range leaves them where they are."""
    return f"{opened.identity}:{view.kind}:{hash(face.code.tobytes())}"


def _named(number: int, rows: Rows) -> str:
    place = rows.place_of(number)
    return "" if place is None else rows.names[place].lower()


def _noun(opened: Opened) -> str:
    return noun(opened.bundle.config)


def _switch(label: str, options: tuple[str, ...], key: str, *, help_text: str) -> str:
    chosen = st.segmented_control(
        label,
        options,
        default=options[0],
        required=True,
        key=key,
        help=help_text,
        bind="query-params",
        persist_state="session",
    )
    return str(chosen)


_KIND_HELP = (
    "The numbers of the code themselves, or the directions in which the codes vary most: their "
    "principal components, which mix all numbers."
)
_PLAIN_HELP = (
    "A plain autoencoder has no prior and no KL: rows are sorted by variance, and the range is in "
    "standard deviations of its codes."
)
_RANGE_HELP = (
    "Along every row the prior has mean 0 and standard deviation 1. The data's own mean and "
    "standard deviation (of the aggregate posterior) differ from row to row."
)


@st.cache_resource(max_entries=6, show_spinner=False)
def _rows_of(identity: str, kind: str, *, _opened: Opened) -> Rows:
    return make_rows(_opened.bundle, kind)


@st.cache_resource(max_entries=6, show_spinner=False)
def _notes_of(identity: str, kind: str, *, _opened: Opened) -> list[list[list[str]]]:
    notes = make_notes(_opened.bundle, _rows_of(identity, kind, _opened=_opened).axes)
    return [[[note.text, note.kind] for note in row] for row in notes]
