"""How a toy face is drawn: parts painted one over the other, from the back to the front."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.data import toy_colours as colours
from explorer.data.dataset import Floats, Pixels
from explorer.data.shapes import Area, Canvas, Number, View, box, ellipse
from explorer.data.toy_factors import COLUMN, check_factors

VERSION = 3  # raise with any change to what is drawn, so that caches are made anew
BATCH_PIXELS = 24 * 64 * 64  # drawn together: few enough to stay in the processor's cache
VIEW = View(0.0, 0.035, 0.87)  # with room for wide, tilted heads
PIVOT = (0.0, 0.5)  # heads turn about the neck
MAX_TILT = 0.24  # radians
INK = "2a2530"


@dataclass(frozen=True, eq=False)
class Face:
    """The factors of a batch as (N, 1, 1), with what several parts need."""

    smile: Floats
    mouth_open: Floats
    glasses: Floats
    hair_length: Floats
    brow: Floats
    beard: Floats
    gaze_x: Floats
    gaze_y: Floats
    half_width: Floats
    half_height: Floats
    skin: Floats
    lips: Floats
    hair: Floats
    background: Floats
    shirt: Floats


def draw_faces(factors: npt.ArrayLike, *, size: int = 64, channels: int = 3) -> Pixels:
    """Draw faces from their factors.

    Args:
        factors: (N, F) with the columns of `toy_factors.NAMES`.
        size: side in pixels.
        channels: 3 for RGB, 1 for grey.

    Returns:
        uint8 (N, size, size, channels).

    Raises:
        ValueError: for a factor out of its range.
    """
    values = check_factors(factors)
    out = np.empty((len(values), size, size, channels), np.uint8)
    batch = max(1, BATCH_PIXELS // size**2)
    for start in range(0, len(values), batch):
        stop = start + batch
        out[start:stop] = _to_channels(_draw_batch(values[start:stop], size), channels)
    return out


def _to_channels(pictures: Pixels, channels: int) -> Pixels:
    if channels == 3:
        return pictures
    weights = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, as Pillow's mode L
    grey: Pixels = np.rint(pictures @ weights).astype(np.uint8)
    return grey[..., None]


def _draw_batch(factors: Floats, size: int) -> Pixels:
    face = _face(factors)
    # In float64, whose sine does not depend on the place in the batch.
    angle = factors[:, COLUMN["tilt"], None, None].astype(np.float64) * MAX_TILT
    canvas = Canvas(len(factors), size, view=VIEW, angle=angle, pivot=PIVOT)
    for part in (
        _scene,
        _back_hair,
        _body,
        _head,
        _beard,
        _front_hair,
        _eyes,
        _brows,
        _nose,
        _mouth,
        _glasses,
    ):
        part(canvas, face)
    return canvas.pictures()


def _face(factors: Floats) -> Face:
    def column(name: str) -> Floats:
        return factors[:, COLUMN[name], None, None]

    shape = column("face_shape")
    place = column("background")[:, 0, 0]
    return Face(
        smile=column("smile"),
        mouth_open=column("mouth_open"),
        glasses=column("glasses"),
        hair_length=column("hair_length"),
        brow=column("brow"),
        beard=column("beard"),
        gaze_x=column("gaze_x"),
        gaze_y=column("gaze_y"),
        half_width=np.float32(0.49) + np.float32(0.08) * shape,
        half_height=np.float32(0.56) - np.float32(0.07) * shape,
        skin=colours.skin(column("skin")[:, 0, 0]),
        lips=colours.lips(column("skin")[:, 0, 0]),
        hair=colours.hair(column("hair_colour")[:, 0, 0]),
        background=colours.background(place),
        shirt=colours.shirt(place),
    )


def _scene(canvas: Canvas, face: Face) -> None:
    """A soft background, brighter behind the head."""
    window = canvas.upright(Area(-1, 1, -1, 1))
    glow = np.clip(1 - (np.square(window.x) + np.square(window.y + np.float32(0.1))), 0, 1)
    bright = colours.shade(face.background, 0.45)
    for plane, level, top in zip(window.planes, face.background, bright, strict=True):
        plane[:] = level + (top - level) * glow


def _outline(face: Face, x: Floats, y: Floats, grow: Number = 0.0) -> Floats:
    """Distance to the head: an egg, narrower at the chin."""
    narrowing = np.float32(1) - np.float32(0.16) * np.clip(y, -1, 1)
    return ellipse(x / narrowing, y, face.half_width + grow, face.half_height + grow)


def _body(canvas: Canvas, face: Face) -> None:
    window = canvas.upright(Area(-0.85, 0.85, 0.3, 1))
    x, y = window.x, window.y
    window.fill(ellipse(x, y - np.float32(1.1), 0.72, 0.42), face.shirt)
    neck = box(x, y - np.float32(0.5), 0.16, 0.3, 0.14)
    collar = ellipse(x, y - np.float32(0.7), 0.25, 0.14)
    window.fill(np.maximum(collar, np.float32(0.68) - y), colours.shade(face.shirt, -0.22))
    window.fill(neck, colours.shade(face.skin, -0.2))


def _bottom(face: Face) -> Floats:
    """How far down long hair reaches."""
    return np.float32(-0.15) + np.float32(0.95) * face.hair_length


def _back_hair(canvas: Canvas, face: Face) -> None:
    window = canvas.turned(Area(-0.95, 0.95, -1, 1))
    x, y = window.x, window.y
    dark = colours.shade(face.hair, -0.18)
    bottom = _bottom(face)
    top = np.float32(-0.35)
    wide = face.half_width + np.float32(0.05) + np.float32(0.12) * face.hair_length
    flare = x / (np.float32(0.9) + np.float32(0.14) * np.clip(y, -1, 1))
    middle, half = (top + bottom) / 2, (bottom - top) / 2 + np.float32(0.12)
    window.fill(box(flare, y - middle, wide, half, 0.2), dark)


def _head(canvas: Canvas, face: Face) -> None:
    window = canvas.turned(Area(-0.86, 0.86, -0.26, 0.4))
    ear = ellipse(np.abs(window.x) - face.half_width, window.y - np.float32(0.06), 0.1, 0.12)
    window.fill(ear, colours.shade(face.skin, -0.1))
    window = canvas.turned(Area(-0.78, 0.78, -0.68, 0.68))
    x, y = window.x, window.y
    head = window.cover(_outline(face, x, y))
    window.paint(head, face.skin)
    light = np.clip(np.float32(0.5) * x + np.float32(0.6) * y, 0, 1)
    window.paint(head * light * np.float32(0.28), colours.shade(face.skin, -0.35))
    window = canvas.turned(Area(-0.64, 0.64, -0.06, 0.48))
    side = np.abs(window.x)
    blush = ellipse(side - np.float32(0.31), window.y - np.float32(0.2), 0.11, 0.08)
    window.paint(window.cover(blush, 0.12) * np.float32(0.32), colours.constant("ee5f5f"))


def _beard(canvas: Canvas, face: Face) -> None:
    window = canvas.turned(Area(-0.75, 0.75, -0.18, 0.95))
    x, y = window.x, window.y
    has = (face.beard > 0).astype(np.float32)
    jaw = _outline(face, x, y - np.float32(0.1) * face.beard, np.float32(0.03))
    cheek = np.square(np.clip(np.abs(x) - np.float32(0.05), 0, 1))
    edge = (np.float32(0.23) + np.float32(0.9) * cheek - np.float32(5.2) * np.square(cheek)) - y
    window.paint(window.cover(np.maximum(jaw, edge)) * has, colours.shade(face.hair, -0.1))
    bare = ellipse(x, y - np.float32(0.37), 0.2, 0.1)
    window.paint(window.cover(bare) * has, face.skin)


def _front_hair(canvas: Canvas, face: Face) -> None:
    window = canvas.turned(Area(-0.95, 0.95, -0.98, 0.98))
    x, y = window.x, window.y
    volume = np.float32(0.04) + np.float32(0.07) * np.sqrt(face.hair_length)
    cap = _outline(face, x, y + np.float32(0.03), volume)
    line = np.float32(-0.40) + np.float32(1.15) * np.square(x - np.float32(0.13))
    fringe = (y - line) * np.float32(0.7)
    window.fill(np.maximum(cap, fringe), face.hair)
    bottom = _bottom(face)
    top = np.float32(-0.25)
    thick = np.float32(0.09) * np.minimum(1, np.float32(0.35) + np.float32(1.3) * face.hair_length)
    strand = box(
        np.abs(x) - face.half_width - np.float32(0.02),
        y - (top + bottom) / 2,
        thick,
        np.maximum((bottom - top) / 2, 0.04) + np.float32(0.04),
        thick * np.float32(0.8),
    )
    window.fill(strand, face.hair)
    window = canvas.turned(Area(-0.72, 0.36, -0.72, -0.2))
    x, y = window.x, window.y
    shine = np.maximum(
        np.abs(_outline(face, x, y, -0.06)) - np.float32(0.025), y + np.float32(0.36)
    )
    shine = np.maximum(shine, np.abs(x + np.float32(0.15)) - np.float32(0.22))
    window.paint(window.cover(shine, 0.03) * np.float32(0.6), colours.shade(face.hair, 0.28))


def _eyes(canvas: Canvas, face: Face) -> None:
    window = canvas.turned(Area(-0.52, 0.52, -0.32, 0.28))
    side = np.sign(window.x)
    x, y = window.x - np.float32(0.21) * side, window.y + np.float32(0.02)
    white = window.cover(ellipse(x, y, 0.118, 0.13))
    window.paint(white, colours.constant("fffdf8"))
    across, down = x - np.float32(0.045) * face.gaze_x, y - np.float32(0.045) * face.gaze_y
    window.paint(window.cover(ellipse(across, down, 0.078, 0.082)) * white, colours.constant(INK))
    glint = ellipse(across + np.float32(0.028), down + np.float32(0.03), 0.026, 0.026)
    window.fill(glint, colours.constant("ffffff"))
    lid = np.maximum(np.abs(ellipse(x, y, 0.118, 0.13)) - np.float32(0.016), y + np.float32(0.02))
    window.fill(lid, colours.constant(INK))


def _brows(canvas: Canvas, face: Face) -> None:
    window = canvas.turned(Area(-0.55, 0.55, -0.52, 0.05))
    x = np.abs(window.x) - np.float32(0.215)
    middle = np.float32(-0.225) - np.float32(0.055) * face.brow
    curve = middle + np.float32(0.42) * face.brow * x + np.float32(1.6) * np.square(x)
    beyond = np.maximum(np.abs(x) - np.float32(0.105), 0)
    distance = np.sqrt(np.square(beyond) + np.square(window.y - curve))
    window.stroke(distance, 0.028, colours.shade(face.hair, -0.3))


def _nose(canvas: Canvas, face: Face) -> None:
    window = canvas.turned(Area(-0.2, 0.2, 0.0, 0.32))
    x, y = window.x, window.y - np.float32(0.165)
    window.fill(ellipse(x, y, 0.058, 0.042), colours.shade(face.skin, -0.2))
    window.fill(ellipse(x, y + np.float32(0.012), 0.05, 0.034), colours.shade(face.skin, -0.04))


def _mouth(canvas: Canvas, face: Face) -> None:
    window = canvas.turned(Area(-0.4, 0.4, 0.18, 0.75))
    half = np.float32(0.185) + np.float32(0.035) * face.smile
    beyond = np.abs(window.x) - half
    bow = 1 - np.square(np.minimum(np.abs(window.x) / half, 1))  # 1 in the middle, 0 at corners
    middle = np.float32(0.355) - np.float32(0.07) * face.smile
    upper = middle + (np.float32(0.125) * face.smile - np.float32(0.03) * face.mouth_open) * bow
    lower = upper + np.float32(0.22) * face.mouth_open * bow
    above, below = upper - window.y, window.y - lower
    opening = np.maximum(np.maximum(above, below), beyond)
    inside = window.cover(opening) * (face.mouth_open > 0)
    window.paint(inside, colours.constant("6d2230"))
    teeth = window.cover(window.y - upper - np.float32(0.06))
    window.paint(inside * teeth, colours.constant("fffaf2"))
    tongue = ellipse(
        window.x,
        window.y - (middle + lower.max(axis=2, keepdims=True)) / 2 - np.float32(0.06),
        0.09,
        0.06,
    )
    window.paint(inside * window.cover(tongue) * (1 - teeth), colours.constant("e8717b"))
    window.stroke(_outside(np.maximum(above, below), beyond, opening), 0.02, face.lips)


def _outside(down: Floats, across: Floats, inside: Floats) -> Floats:
    """Distance to a shape bounded by two pairs of lines, round at its corners."""
    corner = np.sqrt(np.square(np.maximum(down, 0)) + np.square(np.maximum(across, 0)))
    return np.where(inside < 0, inside, corner)


def _glasses(canvas: Canvas, face: Face) -> None:
    window = canvas.turned(Area(-0.75, 0.75, -0.3, 0.25))
    x, y = np.abs(window.x), window.y + np.float32(0.015)
    has = face.glasses
    lens = box(x - np.float32(0.215), y, 0.175, 0.165, 0.13)
    window.paint(window.cover(lens) * np.float32(0.22) * has, colours.constant("e8f6ff"))
    rim = np.abs(lens) - np.float32(max(0.022, 0.45 * window.pixel))
    bridge = np.maximum(np.abs(y + np.float32(0.03)) - np.float32(0.02), x - np.float32(0.05))
    temple = np.maximum(np.abs(y + np.float32(0.04)) - np.float32(0.02), np.float32(0.39) - x)
    temple = np.maximum(temple, x - face.half_width - np.float32(0.03))
    frame = np.minimum(np.minimum(rim, bridge), temple)
    window.paint(window.cover(frame) * has, colours.constant("33384a"))
