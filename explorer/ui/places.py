"""A place on a map: a point, which stands for one picture, or any spot between the points."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from explorer.bundle import Bundle

DIGITS = 4  # of the coordinates in a link


@dataclass(frozen=True)
class Place:
    """Coordinates on the map ``plane``; ``index`` is the picture when the place is a point."""

    plane: str
    x: float
    y: float
    index: int | None = None


def parse_place(message: object, bundle: Bundle) -> Place | None:
    """The place a browser message ``{plane, x, y, index}`` means; None when it means nothing.

    Messages come from outside: every field is checked before it is used.
    """
    if not isinstance(message, Mapping):
        return None
    plane, x, y, index = (message.get(name) for name in ("plane", "x", "y", "index"))
    if plane not in bundle.maps or not _is_coordinate(x) or not _is_coordinate(y):
        return None
    is_point = isinstance(index, int) and 0 <= index < len(bundle.items)
    return Place(str(plane), float(x), float(y), index if is_point else None)


def code_at(place: Place, bundle: Bundle) -> np.ndarray:
    """The code (1, D) of a place: a point's own, otherwise the map's inverse."""
    if place.index is not None:
        return np.asarray(bundle.latents.mu[place.index : place.index + 1], np.float32)
    return np.asarray(bundle.maps[place.plane].invert(_row(place)), np.float32)


def moved(place: Place, bundle: Bundle, *, plane: str) -> Place:
    """The same code on another map: a point's own coordinates, or its code projected."""
    if place.plane == plane:
        return place
    if place.index is not None:
        xy = bundle.maps[plane].xy[place.index]
    else:
        xy = bundle.maps[plane].project(code_at(place, bundle))[0]
    return Place(plane, float(xy[0]), float(xy[1]), place.index)


def to_query(place: Place, bundle: Bundle) -> str:
    """The place as text for a link: a picture's id, or ``map:x,y``."""
    if place.index is not None:
        return str(bundle.items["id"].iloc[place.index])
    return f"{place.plane}:{place.x:.{DIGITS}f},{place.y:.{DIGITS}f}"


def from_query(text: str, bundle: Bundle, *, plane: str) -> Place | None:
    """The place a link means, as a point of ``plane`` when it names a picture."""
    found = np.flatnonzero(bundle.items["id"].to_numpy() == text)
    if len(found):
        index = int(found[0])
        x, y = bundle.maps[plane].xy[index]
        return Place(plane, float(x), float(y), index)
    name, _, numbers = text.partition(":")
    try:
        x, y = (float(number) for number in numbers.split(","))
    except ValueError:
        return None
    return parse_place({"plane": name, "x": x, "y": y}, bundle)


def _row(place: Place) -> np.ndarray:
    return np.array([[place.x, place.y]], np.float32)


def _is_coordinate(value: object) -> bool:
    # Beyond 1e6 nothing can be seen, and a float32 inverse would overflow.
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and abs(value) < 1e6
