"""A drawing: strokes from the browser, checked, and the picture they make."""

from __future__ import annotations

import numpy as np

Stroke = np.ndarray
MAX_STROKES, MAX_POINTS = 200, 20_000
SIDE = 280  # of the picture in pixels, ten times a digit's
MARGIN = 20  # of it, free on every side
SHIFT = 4  # binary digits behind the point of OpenCV's coordinates
# The pen's width over the larger side of what is drawn: a small drawing is enlarged as lines,
# not as blobs. After scaling to a box of 20 pixels it is as wide as the pens of MNIST.
PEN = 0.13
SMALLEST = 0.1  # of the canvas: what is drawn smaller is not enlarged further


def parse_strokes(message: object) -> tuple[Stroke, ...] | None:
    """Strokes [[[x, y], ...], ...], 0 to 1, as arrays (M, 2); None when they are not that.

    Messages come from outside: numbers of strokes and points are bounded.
    """
    if not isinstance(message, list) or len(message) > MAX_STROKES:
        return None
    strokes = [_stroke(points) for points in message]
    found = [stroke for stroke in strokes if stroke is not None]
    if len(found) < len(strokes) or sum(map(len, found)) > MAX_POINTS:
        return None
    return tuple(found)


def _stroke(points: object) -> Stroke | None:
    if not isinstance(points, list) or not 0 < len(points) <= MAX_POINTS:
        return None
    try:
        stroke = np.asarray(points, np.float64)
    except (TypeError, ValueError, OverflowError):
        return None
    is_inside = stroke.shape == (len(points), 2) and bool(((stroke >= 0) & (stroke <= 1)).all())
    return stroke if is_inside else None  # a NaN is not inside


def draw(strokes: tuple[Stroke, ...]) -> np.ndarray:
    """White lines on black, the drawing as large as it goes: uint8 (280, 280, 1)."""
    import cv2

    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    extent = max(float((high - low).max()), SMALLEST)
    pen = PEN * (SIDE - 2 * MARGIN) / (1 + PEN)
    scale = (SIDE - 2 * MARGIN - pen) / extent
    image = np.zeros((SIDE, SIDE), np.uint8)
    for stroke in strokes:
        # The last place twice: a dot is a line without length, not a single point.
        places = (np.vstack([stroke, stroke[-1:]]) - (low + high) / 2) * scale + SIDE / 2
        fixed = np.rint(places * (1 << SHIFT)).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(image, [fixed], False, 255, round(pen), cv2.LINE_AA, SHIFT)
    return image[:, :, None]


def as_message(strokes: tuple[Stroke, ...]) -> list[list[list[float]]]:
    """The inverse of :func:`parse_strokes`."""
    return [np.round(stroke, 4).tolist() for stroke in strokes]
