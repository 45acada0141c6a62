from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import explorer
from explorer.data.eyes import (
    EYES,
    SIDE,
    WEIGHTS,
    eyes_in_crop,
    look_at,
    network_input,
    squares_of,
)
from explorer.data.placement import Placement

FACES = Path(__file__).parents[2] / "pretrained" / "faces"


@pytest.fixture(scope="module")
def face() -> np.ndarray:
    """A decoded face on a wider ground, grey (128, 128, 1); its crop is the middle 64 pixels."""
    bundle = explorer.load(FACES)
    picture = bundle.decode(bundle.latents.mu[5:6].astype(np.float32))[0]
    grey = picture.mean(2).astype(np.uint8)
    return np.pad(grey, 32, mode="edge")[..., None]


def test_the_eyes_of_aligned_pictures_are_level_and_mirrored() -> None:
    (left, level), (right, other) = EYES
    assert level == other
    assert left + right == pytest.approx(178)
    places = np.array(eyes_in_crop(148))
    assert np.allclose(places * 148 + (15, 35), EYES)  # the usual crop begins there
    assert np.allclose(np.array(eyes_in_crop(178)) * 178 + (0, 20), EYES)


def test_the_network_is_small_and_tells_its_licence() -> None:
    blob = WEIGHTS.read_bytes()
    assert len(blob) < 1_000_000
    assert b"non-commercial research only" in blob


def test_brightness_and_contrast_are_taken_out() -> None:
    views = np.random.default_rng(0).integers(50, 150, (2, SIDE, SIDE, 1), np.uint8)
    inputs = network_input(views)
    assert inputs.shape == (2, 1, SIDE, SIDE)
    assert inputs.dtype == np.float32
    assert np.allclose(inputs.mean((1, 2, 3)), 0, atol=1e-5)
    assert np.abs(network_input(views + 40) - inputs).max() < 1e-4
    assert np.abs(network_input(np.full_like(views, 9))).max() == 0


def test_outputs_become_the_square_that_has_the_eyes_in_their_places() -> None:
    given, truth = Placement(50, 60, 40, 5), Placement(53, 58, 44, -9)
    eyes = given.to_square(truth.to_photo(eyes_in_crop()))
    (found,) = squares_of(np.array([[*eyes.ravel(), 0.0]]), [given])
    assert np.allclose(
        (found.x, found.y, found.side, found.angle), (truth.x, truth.y, truth.side, truth.angle)
    )


@pytest.mark.parametrize(
    "start",
    [Placement(70, 60, 64), Placement(64, 64, 80, 15), Placement(60, 66, 50, -20)],
    ids=["shifted", "large", "small"],
)
def test_looking_again_comes_closer(face: np.ndarray, start: Placement) -> None:
    true_eyes = Placement(64, 64, 64).to_photo(eyes_in_crop())
    squares, errors = [start], []
    for _ in range(3):
        (look,) = look_at(face, squares)
        squares = [look.square]
        errors.append(np.linalg.norm(look.square.to_photo(eyes_in_crop()) - true_eyes, axis=1))
    assert np.mean(errors[2]) < 2.5
    assert np.mean(errors[2]) <= np.mean(errors[0]) + 0.2
    assert look.logit > 2


def test_a_mirror_changes_nothing_but_the_side(face: np.ndarray) -> None:
    square = Placement(67, 62, 66, 4)
    (seen,) = look_at(face, [square], twice=True)
    mirrored = Placement(128 - square.x, square.y, square.side, -square.angle)
    (other,) = look_at(face[:, ::-1], [mirrored], twice=True)
    assert seen.square.x == pytest.approx(128 - other.square.x, abs=0.5)
    assert seen.square.angle == pytest.approx(-other.square.angle, abs=1)
    assert seen.logit == pytest.approx(other.logit, abs=0.5)


def test_no_squares_are_no_looks(face: np.ndarray) -> None:
    assert look_at(face, []) == []


def test_a_wall_is_no_face() -> None:
    wall = np.random.default_rng(0).integers(90, 110, (100, 100, 1), np.uint8)
    (look,) = look_at(wall, [Placement(50, 50, 60)])
    assert look.logit < 0
