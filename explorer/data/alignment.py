"""Finding faces in a photo, and the crop in which the training pictures show them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from explorer.data.dataset import Pixels
from explorer.data.pictures import Frame
from explorer.data.placement import Placement, Point, centre_placement, cut
from explorer.data.sources import CELEBA_CROP, CELEBA_WIDTH

__all__ = [
    "FoundFace",
    "Placement",
    "centre_placement",
    "cut",
    "find_faces",
    "placement_for",
]

CELEBA_HEIGHT = 218
# Where CelebA's aligned pictures (178 x 218) have the eyes: the darkest places of the mean of the
# first 8,000 and the median of Haar's eyes agree to a pixel; mirrored, as every picture may be.
EYES: tuple[Point, Point] = ((68.9, 111.5), (109.1, 111.5))


@dataclass(frozen=True)
class FoundFace:
    """A face in a photo, in photo pixels as in `Placement`.

    Attributes:
        left_eye: the eye at the viewer's left, (x, y).
        right_eye: the eye at the viewer's right, (x, y).
        box: left, top, width, height of a square about brows and chin.
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
    is_aligned = frame.crop is not None and frame.width == CELEBA_WIDTH
    crop = frame.crop if is_aligned and frame.crop is not None else CELEBA_CROP
    left, top, _, _ = Frame(frame.size, frame.channels, crop, CELEBA_WIDTH).box(
        CELEBA_WIDTH, CELEBA_HEIGHT
    )
    first, second = (((x - left) / crop, (y - top) / crop) for x, y in EYES)
    return Placement.through((first, second), (face.left_eye, face.right_eye))


def find_faces(photo: Pixels) -> tuple[FoundFace, ...]:
    """The faces in a photo (H, W, C), the largest first; none is an empty tuple."""
    import cv2

    grey = photo[:, :, 0] if photo.shape[2] == 1 else cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)
    boxes = _cascade().detectMultiScale(grey, scaleFactor=1.2, minNeighbors=5)
    faces = [_face(*map(float, box)) for box in boxes]
    return tuple(sorted(faces, key=lambda face: -face.box[2]))


def _face(x: float, y: float, width: float, height: float) -> FoundFace:
    level = y + 0.4 * height
    eyes = ((x + 0.31 * width, level), (x + 0.69 * width, level))
    return FoundFace(*eyes, box=(x, y, width, height), confidence=0.9)


@lru_cache(maxsize=1)
def _cascade() -> Any:
    import cv2

    return cv2.CascadeClassifier(
        str(Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_alt2.xml")
    )
