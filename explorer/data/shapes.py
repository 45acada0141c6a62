"""Antialiased painting of many pictures at once: signed distances, coverage, colours.

Places are in units of half a picture: x to the right and y down, both from -1 to 1. A signed
distance is negative inside a shape. Arrays are float32, (N, h, w) for pixels and (N, 1, 1) for
one number per picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Area:
    """A rectangle of the canvas: left, right, top, bottom."""

    left: float
    right: float
    top: float
    bottom: float


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

    def __init__(self, count: int, size: int, *, angle: Floats, pivot: tuple[float, float]) -> None:
        self.planes = np.empty((3, count, size, size), np.float32)
        self.pixel = 2 / size
        self._size = size
        step = (np.arange(size, dtype=np.float32) + np.float32(0.5)) * np.float32(2 / size) - 1
        self._x, self._y = step[None, None, :], step[None, :, None]
        cos, sin = np.cos(angle), np.sin(angle)
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
        def index(place: float) -> int:
            return int(np.clip(round((place + 1) / 2 * self._size), 0, self._size))

        rows = slice(index(area.top - self.pixel), index(area.bottom + self.pixel))
        return rows, slice(index(area.left - self.pixel), index(area.right + self.pixel))


def ellipse(x: Floats, y: Floats, a: Floats | float, b: Floats | float) -> Floats:
    """Nearly the signed distance to an ellipse of half axes a and b; exact for a circle."""
    across, along = np.float32(1) / np.float32(a), np.float32(1) / np.float32(b)
    radius = np.square(x * across)
    radius = radius + np.square(y * along)
    np.sqrt(radius, out=radius)
    radius -= np.float32(1)
    return radius * np.float32(2) / (across + along)


def box(x: Floats, y: Floats, a: Floats | float, b: Floats | float, corner: float) -> Floats:
    """Signed distance to a rectangle of half sides a and b with round corners."""
    right = np.abs(x) - (a - np.float32(corner))
    down = np.abs(y) - (b - np.float32(corner))
    outside = np.sqrt(np.square(np.maximum(right, 0)) + np.square(np.maximum(down, 0)))
    return outside + np.minimum(np.maximum(right, down), 0) - np.float32(corner)
