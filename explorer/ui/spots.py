"""A spot on a map: a point, which stands for one picture, or any place between the points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from explorer.bundle import Bundle

DIGITS = 4  # of the coordinates in a link
LIMIT = 1e6  # beyond, nothing can be seen and a float32 inverse would overflow


@dataclass(frozen=True)
class Spot:
    """Coordinates on the map ``plane``; ``index`` is the picture when the place is a point."""

    plane: str
    x: float
    y: float
    index: int | None = None


def parse_spot(message: object, bundle: Bundle) -> Spot | None:
    """The spot a browser message ``{plane, x, y, index}`` means; None when it means nothing.

    Messages come from outside: every field is checked before it is used.
    """
    if not isinstance(message, Mapping):
        return None
    plane, index = message.get("plane"), message.get("index")
    x, y = _coordinate(message.get("x")), _coordinate(message.get("y"))
    if not isinstance(plane, str) or plane not in bundle.maps or x is None or y is None:
        return None
    is_point = type(index) is int and 0 <= index < len(bundle.items)
    return Spot(plane, x, y, index if is_point else None)


def code_at(spot: Spot, bundle: Bundle) -> np.ndarray:
    """The code (1, D) of a spot: a point's own, otherwise the map's inverse."""
    if spot.index is not None:
        return np.asarray(bundle.latents.mu[spot.index : spot.index + 1], np.float32)
    return np.asarray(bundle.maps[spot.plane].invert(_row(spot)), np.float32)


def moved(spot: Spot, bundle: Bundle, *, plane: str) -> Spot:
    """The same code on another map: a point's own coordinates, or its code projected."""
    if spot.plane == plane:
        return spot
    if spot.index is not None:
        xy = bundle.maps[plane].xy[spot.index]
    else:
        xy = bundle.maps[plane].project(code_at(spot, bundle))[0]
    return Spot(plane, float(xy[0]), float(xy[1]), spot.index)


def to_query(spot: Spot, bundle: Bundle) -> str:
    """The spot as text for a link: a picture's id, or ``map:x,y``."""
    if spot.index is not None:
        return str(bundle.items["id"].iloc[spot.index])
    return f"{spot.plane}:{spot.x:.{DIGITS}f},{spot.y:.{DIGITS}f}"


def from_query(text: str, bundle: Bundle, *, plane: str) -> Spot | None:
    """The spot a link means, as a point of ``plane`` when it names a picture."""
    found = np.flatnonzero(bundle.items["id"].to_numpy() == text)
    if len(found):
        index = int(found[0])
        x, y = bundle.maps[plane].xy[index]
        return Spot(plane, float(x), float(y), index)
    name, _, numbers = text.partition(":")
    try:
        x, y = (float(number) for number in numbers.split(","))
    except ValueError:
        return None
    return parse_spot({"plane": name, "x": x, "y": y}, bundle)


def _row(spot: Spot) -> np.ndarray:
    return np.array([[spot.x, spot.y]], np.float32)


def _coordinate(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if -LIMIT < value < LIMIT else None  # NaN is not
