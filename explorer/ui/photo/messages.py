"""What the pieces of the photo page are sent, as plain values."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from explorer.data.alignment import FoundFace, Placement
from explorer.ui.colours import colour_columns, favourite_colour, make_colour
from explorer.ui.facts import noun
from explorer.ui.photo import ink, subjects
from explorer.ui.photo.kinds import Kind
from explorer.ui.photo.sights import Sight
from explorer.ui.wire import pack_picture, pack_plane

if TYPE_CHECKING:
    from explorer.bundle import Bundle
    from explorer.ui.photo.desk import Desk
    from explorer.ui.photo.subjects import Photo

CHANNEL = "photo"
SHOWN_PX = 1280  # the longest side that is sent to be looked at
QUALITY = 88  # of its JPEG

Message = dict[str, Any]


def cropper_message(photo: Photo, kind: Kind, bundle: Bundle, identity: str) -> Message:
    """The photo, the faces in it and where the crop starts; the same until another photo comes."""
    height, width = photo.pixels.shape[:2]
    config = bundle.config
    is_face = kind.name == "face"
    found = subjects.placements(photo, config) if is_face else []
    pairs = zip(photo.faces, found, strict=True) if is_face else ()
    start = subjects.start_placement(photo, kind, config)
    return {
        "channel": CHANNEL,
        "bundle": identity,
        "photo": photo.ident,
        "source": to_jpeg_url(photo.pixels),
        "width": width,
        "height": height,
        "faces": [_face_message(face, placement) for face, placement in pairs],
        "start": placement_message(start),
        "limits": [subjects.MIN_SIDE, float(max(width, height))],
        "guides": subjects.eye_guides(config) if is_face else [],
        "by_hand": is_face and not photo.faces,
        "caption": f"{photo.title}, and the square that is cut out",
    }


def likeness_message(
    sight: Sight, bundle: Bundle, *, placement: Placement | None, desk: Desk
) -> Message:
    """The crop and the reconstruction, and which square of the photo the crop is."""
    side, _, channels = bundle.image_shape
    colour = "" if channels == 3 else " in grey"
    return {
        "channel": CHANNEL,
        "crop": pack_picture(sight.crop),
        "reconstruction": pack_picture(sight.face.image),
        "captions": [
            f"What the model is shown: {side} × {side} pixels{colour}",
            f"What it draws from the {len(sight.face.code)} numbers it keeps",
        ],
        "photo": desk.photo.ident if desk.photo and placement else "",
        "placement": None if placement is None else placement_message(placement),
        "chosen": desk.chosen,
    }


def sketch_message(desk: Desk, identity: str) -> Message:
    """The drawing as it is, for a canvas that was just mounted."""
    return {
        "channel": CHANNEL,
        "bundle": identity,
        "round": desk.round,
        "strokes": ink.as_message(desk.strokes),
        "invitation": "Draw a digit here",
    }


def points_message(bundle: Bundle, identity: str) -> Message:
    """The small map: all points, coloured as the map page opens."""
    plane = first_plane(bundle)
    packed = pack_plane(bundle.maps[plane].xy)
    columns = colour_columns(bundle.items, bundle.config.data.attribute_names)
    title = favourite_colour(list(columns))
    colour = make_colour(bundle.items, title, column=columns[title])
    return {
        "channel": CHANNEL,
        "bundle": identity,
        "plane": plane,
        "count": len(bundle.items),
        "xy": packed.xy,
        "bounds": packed.bounds,
        "colour": colour,
    }


def place_message(sight: Sight, bundle: Bundle) -> Message:
    """Where the picture lies on the small map, and its neighbours."""
    xy = bundle.maps[first_plane(bundle)].project(sight.face.code[None])[0]
    kind = noun(bundle.config)
    return {
        "place": [float(xy[0]), float(xy[1])],
        "neighbours": sight.near.index.tolist(),
        "caption": f"Its place on the map ({first_plane(bundle).upper()}), "
        f"with the nearest {kind}s ringed",
    }


def first_plane(bundle: Bundle) -> str:
    """The map that the map page opens with."""
    return sorted(bundle.maps, reverse=True)[0]


def placement_message(placement: Placement) -> Message:
    """A square as plain numbers."""
    return {
        "x": float(placement.x),
        "y": float(placement.y),
        "side": float(placement.side),
        "angle": float(placement.angle),
    }


def to_jpeg_url(pixels: np.ndarray) -> str:
    """A photo (H, W, 3) as a data URL, small enough to look at; nothing is stored for it."""
    picture = Image.fromarray(pixels)
    picture.thumbnail((SHOWN_PX, SHOWN_PX), Image.Resampling.BILINEAR, reducing_gap=2.0)
    buffer = io.BytesIO()
    picture.save(buffer, format="JPEG", quality=QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _face_message(face: FoundFace, placement: Placement) -> Message:
    return {
        "eyes": [list(map(float, face.left_eye)), list(map(float, face.right_eye))],
        "box": list(map(float, face.box)),
        "placement": placement_message(placement),
    }
