from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from sklearn.datasets import load_sample_image

import explorer
from explorer.data.alignment import FoundFace, Placement, cut, find_faces, placement_for
from explorer.data.eyes import EYES, eyes_in_crop
from explorer.data.pictures import Frame, fit_array

FACES = Path(__file__).parents[2] / "pretrained" / "faces"
FRAME = Frame(64, 3, crop=148, width=178)  # of the bundle faces
ROWS = (0, 5, 9, 15, 24)  # of its codes: faces that look ahead
NEAR_PX = 3.0  # in the crop at 64 pixels; decoded faces are blurred and not exactly aligned


@pytest.fixture(scope="module")
def faces() -> np.ndarray:
    """Five decoded faces, which are crops already: uint8 (5, 64, 64, 3)."""
    bundle = explorer.load(FACES)
    return np.asarray(bundle.decode(bundle.latents.mu[list(ROWS)].astype(np.float32)))


def photo_of(
    faces: Sequence[np.ndarray], squares: Sequence[Placement], *, size: tuple[int, int]
) -> np.ndarray:
    """A photo (H, W, 3) that shows faces in given squares, on a plain wall."""
    width, height = size
    photo = np.full((height, width, 3), (120, 130, 140), np.uint8)
    for face, square in zip(faces, squares, strict=True):
        corners = square.to_photo([[0, 0], [1, 0], [0, 1]]).astype(np.float32)
        side = float(len(face))
        matrix = cv2.getAffineTransform(np.array([[0, 0], [side, 0], [0, side]], "f"), corners)
        mask = cv2.warpAffine(np.ones(face.shape[:2], "f"), matrix, size)[..., None]
        laid = cv2.warpAffine(face, matrix, size, flags=cv2.INTER_CUBIC)
        photo = np.rint(mask * laid + (1 - mask) * photo).astype(np.uint8)
    return photo


def error_px(face: FoundFace, square: Placement) -> float:
    seen = square.to_square([face.left_eye, face.right_eye])
    return float(64 * np.linalg.norm(seen - eyes_in_crop(), axis=1).mean())


def test_for_an_aligned_picture_the_placement_is_the_training_crop() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (218, 178, 3), np.uint8)
    face = FoundFace(*EYES, box=(0, 0, 1, 1), confidence=1.0)
    placement = placement_for(face, FRAME)
    assert np.allclose((placement.x, placement.y, placement.side), (89, 109, 148))
    assert placement.angle == pytest.approx(0)
    assert np.array_equal(cut(picture, placement, size=64, channels=3), fit_array(picture, FRAME))


def test_the_placement_goes_with_the_face() -> None:
    truth = Placement(300, 200, 148 * 1.7, 20)
    first, second = (tuple(eye) for eye in truth.to_photo(eyes_in_crop()))
    placement = placement_for(FoundFace(first, second, (0, 0, 1, 1), 1.0), FRAME)
    assert np.allclose(
        (placement.x, placement.y, placement.side, placement.angle), (300, 200, 148 * 1.7, 20)
    )


def test_another_crop_of_celeba_is_followed_and_no_crop_is_the_usual_one() -> None:
    face = FoundFace(*EYES, box=(0, 0, 1, 1), confidence=1.0)
    assert placement_for(face, Frame(64, 3, crop=120, width=178)).side == pytest.approx(120)
    for frame in (Frame(64, 3), Frame(64, 3, crop=50)):
        assert placement_for(face, frame).side == pytest.approx(148)


def test_one_face_is_found_with_its_eyes(faces: np.ndarray) -> None:
    square = Placement(330, 210, 200)
    photo = photo_of(faces[:1], [square], size=(640, 480))
    (face,) = find_faces(photo)
    assert error_px(face, square) < NEAR_PX
    assert face.left_eye[0] < face.right_eye[0]
    assert face.confidence > 0.9
    x, y, width, height = face.box
    for eye in (face.left_eye, face.right_eye):
        assert x < eye[0] < x + width
        assert y < eye[1] < y + height


@pytest.mark.parametrize("angle", [-25.0, -12.0, 12.0, 25.0])
def test_a_turned_face_is_found_and_stood_upright(faces: np.ndarray, angle: float) -> None:
    square = Placement(200, 250, 180, angle)
    photo = photo_of(faces[1:2], [square], size=(420, 520))
    (face,) = find_faces(photo)
    assert error_px(face, square) < NEAR_PX
    assert placement_for(face, FRAME).angle == pytest.approx(angle, abs=5)
    crop = cut(photo, placement_for(face, FRAME), size=64, channels=3)
    assert np.corrcoef(crop.ravel(), faces[1].ravel())[0, 1] > 0.9


@pytest.mark.parametrize("side", [70, 150, 900])
def test_small_and_large_faces_are_found(faces: np.ndarray, side: int) -> None:
    square = Placement(0.8 * side, 0.9 * side, side)
    photo = photo_of(faces[1:2], [square], size=(round(1.7 * side), round(1.9 * side)))
    (face,) = find_faces(photo)
    assert error_px(face, square) < NEAR_PX


def test_of_five_faces_the_largest_comes_first(faces: np.ndarray) -> None:
    sides, xs = (150, 210, 130, 180, 110), (110, 320, 520, 700, 870)
    squares = [Placement(x, 160, side) for x, side in zip(xs, sides, strict=True)]
    found = find_faces(photo_of(faces, squares, size=(960, 320)))
    assert len(found) == 5
    for face, row in zip(found, (1, 3, 0, 2, 4), strict=True):
        assert error_px(face, squares[row]) < NEAR_PX


@pytest.mark.parametrize("name", ["china.jpg", "flower.jpg"])
def test_a_photo_without_a_face_has_none(name: str) -> None:
    assert find_faces(load_sample_image(name)) == ()


@pytest.mark.parametrize(
    "photo",
    [
        np.zeros((300, 400, 3), np.uint8),
        np.full((16, 16, 3), 255, np.uint8),
        np.random.default_rng(0).integers(0, 256, (200, 300, 3), np.uint8),
        np.zeros((16, 2048, 1), np.uint8),
    ],
    ids=["black", "tiny", "noise", "narrow"],
)
def test_what_shows_nothing_has_no_face(photo: np.ndarray) -> None:
    assert find_faces(photo) == ()


def test_a_face_upside_down_is_not_returned(faces: np.ndarray) -> None:
    photo = photo_of(faces[1:2], [Placement(200, 200, 200, 180)], size=(400, 400))
    assert find_faces(photo) == ()


def test_grey_photos_are_as_good(faces: np.ndarray) -> None:
    square = Placement(200, 180, 180, 10)
    photo = photo_of(faces[1:2], [square], size=(400, 360))
    (face,) = find_faces(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)[..., None])
    assert error_px(face, square) < NEAR_PX


def test_several_visitors_at_once_get_their_own_faces(faces: np.ndarray) -> None:
    squares = [Placement(150 + 20 * row, 200 - 10 * row, 150, 5 * row) for row in range(5)]
    photos = [
        photo_of(faces[row : row + 1], squares[row : row + 1], size=(400, 400)) for row in range(5)
    ]
    alone = [find_faces(photo) for photo in photos]
    with ThreadPoolExecutor(5) as pool:
        together = list(pool.map(find_faces, photos * 3))
    for found, expected in zip(together, alone * 3, strict=True):
        assert len(found) == len(expected) == 1
        assert np.allclose(found[0].left_eye, expected[0].left_eye)
