"""Photos for tests: faces that the shipped model draws, on plain grounds; never anybody's."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

import explorer

FACES = Path(__file__).parent.parent / "pretrained" / "faces"
GROUND = (122, 138, 150)


@cache
def face(number: int, *, side: int = 320) -> Image.Image:
    """One of the held-out faces that are drawn best."""
    bundle = explorer.load(FACES)
    unseen = np.flatnonzero((bundle.items["split"] == "test").to_numpy())
    row = unseen[np.argsort(bundle.items["error"].to_numpy()[unseen])[number]]
    image = bundle.decode(np.asarray(bundle.latents.mu[row : row + 1], np.float32))[0]
    return Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC)


def one_face(*, width: int = 900, height: int = 700) -> Image.Image:
    photo = Image.new("RGB", (width, height), GROUND)
    photo.paste(face(1), (290, 180))
    return photo


def five_faces() -> Image.Image:
    """The first is the largest."""
    photo = Image.new("RGB", (1700, 900), GROUND)
    places = [(60, 80, 340), (520, 60, 300), (960, 80, 280), (1360, 60, 260), (700, 520, 300)]
    for number, (x, y, side) in enumerate(places):
        photo.paste(face(number + 1, side=side), (x, y))
    return photo


def no_face() -> Image.Image:
    rows, columns = np.mgrid[:300, :400]
    return Image.fromarray(np.stack([rows // 2, columns // 3, rows // 4], -1).astype(np.uint8))


def profile() -> Image.Image:
    """Half of a face: what is left of one that looks aside."""
    photo = one_face()
    photo.paste(GROUND, (450, 0, 900, 700))
    return photo


def digit() -> Image.Image:
    """A dark one on light paper, off the centre."""
    paper = np.full((300, 500, 3), 236, np.uint8)
    paper[60:240, 330:352] = 40
    return Image.fromarray(paper)


def to_bytes(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format=form, **options)
    return buffer.getvalue()
