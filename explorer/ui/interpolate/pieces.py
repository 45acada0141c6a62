"""The live pieces of the page, and what they are sent.

They share a place on the way through a channel in the browser (see ``assets/walker.js``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from explorer.ui import components, live
from explorer.ui.components import LIVE, declare, listen
from explorer.ui.facts import noun
from explorer.ui.wire import pack_floats, pack_picture

if TYPE_CHECKING:
    from explorer.ui.interpolate.way import Way

CHANNEL = "walk"
MAP_CHANNEL = "walk-map"

_walk = declare("walk", "walker.js", *LIVE)
_steps = declare("steps", "walker.js")
_route = declare("route")
_marks = declare("marks", "walker.js")
_trail = declare("trail", "theme.js", "walker.js", *LIVE)


def mount_walk(data: Mapping[str, Any], *, key: str) -> None:
    """Large pictures that follow a handle."""
    _walk(key=key, data=dict(data))


def mount_steps(data: Mapping[str, Any], *, key: str) -> None:
    """A strip; a click takes the handle there."""
    _steps(key=key, data=dict(data))


def mount_marks(data: Mapping[str, Any], *, key: str) -> None:
    """Tells the strips which steps are far from the data, and says so below them."""
    _marks(key=key, data=dict(data))


def mount_route(data: Mapping[str, Any], *, key: str) -> None:
    """The row of faces; it sends what was selected, moved or taken out as ``change``."""
    _route(key=key, data=dict(data), on_change_change=listen)


def mount_trail(data: Mapping[str, Any], *, key: str) -> None:
    """Lines for the map, and their legend; it sends what was clicked there as ``pick``."""
    _trail(key=key, data=dict(data), on_pick_change=listen)


def mount_map(data: Mapping[str, Any], *, key: str) -> None:
    """The map of the map page, on a channel of its own."""
    components.mount_map({**data, "channel": MAP_CHANNEL}, key=key)


def walk_message(ways: Sequence[tuple[str, str, Way]], *, identity: str) -> dict[str, Any]:
    """Titles, remarks and ways, all driven by one handle; ``identity`` tells walks apart."""
    return {
        "channel": CHANNEL,
        "id": identity,
        "socket": live.path(),
        "stops": len(ways[0][2].stops),
        "ways": [
            {
                "name": way_name(way),
                "title": title,
                "manner": manner,
                "bundle": way.opened.identity,
                "points": pack_floats(way.handle_points),
                "count": len(way.handle_points),
            }
            for title, manner, way in ways
        ],
    }


def steps_message(way: Way, *, title: str, note: str) -> dict[str, Any]:
    """The pictures of a way, marked where they are stops."""
    count = len(way.codes)
    return {
        "channel": CHANNEL,
        "name": way_name(way),
        "title": title,
        "note": note,
        "items": [
            {
                "title": f"Step {number + 1} of {count}",
                "picture": pack_picture(picture),
                "isStop": number in way.stop_steps,
            }
            for number, picture in enumerate(way.pictures)
        ],
    }


def marks_message(ways: Sequence[Way]) -> dict[str, Any]:
    """Which steps are far from the data; apart from the strips, as the first time takes long."""
    kind = noun(ways[0].opened.bundle.config)
    return {
        "channel": CHANNEL,
        "far": {way_name(way): way.far_steps for way in ways},
        "text": f"far from every {kind}",
    }


def way_name(way: Way) -> str:
    """What a way is called in the browser, where its strip and its large picture meet."""
    return f"{way.kind}-{way.opened.identity}"
