from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

import explorer
from explorer.data.placement import Placement
from explorer.data.proposals import GRID_MOST, GRID_STEP, MOST, grid_squares, haar_squares

FACES = Path(__file__).parents[2] / "pretrained" / "faces"
SIDE = 140  # of the crop in the photo, in pixels


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    """A decoded face in the middle of a plain wall, grey (360, 480, 1)."""
    bundle = explorer.load(FACES)
    face = bundle.decode(bundle.latents.mu[5:6].astype(np.float32))[0].mean(2).astype(np.uint8)
    wall = np.full((360, 480, 1), 120, np.uint8)
    wall[110:250, 170:310, 0] = cv2.resize(face, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return wall


def test_the_first_square_is_near_the_training_crop(photo: np.ndarray) -> None:
    first = haar_squares(photo)[0]
    assert np.hypot(first.x - 240, first.y - 180) < 0.15 * SIDE
    assert 0.75 < first.side / SIDE < 1.33
    assert abs(first.angle) < 15


@pytest.mark.parametrize("angle", [-25.0, 25.0])
def test_a_turned_face_gets_a_square_turned_alike(photo: np.ndarray, angle: float) -> None:
    matrix = cv2.getRotationMatrix2D((239.5, 179.5), angle, 1.0)
    turned = cv2.warpAffine(photo, matrix, (480, 360), borderValue=120)[..., None]
    first = haar_squares(turned)[0]
    assert np.hypot(first.x - 240, first.y - 180) < 0.15 * SIDE
    assert first.angle == pytest.approx(angle, abs=15)


def test_boxes_of_one_face_become_one_square(photo: np.ndarray) -> None:
    squares = haar_squares(photo)
    near = [s for s in squares if np.hypot(s.x - 240, s.y - 180) < 14 and 120 < s.side < 160]
    assert len(near) == 1
    assert len(squares) <= MOST


def test_a_wall_has_no_proposals() -> None:
    assert haar_squares(np.full((200, 300, 1), 90, np.uint8)) == []


def test_every_place_and_size_is_near_a_square_of_the_grid() -> None:
    squares = grid_squares(np.zeros((300, 400, 1), np.uint8))
    rng = np.random.default_rng(0)
    for _ in range(200):
        side = np.exp(rng.uniform(*np.log((95, 370))))
        x, y = (rng.uniform(side / 2, max(side / 2, length - side / 2)) for length in (400, 300))
        assert any(_is_near(square, x, y, side) for square in squares), (x, y, side)


def test_a_very_long_photo_has_few_squares() -> None:
    squares = grid_squares(np.zeros((30, 4000, 1), np.uint8))
    assert len(squares) <= GRID_MOST


def _is_near(square: Placement, x: float, y: float, side: float) -> bool:
    """Within what the network was trained to put right."""
    reach = (GRID_STEP / 2 + 0.12) * square.side
    is_there = abs(square.x - x) <= reach and abs(square.y - y) <= reach
    return is_there and abs(np.log(square.side / side)) < 0.45
