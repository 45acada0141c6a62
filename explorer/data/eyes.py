"""The eyes of a face that was roughly found: a small network, run by OpenCV without torch.

It sees a grey square that should be the training crop but is off by some shift, scale and turn,
and tells where in it the eyes are and whether it is a face. `explorer.training.aligner` trains it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from explorer.data.dataset import Floats, Pixels
from explorer.data.pictures import Frame
from explorer.data.placement import Placement, Point, cut
from explorer.data.sources import CELEBA_CROP, CELEBA_WIDTH

WEIGHTS = Path(__file__).parent / "assets" / "eyes.onnx"
SIDE = 48  # of the square the network sees, in pixels
OUTPUTS = 5  # left eye x, y, right eye x, y (0 to 1 in the square), logit of being a face

CELEBA_HEIGHT = 218
# Where CelebA's aligned pictures (178 x 218) have the eyes: the darkest places of the mean of the
# first 8,000 and the median of Haar's eyes agree to a pixel; mirrored, as every picture may be.
EYES: tuple[Point, Point] = ((68.9, 111.5), (109.1, 111.5))

# OpenCV's networks and cascades keep their work in themselves: one thread at a time.
_ONE_AT_A_TIME = Lock()


def eyes_in_crop(crop: int = CELEBA_CROP) -> tuple[Point, Point]:
    """Both eyes in the centre crop of an aligned picture, 0 to 1 from its left and top."""
    left, top, right, _ = Frame(SIDE, 1, crop, CELEBA_WIDTH).box(CELEBA_WIDTH, CELEBA_HEIGHT)
    side = right - left
    first, second = (((x - left) / side, (y - top) / side) for x, y in EYES)
    return first, second


@dataclass(frozen=True)
class Look:
    """A square moved to where its eyes would be in their places, and what was seen in it.

    Attributes:
        square: the training crop as the network sees it.
        logit: log odds that this is a face.
    """

    square: Placement
    logit: float


def look_at(grey: Pixels, squares: Sequence[Placement], *, twice: bool = False) -> list[Look]:
    """Look for eyes in squares of a grey photo (H, W, 1).

    Args:
        grey: the photo.
        squares: where the training crop may be.
        twice: look into a mirror too and take the mean of both, which is more exact.
    """
    if not squares:
        return []
    views = np.stack([cut(grey, square, size=SIDE, channels=1) for square in squares])
    outputs = _outputs(network_input(views))
    if twice:
        outputs = (outputs + _mirrored(_outputs(network_input(views[:, :, ::-1])))) / 2
    moved = squares_of(outputs, squares)
    return [Look(square, logit) for square, logit in zip(moved, outputs[:, 4], strict=True)]


def squares_of(outputs: Floats, squares: Sequence[Placement]) -> list[Placement]:
    """The training crops that have the eyes where the network's outputs (N, 5) tell."""
    pairs = outputs[:, :4].reshape(-1, 2, 2)
    eyes = [square.to_photo(pair) for square, pair in zip(squares, pairs, strict=True)]
    return [Placement.through(eyes_in_crop(), (tuple(a), tuple(b))) for a, b in eyes]


def _mirrored(outputs: Floats) -> Floats:
    """What the outputs (N, 5) would be of the mirrored views."""
    left, right, logit = outputs[:, :2], outputs[:, 2:4], outputs[:, 4:]
    return np.concatenate([(1, 0) + right * (-1, 1), (1, 0) + left * (-1, 1), logit], axis=1)


def network_input(views: Pixels) -> Floats:
    """Views (N, S, S, 1) with brightness and contrast taken out: float32 (N, 1, S, S)."""
    grey = views[..., 0].astype(np.float32)
    mean = grey.mean((1, 2), keepdims=True)
    spread = grey.std((1, 2), keepdims=True)
    return np.asarray(((grey - mean) / (spread + 4))[:, None], np.float32)  # flat stays flat


def _outputs(inputs: Floats) -> Floats:
    with _ONE_AT_A_TIME:
        net = _network()
        net.setInput(inputs)
        return np.asarray(net.forward(), np.float32).reshape(-1, OUTPUTS)


@lru_cache(maxsize=1)
def _network() -> Any:
    import cv2

    return cv2.dnn.readNetFromONNX(str(WEIGHTS))
