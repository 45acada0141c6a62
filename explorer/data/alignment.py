"""Finding faces in a photo, and the crop in which the training pictures show them.

A cascade proposes squares, a network moves each to where the training crop would be and says
whether it holds a face. The first looks are at a small copy of the photo, the last at the photo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.data.dataset import Pixels
from explorer.data.eyes import Look, eyes_in_crop, look_at
from explorer.data.pictures import Frame
from explorer.data.placement import Placement, Point, centre_placement, cut
from explorer.data.proposals import grid_squares, haar_squares
from explorer.data.sources import CELEBA_CROP, CELEBA_WIDTH

__all__ = [
    "FoundFace",
    "Placement",
    "centre_placement",
    "cut",
    "find_faces",
    "placement_for",
]

AREA = 480 * 360  # of the small copy in pixels: what the cascade's time grows with
LARGEST = 2.0  # times that a small photo is enlarged at most
SMALLEST = 24  # side of a crop in pixels, of the small copy and of the photo
LOOKS = 4  # at the small copy
GRID_KEPT = 24  # squares of the grid that the first look at all of them leaves
POSSIBLE, SURE = -3.0, 3.0  # log odds of a face, in the small copy and at last
SAME_FACE = 0.5  # distance of two faces' centres in sides of their crops
FACE_BOX = (42 / 148, 52 / 148, 94 / 148)  # left, top and side of brows to chin, in the crop


@dataclass(frozen=True)
class FoundFace:
    """A face in a photo, in photo pixels as in `Placement`.

    Attributes:
        left_eye: the eye at the viewer's left, (x, y).
        right_eye: the eye at the viewer's right, (x, y).
        box: left, top, width, height of an upright square about brows and chin.
        confidence: 0 to 1, that this is a face.
    """

    left_eye: Point
    right_eye: Point
    box: tuple[float, float, float, float]
    confidence: float


def placement_for(face: FoundFace, frame: Frame) -> Placement:
    """The square that the training crop of aligned faces shows of this face.

    Args:
        face: with its eyes.
        frame: how the training pictures were cropped. One that was not given at CelebA's width
            says nothing about faces; CelebA's usual crop is taken then.
    """
    crop = frame.crop if frame.width == CELEBA_WIDTH and frame.crop else CELEBA_CROP
    return Placement.through(eyes_in_crop(crop), (face.left_eye, face.right_eye))


def find_faces(photo: Pixels) -> tuple[FoundFace, ...]:
    """The faces in a photo, the largest first.

    Args:
        photo: uint8 (H, W, C), C 1 or 3, upright or turned by up to about 35 degrees.

    Returns:
        None found is an empty tuple.
    """
    grey = _grey(photo)
    small, scale = _small(grey)
    looks = _sure(grey, small, scale, haar_squares(small))
    if not looks:
        looks = _sure(grey, small, scale, _from_grid(small))
    return tuple(sorted(map(_face, looks), key=lambda face: -face.box[2]))


def _from_grid(small: Pixels) -> list[Placement]:
    looks = sorted(look_at(small, grid_squares(small)), key=lambda look: -look.logit)
    return [look.square for look in _within(looks[:GRID_KEPT], small)]


def _sure(grey: Pixels, small: Pixels, scale: float, squares: Sequence[Placement]) -> list[Look]:
    """The faces that squares of the small copy, which is `scale` times as large, lead to."""
    looks: list[Look] = []
    for _ in range(LOOKS):
        looks = _within(look_at(small, squares), small)
        squares = [look.square for look in looks]
    possible = [look.square for look in _different(looks, at_least=POSSIBLE)]
    looks = look_at(grey, [_scaled(square, 1 / scale) for square in possible], twice=True)
    return _different(_within(looks, grey), at_least=SURE)


def _within(looks: Sequence[Look], grey: Pixels) -> list[Look]:
    """Those with the centre in the photo and a sensible size, so that cutting is cheap."""
    height, width = grey.shape[:2]
    return [
        look
        for look in looks
        if SMALLEST <= look.square.side < 2 * max(height, width)
        and 0 <= look.square.x <= width
        and 0 <= look.square.y <= height
    ]


def _different(looks: Sequence[Look], *, at_least: float) -> list[Look]:
    """The surest look at each face."""
    kept: list[Look] = []
    for look in sorted(looks, key=lambda look: -look.logit):
        is_new = not any(_is_same(look.square, other.square) for other in kept)
        if is_new and look.logit >= at_least:
            kept.append(look)
    return kept


def _is_same(one: Placement, other: Placement) -> bool:
    apart = np.hypot(one.x - other.x, one.y - other.y)
    return bool(apart < SAME_FACE * max(one.side, other.side))


def _face(look: Look) -> FoundFace:
    (a, b), (c, d) = look.square.to_photo(eyes_in_crop()).tolist()
    left, top, share = FACE_BOX
    x, y = look.square.to_photo((left + share / 2, top + share / 2)).tolist()
    side = share * look.square.side
    confidence = float(1 / (1 + np.exp(-look.logit)))
    return FoundFace((a, b), (c, d), (x - side / 2, y - side / 2, side, side), confidence)


def _grey(photo: Pixels) -> Pixels:
    import cv2

    if photo.shape[2] == 1:
        return photo
    return np.asarray(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY), np.uint8)[..., None]


def _small(grey: Pixels) -> tuple[Pixels, float]:
    """A copy of a certain area and how much smaller (or larger) it is."""
    import cv2

    height, width = grey.shape[:2]
    scale = min(LARGEST, float(np.sqrt(AREA / (width * height))))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    filter_ = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = np.asarray(cv2.resize(grey, size, interpolation=filter_), np.uint8)
    return small.reshape(size[1], size[0], 1), scale


def _scaled(square: Placement, factor: float) -> Placement:
    return Placement(square.x * factor, square.y * factor, square.side * factor, square.angle)
