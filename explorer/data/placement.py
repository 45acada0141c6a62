"""Where the square crop of a photo lies, and cutting it out.

Coordinates are continuous photo pixels: (0, 0) is the top left corner of the top left pixel,
(0.5, 0.5) its centre; y points down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from explorer.data.dataset import Pixels
from explorer.data.pictures import FILTER, plain

Point = tuple[float, float]
Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Placement:
    """A square on a photo, perhaps turned and perhaps reaching outside.

    Attributes:
        x: centre, in photo pixels from the left.
        y: centre, in photo pixels from the top.
        side: in photo pixels.
        angle: degrees the square is turned, counter-clockwise as one looks at it.
    """

    x: float
    y: float
    side: float
    angle: float = 0.0

    @classmethod
    def through(cls, inside: tuple[Point, Point], photo: tuple[Point, Point]) -> Placement:
        """The square in which two points of the photo have given places.

        Args:
            inside: two places in the square, 0 to 1 from the left and from the top.
            photo: the two points, in photo pixels.
        """
        (first, second), (a, b) = ([complex(*point) for point in pair] for pair in (inside, photo))
        scale = (b - a) / (second - first)  # side · exp(-i angle): y points down
        centre = a - scale * (first - complex(0.5, 0.5))
        return cls(centre.real, centre.imag, abs(scale), float(-np.degrees(np.angle(scale))))

    def to_photo(self, inside: npt.ArrayLike) -> Points:
        """Places (..., 2) in the square, 0 to 1, as photo pixels (..., 2)."""
        return self._centre + (np.asarray(inside, np.float64) - 0.5) @ self._axes

    def to_square(self, photo: npt.ArrayLike) -> Points:
        """Photo pixels (..., 2) as places (..., 2) in the square, 0 to 1 inside it."""
        return (np.asarray(photo, np.float64) - self._centre) @ np.linalg.inv(self._axes) + 0.5

    @property
    def _centre(self) -> Points:
        return np.array([self.x, self.y])

    @property
    def _axes(self) -> Points:
        """The upper and the left edge of the square as rows, in photo pixels."""
        turn = np.radians(self.angle)
        right, up = np.cos(turn), np.sin(turn)
        return self.side * np.array([[right, -up], [up, right]])


def centre_placement(photo: Pixels) -> Placement:
    """The largest square in the middle of a photo (H, W, C)."""
    height, width = photo.shape[:2]
    return Placement(width / 2, height / 2, float(min(width, height)))


def cut(photo: Pixels, placement: Placement, *, size: int, channels: int) -> Pixels:
    """The square of a placement, antialiased by the filter of the training pictures.

    Beyond the photo its edge pixels go on.

    Args:
        photo: uint8 (H, W, C), C 1 or 3.
        placement: which square of it.
        size: side of the result in pixels.
        channels: 1 for grey, 3 for RGB.

    Returns:
        uint8 (size, size, channels).
    """
    box = _upright_box(photo, placement)
    if box is None:
        photo = _turned(photo, placement, max(size, round(placement.side)))
        box = (0.0, 0.0, float(photo.shape[1]), float(photo.shape[0]))
    picture = Image.fromarray(photo[:, :, 0] if photo.shape[2] == 1 else photo)
    flat = plain(picture, "L" if channels == 1 else "RGB")
    return np.asarray(flat.resize((size, size), FILTER, box=box)).reshape(size, size, channels)


def _upright_box(photo: Pixels, placement: Placement) -> tuple[float, float, float, float] | None:
    """Left, top, right, bottom of a square that is not turned and lies inside; else None."""
    left, top = placement.x - placement.side / 2, placement.y - placement.side / 2
    right, bottom = left + placement.side, top + placement.side
    height, width = photo.shape[:2]
    is_inside = left >= 0 and top >= 0 and right <= width and bottom <= height
    return (left, top, right, bottom) if is_inside and placement.angle == 0 else None


def _turned(photo: Pixels, placement: Placement, size: int) -> Pixels:
    """The square at `size` pixels, not antialiased: `size` is not below its side."""
    import cv2

    # From the centres of the result's pixels to the photo's; OpenCV counts from those centres.
    axes = placement._axes.T / size
    origin = placement.to_photo((0.0, 0.0)) + axes @ (0.5, 0.5) - 0.5
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    matrix = np.column_stack([axes, origin])
    turned = cv2.warpAffine(
        photo, matrix, (size, size), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(turned, np.uint8).reshape(size, size, photo.shape[2])
