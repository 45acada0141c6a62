"""Squares of a photo that may hold a face: OpenCV's Haar cascade on turned copies, or a grid.

Viola & Jones, "Rapid object detection using a boosted cascade of simple features", CVPR 2001. The
cascade is asked for every box it lets pass, without a quorum of neighbours, and coarsely: what
it takes for faces too easily, `explorer.data.eyes` sends away.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.data.dataset import Pixels
from explorer.data.placement import Placement, Points

CASCADE = "haarcascade_frontalface_alt2.xml"
TURNS = (-24.0, 0.0, 24.0)  # degrees; the cascade allows for about 15 more
SMALLEST = 20  # side of the cascade's own window, in pixels
SCALE_STEP = 1.25
MOST = 24  # proposals kept

# Where the training crop lies about a Haar box, measured on 300 training faces of CelebA in
# turned, scaled and lit scenes: 1.47 times as large, and the box is lower by 0.1 of that.
CROP_PER_BOX = 1.47
LOWER = 0.1

# Boxes of the same face: centres and sides as close as this, in sides and as a ratio.
SAME_PLACE, SAME_SIDE = 0.2, 1.35

GRID_SIDES = (1.3, 0.9, 0.62, 0.43, 0.3)  # of the photo's shorter side
GRID_STEP = 0.3  # in sides: the network finds eyes a fifth of a side off
GRID_MOST = 300  # squares; a very long photo gets the large ones only

_ONE_AT_A_TIME = Lock()  # a cascade keeps its work in itself


def haar_squares(grey: Pixels) -> list[Placement]:
    """Squares as large as the training crop where the cascade sees a face in (H, W, 1)."""
    found = [square for turn in TURNS for square in _seen(grey[..., 0], turn)]
    return _merged(found)[:MOST]


def grid_squares(grey: Pixels) -> list[Placement]:
    """Squares all over a photo (H, W, 1), for a face that the cascade does not know."""
    height, width = grey.shape[:2]
    squares: list[Placement] = []
    for share in GRID_SIDES:
        side = share * min(height, width)
        rows, columns = _centres(height, side), _centres(width, side)
        if len(squares) + len(rows) * len(columns) <= GRID_MOST:
            squares += [Placement(x, y, side) for y in rows for x in columns]
    return squares


def _centres(length: int, side: float) -> Points:
    """Places of squares, evenly, from one edge of the photo to the other."""
    room = max(0.0, length - side)
    count = 1 + int(np.ceil(room / (GRID_STEP * side)))
    return length / 2 + np.linspace(-room / 2, room / 2, count)


def _seen(grey: Pixels, turn: float) -> Iterator[Placement]:
    """Faces that are turned by about `turn` degrees, counter-clockwise."""
    import cv2

    height, width = grey.shape
    matrix: Points = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), -turn, 1.0))
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = (int(width * cosine + height * sine) + 1, int(width * sine + height * cosine) + 1)
    matrix[:, 2] = matrix[:, 2] + ((size[0] - width) / 2, (size[1] - height) / 2)
    border = cv2.BORDER_REPLICATE
    turned = cv2.warpAffine(grey, matrix, size, borderMode=border) if turn else grey
    back = cv2.invertAffineTransform(matrix) if turn else np.eye(2, 3)
    for x, y, box, _ in _boxes(np.asarray(turned, np.uint8)):
        side = CROP_PER_BOX * box
        centre = back @ (x + box / 2, y + box / 2 - LOWER * side, 1.0)
        yield Placement(float(centre[0]), float(centre[1]), side, turn)


def _boxes(grey: Pixels) -> Any:
    with _ONE_AT_A_TIME:
        return _cascade().detectMultiScale(
            grey, scaleFactor=SCALE_STEP, minNeighbors=0, minSize=(SMALLEST, SMALLEST)
        )


def _merged(squares: list[Placement]) -> list[Placement]:
    """One square for each group of similar ones, the largest groups first."""
    if not squares:
        return []
    table = np.array([(square.x, square.y, square.side, square.angle) for square in squares])
    near, groups = _similar(table), []
    while near.any():
        group = near[near.sum(1).argmax()].copy()
        groups.append((int(group.sum()), Placement(*table[group].mean(0).tolist())))
        near[group], near[:, group] = False, False
    return [square for _, square in sorted(groups, key=lambda item: -item[0])]


def _similar(table: Points) -> npt.NDArray[np.bool_]:
    """Which squares show the same face: rows x, y, side (and more) to a table (N, N)."""
    centres, sides = table[:, :2], table[:, 2]
    apart = np.linalg.norm(centres[:, None] - centres[None], axis=2)
    smaller, larger = np.minimum.outer(sides, sides), np.maximum.outer(sides, sides)
    return np.asarray((apart < SAME_PLACE * smaller) & (larger < SAME_SIDE * smaller))


@lru_cache(maxsize=1)
def _cascade() -> Any:
    import cv2

    path = Path(cv2.__file__).parent / "data" / CASCADE
    return cv2.CascadeClassifier(str(path))
