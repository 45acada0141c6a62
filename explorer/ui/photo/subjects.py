"""A picture that a visitor gave, and the square of it that the model is shown."""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from explorer.data.alignment import (
    FoundFace,
    Placement,
    centre_placement,
    find_faces,
    placement_for,
)
from explorer.data.pictures import Frame
from explorer.data.sources import CELEBA_WIDTH

if TYPE_CHECKING:
    from explorer.bundle.sections import Config
    from explorer.ui.photo.kinds import Kind

MIN_SIDE = 16.0  # of a crop by hand, in photo pixels


@dataclass(frozen=True, eq=False)
class Photo:
    """A picture as it was given.

    Attributes:
        pixels: (H, W, 3) uint8, upright.
        title: What it is, for people.
        ident: A number of its own, so that a late message about another one is told apart. It
            is drawn by chance and says nothing about the picture.
    """

    pixels: np.ndarray
    title: str
    ident: str = field(default_factory=lambda: secrets.token_hex(8))

    @cached_property
    def faces(self) -> tuple[FoundFace, ...]:
        """The faces in it, the largest first; looked for once."""
        return find_faces(self.pixels)


def frame_of(config: Config) -> Frame:
    """How the training pictures were cropped."""
    data = config.data
    return Frame(data.image_size, data.channels, data.crop, CELEBA_WIDTH)


def placements(photo: Photo, config: Config) -> list[Placement]:
    """The training crop of each face found."""
    return [placement_for(face, frame_of(config)) for face in photo.faces]


def start_placement(photo: Photo, kind: Kind, config: Config, *, chosen: int = 0) -> Placement:
    """Where the crop lies before a hand moves it; ``chosen`` is the number of the face."""
    if kind.name == "face" and photo.faces:
        return placements(photo, config)[min(chosen, len(photo.faces) - 1)]
    if kind.name == "digit":  # the ink is looked for in all of it
        height, width = photo.pixels.shape[:2]
        return Placement(width / 2, height / 2, float(max(width, height)))
    return centre_placement(photo.pixels)


def eye_guides(config: Config) -> list[list[float]]:
    """Where the eyes lie in the training crop: two places in the square, 0 to 1."""
    face = FoundFace((0.0, 0.0), (1.0, 0.0), box=(0.0, 0.0, 1.0, 1.0), confidence=1.0)
    square = placement_for(face, frame_of(config))
    guides: list[list[float]] = square.to_square([face.left_eye, face.right_eye]).tolist()
    return guides


def parse_placement(message: object, photo: Photo) -> Placement | None:
    """The square a browser message ``{x, y, side, angle}`` means; None when it means none.

    Messages come from outside: the centre must lie in the photo, and the side, which decides
    what a cut costs, may not exceed the photo's longest.
    """
    if not isinstance(message, Mapping):
        return None
    numbers = [_number(message.get(name)) for name in ("x", "y", "side", "angle")]
    x, y, side, angle = (math.nan if number is None else number for number in numbers)
    height, width = photo.pixels.shape[:2]
    is_inside = 0 <= x <= width and 0 <= y <= height
    # A NaN fails every comparison.
    if not (is_inside and MIN_SIDE <= side <= max(width, height) and abs(angle) <= 180):
        return None
    return Placement(x, y, side, angle)


def _number(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and abs(value) < 1e9 else None  # type: ignore[arg-type]
