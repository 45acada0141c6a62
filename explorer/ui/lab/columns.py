"""Models side by side, each asked the same: codes in a plane, what is at a place, pictures."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer.figures import categorical
from explorer.ui import components, live
from explorer.ui.wire import pack_floats, to_text

if TYPE_CHECKING:
    from explorer.ui.resources import Opened

Pictures = NDArray[np.uint8]
Floats = NDArray[np.floating]
PLACE = "place"  # in the link: where the planes are pointed at
ORIGIN = (0.0, 0.0)
FARTHEST = 1e3
CIRCLE = np.linspace(0, 2 * np.pi, 73)

_columns = components.declare("lab_columns", "theme.js", *components.LIVE)


@dataclass(frozen=True, eq=False)
class Sheet:
    """Pictures (N, H, W, C) in rows of ``columns``, with a caption."""

    caption: str
    images: Pictures
    columns: int


@dataclass(frozen=True, eq=False)
class Curve:
    """A line (K, 2) in a plane; no colour is that of the text."""

    points: Floats
    label: str = ""
    colour: str = ""


@dataclass(frozen=True, eq=False)
class Mark:
    """Places (K, 2) to be marked: ``ring`` or ``cross``."""

    points: Floats
    kind: str
    colour: str = ""


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane in the space of codes: ``code = base + x axes[0] + y axes[1]``.

    Attributes:
        points: (n, 2) of codes.
        classes: (n,) which colour each has.
        base: (D,).
        axes: (2, D).
        centre: What is in the middle of the picture.
        half: From there to its edge.
        curves: Drawn over the points.
        marks: Drawn over the curves.
        highlight: The one class that is coloured; None colours all.
    """

    points: Floats
    classes: NDArray[np.integer]
    base: Floats
    axes: Floats
    centre: tuple[float, float]
    half: float
    curves: tuple[Curve, ...] = ()
    marks: tuple[Mark, ...] = ()
    highlight: int | None = None


@dataclass(frozen=True, eq=False)
class Column:
    """What is shown of one model.

    Attributes:
        opened: The model.
        title: What it is called here.
        note: A few words below the title.
        facts: Figures with their names.
        sheets: Pictures, from the top down.
        plane: Its codes; None for none.
    """

    opened: Opened
    title: str
    note: str
    facts: Sequence[tuple[str, str]]
    sheets: Sequence[Sheet]
    plane: Plane | None = None


def show(columns: Sequence[Column], *, names: Sequence[str], key: str) -> None:
    """Draws the columns; the place that is pointed at is part of the link.

    Args:
        columns: From left to right, all of the same build.
        names: Of the classes, for the legend.
        key: Of the piece.
    """
    message = columns_message(columns, names=names)
    message["place"] = _told(key, str(message["version"]))
    _columns(key=key, data=message, on_place_change=components.listen)


def columns_message(columns: Sequence[Column], *, names: Sequence[str]) -> dict[str, Any]:
    """What the browser needs to draw the columns, and to ask what is at a place.

    ``version`` is another one whenever anything else in it is.
    """
    message: dict[str, Any] = {
        "socket": live.path(),
        "names": list(names),
        "colours": list(categorical(len(names))),
        "columns": [_column_message(column) for column in columns],
    }
    version = hashlib.sha256(json.dumps(message).encode()).hexdigest()[:12]
    return {**message, "version": version}


def ring(radius: float, *, label: str = "") -> Curve:
    """A circle round the origin."""
    return Curve(radius * np.stack([np.cos(CIRCLE), np.sin(CIRCLE)], axis=1), label)


def read_place(text: str | None) -> tuple[float, float]:
    """A place from a link such as ``0.50,-1.20``; the origin if it is none."""
    parts = (text or "").split(",")
    try:
        x, y = (float(part) for part in parts)
    except ValueError:
        return ORIGIN
    return _bounded(x, y)


def _told(key: str, version: str) -> tuple[float, float]:
    """The place the browser is told: that at which it began with what it is shown.

    It knows of all later ones, which come from it; what it is sent stays the same, and so is not
    sent again each time a place is kept.
    """
    place = _place(key)
    known: tuple[str, tuple[float, float]] | None = st.session_state.get(f"{key}_told")
    if known is None or known[0] != version or components.message(key, "place") is None:
        known = (version, place)
        st.session_state[f"{key}_told"] = known
    return known[1]


def _place(key: str) -> tuple[float, float]:
    """Where the planes are pointed at: by the last click, or at first by the link."""
    news = components.message(key, "place")
    if not isinstance(news, Mapping):
        return read_place(st.query_params.get(PLACE))
    try:
        place = _bounded(float(news["x"]), float(news["y"]))
    except (KeyError, TypeError, ValueError):  # browsers may send anything
        return ORIGIN
    st.query_params[PLACE] = ",".join(f"{value:.2f}" for value in place)
    return place


def _bounded(x: float, y: float) -> tuple[float, float]:
    if not all(math.isfinite(value) and abs(value) <= FARTHEST for value in (x, y)):
        return ORIGIN
    return x, y


def _column_message(column: Column) -> dict[str, Any]:
    return {
        "bundle": column.opened.identity,
        "title": column.title,
        "note": column.note,
        "facts": [list(fact) for fact in column.facts],
        "sheets": [_sheet_message(sheet) for sheet in column.sheets],
        "plane": None if column.plane is None else _plane_message(column.plane),
    }


def _sheet_message(sheet: Sheet) -> dict[str, Any]:
    count, height, width, channels = sheet.images.shape
    return {
        "caption": sheet.caption,
        "columns": sheet.columns,
        "count": count,
        "width": width,
        "height": height,
        "channels": channels,
        "pixels": to_text(np.ascontiguousarray(sheet.images).tobytes()),
    }


def _plane_message(plane: Plane) -> dict[str, Any]:
    return {
        "points": pack_floats(plane.points),
        "classes": to_text(plane.classes.astype(np.uint8).tobytes()),
        "base": pack_floats(plane.base),
        "axes": pack_floats(plane.axes),
        "centre": list(plane.centre),
        "half": plane.half,
        "highlight": plane.highlight,
        "curves": [
            {"points": pack_floats(one.points), "label": one.label, "colour": one.colour}
            for one in plane.curves
        ],
        "marks": [
            {"points": pack_floats(one.points), "kind": one.kind, "colour": one.colour}
            for one in plane.marks
        ],
    }
