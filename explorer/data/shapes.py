"""Antialiased painting of many pictures at once: signed distances, coverage, colours.

Places are in units of the artist's choice, x to the right and y down; a `View` says which square
of the plane is seen. A signed
distance is negative inside a shape. Arrays are float32, (N, h, w) for pixels and (N, 1, 1) for
one number per picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.data.dataset import Floats

Number = Floats | np.floating[Any] | float


@dataclass(frozen=True)
class Area:
    """A rectangle of the canvas: left, right, top, bottom."""

    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True)
class View:
    """The square that is seen, by its middle and half its side."""

    x: float
    y: float
    half: float


@dataclass(frozen=True, eq=False)
class Window:
    """Part of a canvas: its planes (3, N, h, w) and the places of its pixels."""

    planes: Floats
    x: Floats
    y: Floats
    pixel: float

    def cover(self, distance: Floats, softness: float = 0.0) -> Floats:
        """The share of each pixel inside a shape, 0 to 1; (N, h, w)."""
        share = distance * np.float32(-1 / (self.pixel + softness))
        share += np.float32(0.5)
        return np.clip(share, 0, 1, out=share)

    def paint(self, share: Floats, colour: Floats) -> None:
        """Lay a colour (3, N, 1, 1) over the picture where share is 1."""
        for plane, level in zip(self.planes, colour, strict=True):
            change = level - plane
            change *= share
            plane += change

    def fill(self, distance: Floats, colour: Floats) -> None:
        """Paint a shape."""
        self.paint(self.cover(distance), colour)

    def stroke(self, distance: Floats, half_width: float, colour: Floats) -> None:
        """Paint a line along distance 0; never thinner than most of a pixel."""
        self.fill(np.abs(distance) - np.float32(max(half_width, 0.4 * self.pixel)), colour)


class Canvas:
    """N square pictures of three planes, with a turned coordinate system for the head."""

    def __init__(
        self, count: int, size: int, *, view: View, angle: Floats, pivot: tuple[float, float]
    ) -> None:
        self.planes = np.empty((3, count, size, size), np.float32)
        self.pixel = 2 * view.half / size
        self._size, self._view = size, view
        step = (np.arange(size, dtype=np.float32) + np.float32(0.5)) / size * 2 - 1
        step *= np.float32(view.half)
        self._x = step[None, None, :] + np.float32(view.x)
        self._y = step[None, :, None] + np.float32(view.y)
        cos, sin = np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)
        right, down = self._x - np.float32(pivot[0]), self._y - np.float32(pivot[1])
        self._u = right * cos + down * sin + np.float32(pivot[0])
        self._v = down * cos - right * sin + np.float32(pivot[1])

    def upright(self, area: Area) -> Window:
        """The pixels of an area, places as on the canvas."""
        rows, columns = self._slices(area)
        planes = self.planes[:, :, rows, columns]
        return Window(planes, self._x[:, :, columns], self._y[:, rows], self.pixel)

    def turned(self, area: Area) -> Window:
        """The pixels of an area, places in the turned system."""
        rows, columns = self._slices(area)
        planes = self.planes[:, :, rows, columns]
        return Window(planes, self._u[:, rows, columns], self._v[:, rows, columns], self.pixel)

    def pictures(self) -> npt.NDArray[np.uint8]:
        """uint8 (N, size, size, 3)."""
        levels = np.clip(self.planes * np.float32(255) + np.float32(0.5), 0, 255)
        return np.ascontiguousarray(levels.astype(np.uint8).transpose(1, 2, 3, 0))

    def _slices(self, area: Area) -> tuple[slice, slice]:
        def part(low: float, high: float, middle: float) -> slice:
            edge = middle - self._view.half
            first = math.floor((low - edge) / self.pixel) - 1
            last = math.ceil((high - edge) / self.pixel) + 1
            return slice(max(first, 0), max(min(last, self._size), 0))

        rows = part(area.top, area.bottom, self._view.y)
        return rows, part(area.left, area.right, self._view.x)


def ellipse(
    x: Floats,
    y: Floats,
    a: Number,
    b: Number,
) -> Floats:
    """Nearly the signed distance to an ellipse of half axes a and b; exact for a circle."""
    across, along = np.float32(1) / np.float32(a), np.float32(1) / np.float32(b)
    # From here on in place: these arrays are large, and most of the time goes into memory.
    distance: Floats = np.square(x * across) + np.square(y * along)
    np.sqrt(distance, out=distance)
    distance -= np.float32(1)
    distance *= np.float32(2) / (across + along)
    return distance


def box(
    x: Floats,
    y: Floats,
    a: Number,
    b: Number,
    corner: Number,
) -> Floats:
    """Signed distance to a rectangle of half sides a and b with round corners."""
    round_by = np.float32(corner)
    right = np.abs(x) - (np.float32(a) - round_by)
    down = np.abs(y) - (np.float32(b) - round_by)
    outside = np.sqrt(np.square(np.maximum(right, 0)) + np.square(np.maximum(down, 0)))
    distance: Floats = outside + np.minimum(np.maximum(right, down), 0) - round_by
    return distance
