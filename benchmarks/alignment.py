"""How well faces are found and aligned in photos; never trained on these.

    python benchmarks/alignment.py --root CELEBA             # validation and test pictures
    python benchmarks/alignment.py --root CELEBA --limit 200 --json

Each picture is turned by up to 25 degrees, scaled by 1/2 to 3, laid somewhere on a larger
background (parts of scikit-learn's two photographs, which show no face), made darker or brighter
and saved as a JPEG of random quality. The true crop is known, so the error is the distance of the
eyes in the crop from where the untransformed crop has them, in pixels at 64 x 64.

Aims: 95 % found, median error 2 px, 300 ms a photo.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image
from sklearn.datasets import load_sample_images

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from explorer.data import TRAIN, DataSpec, celeba
from explorer.data.alignment import FoundFace, find_faces
from explorer.data.eyes import eyes_in_crop
from explorer.data.photo import read_photo
from explorer.data.pictures import Frame
from explorer.data.placement import Placement
from explorer.data.sources import CELEBA_CROP, CELEBA_WIDTH, resolve

SIZE = 64
FRAME = Frame(SIZE, 3, CELEBA_CROP, CELEBA_WIDTH)
TURN, SCALES, BACKGROUND = 25.0, (0.5, 3.0), (1.2, 3.0)
BRIGHTNESS, QUALITY = (0.5, 1.5), (30, 95)
NEAR = 0.5  # in distances between the eyes: a face further off is another one
WIDTH = 89  # of the pictures to which the scales refer, half of CelebA's
GROUPS = (1, 2, 4)  # faces in the photos of several


@dataclass(frozen=True)
class Scene:
    """A photo, its width in pixels and the crops that its faces were seen in."""

    blob: bytes
    width: int
    truths: tuple[Placement, ...]


@dataclass(frozen=True)
class Outcome:
    """What was found in one scene; an error of None is a face that was missed."""

    errors: tuple[float | None, ...]
    false_faces: int
    milliseconds: float
    cpu_milliseconds: float


def unseen(root: Path, limit: int | None) -> list[np.ndarray]:
    """Pictures (109, 89, 3) that are not in the training part."""
    listing = celeba.listing(resolve(DataSpec("celeba", root=root)), progress=False)
    store = celeba.find_layout(root).store
    names = {name.rsplit("/", 1)[-1]: name for name in store.names()}
    ids = [listing.ids[row] for row in np.flatnonzero(listing.split != TRAIN)[:limit]]
    return [_picture(store.read(names[item_id])) for item_id in ids]


def _picture(blob: bytes) -> np.ndarray:
    with Image.open(BytesIO(blob)) as image:
        return np.asarray(image.convert("RGB").resize((WIDTH, round(WIDTH * 218 / 178))))


def backgrounds() -> list[np.ndarray]:
    return [np.asarray(image) for image in load_sample_images().images]


def background(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """A random part of a photograph without faces, at random size."""
    photo = backgrounds()[rng.integers(2)]
    room = min(photo.shape[0] / height, photo.shape[1] / width)
    scale = room * rng.uniform(0.4, 1.0)
    w, h = max(1, int(width * scale)), max(1, int(height * scale))
    left, top = rng.integers(photo.shape[1] - w + 1), rng.integers(photo.shape[0] - h + 1)
    return cv2.resize(photo[top : top + h, left : left + w], (width, height))


def make_scene(faces: list[np.ndarray], rng: np.random.Generator) -> Scene:
    """Faces side by side, each turned and scaled by itself, on one larger background."""
    scale = np.exp(rng.uniform(*np.log(SCALES)))
    laid = [
        _turned(face, scale * rng.uniform(0.8, 1.25) ** (len(faces) > 1), rng) for face in faces
    ]
    wide = sum(picture.shape[1] for picture, _, _ in laid)
    high = max(picture.shape[0] for picture, _, _ in laid)
    width, height = (round(side * rng.uniform(*BACKGROUND)) for side in (wide, high))
    photo, truths = background(rng, width, height), []
    left, gap = 0, (width - wide) // len(laid)
    for picture, mask, crop in laid:
        x = left + int(rng.integers(gap + 1))
        y = int(rng.integers(height - picture.shape[0] + 1))
        part = photo[y : y + picture.shape[0], x : x + picture.shape[1]]
        part[:] = np.rint(mask * picture + (1 - mask) * part)
        truths.append(Placement(crop.x + x, crop.y + y, crop.side, crop.angle))
        left = x + picture.shape[1]
    return Scene(_saved(photo, rng), width, tuple(truths))


def _turned(
    face: np.ndarray, scale: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, Placement]:
    """The whole picture turned and scaled, where it covers the ground, and its crop."""
    height, width = face.shape[:2]
    angle = rng.uniform(-TURN, TURN)
    big = cv2.resize(
        face,
        (max(1, round(width * scale)), max(1, round(height * scale))),
        interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC,
    )
    height, width = big.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), angle, 1.0)
    c, s = abs(matrix[0, 0]), abs(matrix[0, 1])
    out = (int(width * c + height * s) + 1, int(width * s + height * c) + 1)
    matrix[:, 2] += (np.array(out) - (width, height)) / 2
    picture = cv2.warpAffine(big, matrix, out, flags=cv2.INTER_CUBIC)
    mask = cv2.warpAffine(np.ones(big.shape[:2], np.float32), matrix, out)[..., None]
    left, top, right, bottom = FRAME.box(width, height)
    crop = Placement(out[0] / 2, out[1] / 2, right - left, angle)
    shift = np.array([(left + right - width) / 2, (top + bottom - height) / 2])
    assert np.abs(shift).max() < 1e-6, "the crop is in the picture's centre"
    return picture, mask, crop


def _saved(photo: np.ndarray, rng: np.random.Generator) -> bytes:
    bright = np.clip(photo * rng.uniform(*BRIGHTNESS), 0, 255).astype(np.uint8)
    return _jpeg(bright, int(rng.integers(*QUALITY)))


def _jpeg(photo: np.ndarray, quality: int) -> bytes:
    stream = BytesIO()
    Image.fromarray(photo).save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def judge(scene: Scene) -> Outcome:
    """Read, find and place, as the app does."""
    photo = read_photo(scene.blob)
    start, cpu_start = time.perf_counter(), time.process_time()
    faces = list(find_faces(photo))
    elapsed, cpu = 1e3 * (time.perf_counter() - start), 1e3 * (time.process_time() - cpu_start)
    errors: list[float | None] = []
    shrink = photo.shape[1] / scene.width  # reading makes a large photo smaller
    for crop in scene.truths:
        truth = Placement(crop.x * shrink, crop.y * shrink, crop.side * shrink, crop.angle)
        distances = {id(face): eye_error(face, truth) for face in faces}
        nearest = min(faces, key=lambda face: distances[id(face)], default=None)
        if nearest is None or distances[id(nearest)] > NEAR * _eye_distance():
            errors.append(None)
            continue
        errors.append(distances[id(nearest)])
        faces.remove(nearest)
    return Outcome(tuple(errors), len(faces), elapsed, cpu)


def eye_error(face: FoundFace, truth: Placement) -> float:
    """Mean distance of both eyes from their places in the true crop, in pixels at 64 x 64."""
    seen = truth.to_square([face.left_eye, face.right_eye])
    return float(SIZE * np.linalg.norm(seen - _true_eyes(), axis=1).mean())


def _true_eyes() -> np.ndarray:
    return np.array(eyes_in_crop())


def _eye_distance() -> float:
    left, right = _true_eyes()
    return float(SIZE * np.linalg.norm(left - right))


def figures(outcomes: list[Outcome]) -> dict[str, Any]:
    errors = [error for outcome in outcomes for error in outcome.errors]
    found = [error for error in errors if error is not None]
    times = [outcome.milliseconds for outcome in outcomes]
    return {
        "photos": len(outcomes),
        "faces": len(errors),
        "found": len(found) / max(1, len(errors)),
        "median_error_px": statistics.median(found) if found else None,
        "p95_error_px": float(np.percentile(found, 95)) if found else None,
        "within_2_px_of_all": sum(error <= 2 for error in found) / max(1, len(errors)),
        "false_faces": sum(outcome.false_faces for outcome in outcomes),
        "median_ms": statistics.median(times),
        "p95_ms": float(np.percentile(times, 95)),
        "median_cpu_ms": statistics.median(outcome.cpu_milliseconds for outcome in outcomes),
    }


def untouched(pictures: list[np.ndarray]) -> Iterator[Scene]:
    """The aligned pictures as they are, whose crop should be the training crop."""
    for picture in pictures:
        height, width = picture.shape[:2]
        left, top, right, bottom = FRAME.box(width, height)
        crop = Placement((left + right) / 2, (top + bottom) / 2, right - left)
        yield Scene(_jpeg(picture, 95), width, (crop,))


def scenes(pictures: list[np.ndarray], count: int, *, seed: int) -> Iterator[Scene]:
    rng = np.random.default_rng(seed)
    for start in range(0, len(pictures) - count + 1, count):
        yield make_scene(pictures[start : start + count], rng)


def empty_scenes(number: int, *, seed: int) -> Iterator[Scene]:
    rng = np.random.default_rng(seed)
    for _ in range(number):
        yield Scene(_saved(background(rng, 640, 480), rng), 640, ())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    cv2.setNumThreads(arguments.threads)
    pictures = unseen(arguments.root, arguments.limit)
    results = {
        f"{count} to a photo": figures(
            [judge(scene) for scene in scenes(pictures, count, seed=arguments.seed)]
        )
        for count in GROUPS
    }
    results["untouched"] = figures([judge(scene) for scene in untouched(pictures)])
    none = [judge(scene) for scene in empty_scenes(200, seed=arguments.seed)]
    whole = [judge(Scene(_jpeg(photo, 95), photo.shape[1], ())) for photo in backgrounds()]
    results["no face"] = figures(none + whole)
    if arguments.json:
        print(json.dumps(results, indent=2))
        return
    for name, values in results.items():
        print(name)
        for key, value in values.items():
            print(
                f"  {key:>20}  {value:.3f}"
                if isinstance(value, float)
                else f"  {key:>20}  {value}"
            )


if __name__ == "__main__":
    main()
