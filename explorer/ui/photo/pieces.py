"""The live pieces of the photo page; their scripts are in ``assets``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from explorer.ui.components import declare, listen

CROPPER, LIKENESS, SKETCH, PLACE, NEAR = (
    "photo_cropper",
    "photo_likeness",
    "photo_sketch",
    "photo_place",
    "photo_near",
)

_cropper = declare("cropper")
_likeness = declare("likeness")
_sketch = declare("sketch")
_place = declare("locator", "theme.js", "raster.js", "points.js", "viewport.js")


def mount_cropper(data: Mapping[str, Any]) -> None:
    """The photo with the square on it; sends a ``placement``, or the ``face`` chosen."""
    _cropper(key=CROPPER, data=dict(data), on_placement_change=listen, on_face_change=listen)


def mount_likeness(data: Mapping[str, Any]) -> None:
    """The crop beside the reconstruction."""
    _likeness(key=LIKENESS, data=dict(data))


def mount_sketch(data: Mapping[str, Any]) -> None:
    """The canvas to draw on; sends all ``strokes`` after each."""
    _sketch(key=SKETCH, data=dict(data), on_strokes_change=listen)


def mount_place(data: Mapping[str, Any]) -> None:
    """The small map; sends the ``pick`` of a neighbour."""
    _place(key=PLACE, data=dict(data), on_pick_change=listen)
