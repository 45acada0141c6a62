"""What the pieces of the map page are sent, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.latent import PcaMap, PlaneMap
from explorer.ui import words
from explorer.ui.colours import colour_columns, make_colour
from explorer.ui.findings import Finding
from explorer.ui.spots import Spot
from explorer.ui.wire import pack_picture, pack_plane

if TYPE_CHECKING:
    from explorer.bundle import Bundle

CHANNEL = "map"  # where the pieces of the page meet in the browser
INVITATION = (
    "Move over the map to see what the model draws anywhere. Click to keep a picture here."
)

Message = dict[str, Any]


def map_message(bundle: Bundle, identity: str, *, plane: str, colour: str) -> Message:
    """All points of the map ``plane``, coloured by the column titled ``colour``."""
    points = bundle.maps[plane]
    packed = pack_plane(points.xy)
    columns = colour_columns(bundle.items, bundle.config.data.attribute_names)
    return {
        "channel": CHANNEL,
        "bundle": identity,
        "plane": plane,
        "count": len(points.xy),
        "xy": packed.xy,
        "bounds": packed.bounds,
        "colour": make_colour(bundle.items, colour, column=columns[colour]),
        "axes": axis_titles(points),
    }


def axis_titles(points: PlaneMap) -> dict[str, str]:
    """What the axes mean; those of a UMAP mean nothing."""
    if not isinstance(points, PcaMap):
        return {"x": "", "y": ""}
    x, y = (f"{100 * share:.0f} % of the variance" for share in points.explained)
    return {"x": f"PC 1 · {x} →", "y": f"↑ PC 2 · {y}"}


def marks_message(spot: Spot, identity: str, *, neighbours: np.ndarray) -> Message:
    """What is marked on the map: the picked spot and its neighbours."""
    place = {
        "plane": spot.plane,
        "x": spot.x,
        "y": spot.y,
        "index": -1 if spot.index is None else spot.index,
        "bundle": identity,
    }
    return {"place": place, "neighbours": neighbours.tolist()}


def face_message(finding: Finding, marks: Mapping[str, Any]) -> Message:
    """The picked face and what is known about it."""
    original = finding.original
    return {
        "channel": CHANNEL,
        "picture": pack_picture(finding.image),
        "original": None if original is None else pack_picture(original),
        "title": finding.title,
        "origin": finding.origin,
        "distance": words.sentence(finding.where.text),
        "level": finding.where.level,
        "chips": list(finding.chips),
        "facts": [list(fact) for fact in finding.facts],
        "marks": dict(marks),
    }


def no_face_message() -> Message:
    """The invitation to pick one."""
    return {"channel": CHANNEL, "picture": None, "invitation": INVITATION, "marks": None}


def strip_message(
    indices: np.ndarray,
    bundle: Bundle,
    *,
    title: str,
    captions: Sequence[str],
    columns: int,
    listens: bool = False,
) -> Message:
    """Thumbnails of points, decoded; ``columns`` 0 means as many as fit."""
    ids = bundle.items["id"].to_numpy()
    codes = np.asarray(bundle.latents.mu[indices], np.float32)
    images = bundle.decode(codes)
    items = [
        {"index": int(i), "id": str(ids[i]), "picture": pack_picture(image), "caption": caption}
        for i, image, caption in zip(indices, images, captions, strict=True)
    ]
    return {
        "channel": CHANNEL,
        "title": title,
        "items": items,
        "columns": columns,
        "listens": listens,
    }


def selection_title(total: int, *, shown: int) -> str:
    """Above the sheet of selected pictures; nothing without a selection."""
    if not total:
        return ""
    spread = f", {shown} of them spread over the selection" if shown < total else ""
    return f"{total:,} selected{spread}"
