"""Views of faces whose eyes are known for free, and of what is no face.

CelebA's aligned faces have the eyes in one place. Seen through a square that is shifted, scaled
and turned at random, they are somewhere else, and where is known. Everything that could give the
place away is random too: the picture's own edge, what lies around it, light and quality.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from explorer.data.dataset import Floats, Pixels
from explorer.data.eyes import SIDE, eyes_in_crop, squares_of
from explorer.data.placement import Placement, cut
from explorer.data.sources import CELEBA_CROP, CELEBA_WIDTH

CANVAS = 256  # side of a face with its surroundings, in pixels
NUM_GROUNDS = 600
FACE, UNSURE, NO_FACE = 1.0, 0.5, 0.0
SHARES = (0.3, 0.3, 0.4)  # of well placed, badly placed and no faces in a batch
MISTAKES = 3000  # kept of those that the network made
MISTAKEN = -2.0  # logit from which what is no face counts as a mistake

# How far off a view may be: shift in sides, logarithm of the scale, turn in degrees.
BROAD = (0.2, 0.45, 32.0)  # further off than Haar's boxes ever were
NARROW = (0.08, 0.12, 10.0)  # as the network leaves them for itself, and what counts as a face

Look = Callable[[Pixels], Floats]  # views (N, 48, 48, 1) to outputs (N, 5)


@dataclass(frozen=True, eq=False)
class View:
    """What a square of a picture shows.

    Attributes:
        pixels: uint8 (48, 48, 1).
        eyes: (2, 2), 0 to 1 in the view.
        scale: side of the view in sides of the true crop.
        face: FACE, NO_FACE or UNSURE, which is a face too badly placed to count.
    """

    pixels: Pixels
    eyes: Floats
    scale: float
    face: float


@dataclass(frozen=True, eq=False)
class Views:
    """A batch of views, each field with N in front."""

    pixels: Pixels
    eyes: Floats
    scale: Floats
    face: Floats


class ViewMaker:
    """Draws views of aligned faces and of no faces.

    Args:
        faces: uint8 (N, S, S), aligned pictures over their whole width.
        seed: of everything that is random.
    """

    def __init__(self, faces: Pixels, *, seed: int) -> None:
        self.faces, self.rng = faces, np.random.default_rng(seed)
        self.grounds = [self._ground() for _ in range(NUM_GROUNDS)]
        self.mistakes: deque[Pixels] = deque(maxlen=MISTAKES)

    def batch(self, count: int) -> Views:
        """So many views of faces and of no faces."""
        self.grounds[self.rng.integers(NUM_GROUNDS)] = self._ground()
        views = [self._view(int(kind)) for kind in self.rng.choice(3, count, p=SHARES)]
        return Views(
            np.stack([view.pixels for view in views]),
            np.stack([view.eyes for view in views]),
            np.array([view.scale for view in views], np.float32),
            np.array([view.face for view in views], np.float32),
        )

    def collect_mistakes(self, look: Look, *, count: int = 128, looks: int = 2) -> None:
        """Remember where the network, following its own eyes, still takes a ground for a face."""
        grounds = [self._any_ground() for _ in range(count)]
        squares = [self._anywhere() for _ in range(count)]
        for _ in range(looks):
            squares, _ = _moved(look, grounds, squares)
        seen = [_cut(ground, square) for ground, square in zip(grounds, squares, strict=True)]
        _, logits = _moved(look, grounds, squares)
        self.mistakes.extend(
            view for view, logit in zip(seen, logits, strict=True) if logit > MISTAKEN
        )

    def _view(self, kind: int) -> View:
        if kind < 2:
            return self._face(BROAD if kind else NARROW, UNSURE if kind else FACE)
        kind = int(self.rng.integers(3))
        if kind == 0 and self.mistakes:
            mistake = self.mistakes[self.rng.integers(len(self.mistakes))]
            whole = Placement(SIDE, SIDE, 2 * SIDE)
            return self._seen(mistake, whole, whole, NO_FACE)
        if kind == 1:
            square = self._anywhere()
            return self._seen(self._any_ground(), square, square, NO_FACE)
        canvas, crop = self._surrounded(self._any_face())
        return self._seen(canvas, self._far(crop), crop, NO_FACE)

    def _face(self, spread: tuple[float, float, float], face: float) -> View:
        canvas, crop = self._surrounded(self._any_face())
        shift, scale, turn = spread
        dx, dy = crop.side * self.rng.uniform(-shift, shift, 2)
        side = crop.side * np.exp(self.rng.uniform(-scale, scale))
        square = Placement(crop.x + dx, crop.y + dy, side, self.rng.uniform(-turn, turn))
        return self._seen(canvas, square, crop, face)

    def _far(self, crop: Placement) -> Placement:
        """A square that shows a face turned away, or too little, too much or little of it."""
        rng, side = self.rng, crop.side
        kind, turn = rng.integers(3), rng.uniform(-30, 30)
        if kind == 0:
            return Placement(crop.x, crop.y, side * rng.uniform(0.7, 1.4), rng.uniform(60, 300))
        if kind == 1:
            factor = rng.uniform(0.2, 0.5) if rng.random() < 0.7 else rng.uniform(2.0, 3.0)
            dx, dy = side * rng.uniform(-0.3, 0.3, 2)
            return Placement(crop.x + dx, crop.y + dy, side * factor, turn)
        towards, far = rng.uniform(0, 2 * np.pi), side * rng.uniform(0.45, 0.9)
        dx, dy = far * np.cos(towards), far * np.sin(towards)
        return Placement(crop.x + dx, crop.y + dy, side * np.exp(rng.uniform(-0.4, 0.4)), turn)

    def _anywhere(self) -> Placement:
        x, y = self.rng.uniform(0.2 * CANVAS, 0.8 * CANVAS, 2)
        side = CANVAS * np.exp(self.rng.uniform(-2.0, 0.0))
        return Placement(x, y, side, self.rng.uniform(-40, 40))

    def _seen(self, canvas: Pixels, square: Placement, crop: Placement, face: float) -> View:
        size = int(self.rng.integers(SIDE // 2, 2 * SIDE))
        view = self._degraded(cut(canvas, square, size=size, channels=1)[..., 0])
        whole = Placement(size / 2, size / 2, size)
        pixels = cut(view[..., None], whole, size=SIDE, channels=1)
        eyes = square.to_square(crop.to_photo(eyes_in_crop())).astype(np.float32)
        return View(pixels, eyes, square.side / crop.side, face)

    def _surrounded(self, face: Pixels) -> tuple[Pixels, Placement]:
        """A face on a ground (H, W, 1), without a random part of its edge, and its crop."""
        size = len(face)
        start = (CANVAS - size) // 2
        crop = Placement(CANVAS / 2, CANVAS / 2, size * CELEBA_CROP / CELEBA_WIDTH)
        left, top, right, bottom = self.rng.integers(0, size // 8, 4).tolist()
        inside = face[top : size - bottom, left : size - right]
        if self.rng.random() < 0.3:  # its own edge goes on
            margins = ((start + top, start + bottom), (start + left, start + right), (0, 0))
            mode: Literal["edge", "reflect"] = "edge" if self.rng.random() < 0.5 else "reflect"
            return np.pad(inside, margins, mode=mode), crop
        canvas = self._any_ground().copy()
        rows = slice(start + top, start + size - bottom)
        canvas[rows, start + left : start + size - right] = inside
        return canvas, crop

    def _any_face(self) -> Pixels:
        face: Pixels = self.faces[int(self.rng.integers(len(self.faces)))][..., None]
        return face[:, ::-1] if self.rng.random() < 0.5 else face

    def _any_ground(self) -> Pixels:
        return self.grounds[int(self.rng.integers(len(self.grounds)))]

    def _degraded(self, view: Pixels) -> Pixels:
        """Other light, something in front, blur, noise, JPEG."""
        rng, size = self.rng, len(view)
        light: Floats = view.astype(np.float64)
        if rng.random() < 0.5:
            light = 255 * (light / 255) ** np.exp(rng.uniform(-0.7, 0.7))
        if rng.random() < 0.4:
            slope = rng.uniform(-0.6, 0.6, 2) / size
            across = np.arange(size) - size / 2
            light = light * (1 + slope[0] * across[None] + slope[1] * across[:, None])
        light = light * rng.uniform(0.5, 1.4) + rng.uniform(-20, 20)
        if rng.random() < 0.2:
            (x, y), (w, h) = rng.integers(0, size, 2), rng.integers(size // 8, size // 3, 2)
            light[y : y + h, x : x + w] = rng.uniform(0, 255)
        if rng.random() < 0.4:
            light = np.asarray(cv2.GaussianBlur(light, (0, 0), rng.uniform(0.3, 0.03 * size)))
        if rng.random() < 0.5:
            light = light + rng.normal(0, rng.uniform(1, 12), light.shape)
        pixels = np.clip(light, 0, 255).astype(np.uint8)
        return _as_jpeg(pixels, int(rng.integers(20, 95))) if rng.random() < 0.5 else pixels

    def _ground(self) -> Pixels:
        """Something (256, 256, 1) that is no face: clouds, shapes, or what pictures have aside."""
        kind = self.rng.integers(4)
        if kind == 0:
            return _clouds(self.rng)
        if kind == 1:
            return _shapes(self.rng)
        ground = _enlarged(self._aside(), CANVAS, CANVAS)
        for _ in range(self.rng.integers(8, 40) if kind == 2 else 0):
            w, h = self.rng.integers(20, 140, 2).tolist()
            x, y = self.rng.integers(-20, CANVAS - 20, 2).clip(0).tolist()
            part = ground[y : y + h, x : x + w]
            part[:] = _enlarged(self._aside(), part.shape[1], part.shape[0])
        return ground

    def _aside(self) -> Pixels:
        """A part of a picture beside or above its face, turned or mirrored: hair, cloth, walls."""
        face = self._any_face()
        part = face[: len(face) // 4] if self.rng.random() < 0.4 else face[:, : len(face) // 5]
        part = np.rot90(part, int(self.rng.integers(4)))
        length = int(self.rng.integers(min(part.shape[:2]) // 2, max(part.shape[:2]) + 1))
        return part[:length, :length]


def _moved(
    look: Look, grounds: list[Pixels], squares: list[Placement]
) -> tuple[list[Placement], list[float]]:
    """Squares as the network would have them, but not out of the ground, and its logits."""
    views = [
        cut(ground, square, size=SIDE, channels=1)
        for ground, square in zip(grounds, squares, strict=True)
    ]
    outputs = look(np.stack(views))
    moved = [
        after if CANVAS / 16 < after.side < CANVAS else before
        for before, after in zip(squares, squares_of(outputs, squares), strict=True)
    ]
    return moved, outputs[:, 4].tolist()


def _cut(ground: Pixels, square: Placement) -> Pixels:
    return cut(ground, square, size=2 * SIDE, channels=1)


def _as_jpeg(pixels: Pixels, quality: int) -> Pixels:
    _, blob = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(blob, cv2.IMREAD_GRAYSCALE), np.uint8)


def _enlarged(pixels: Pixels, width: int, height: int) -> Pixels:
    flat = np.ascontiguousarray(pixels)
    large = cv2.resize(flat, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(large, np.uint8).reshape(height, width, 1)


def _clouds(rng: np.random.Generator) -> Pixels:
    """Noise of several grains, the coarse ones stronger."""
    total = np.zeros((CANVAS, CANVAS))
    for cells in (3, 8, 20, 60, 150):
        grain = rng.standard_normal((cells, cells))
        weight = rng.uniform(0, 1) * cells**-0.4
        total += weight * cv2.resize(grain, (CANVAS, CANVAS), interpolation=cv2.INTER_CUBIC)
    low, high = np.sort(rng.uniform(0, 255, 2))
    return _stretched(total, low, high)


def _shapes(rng: np.random.Generator) -> Pixels:
    """Ellipses, boxes and lines on a slope of grey."""
    along = np.linspace(0, 1, CANVAS)
    ground = _stretched(along[None] * rng.normal() + along[:, None] * rng.normal(), 30, 220)
    for _ in range(rng.integers(5, 60)):
        x, y = rng.integers(0, CANVAS, 2).tolist()
        w, h = rng.integers(3, CANVAS // 3, 2).tolist()
        grey, kind, turn = int(rng.integers(256)), rng.integers(3), float(rng.uniform(0, 180))
        if kind == 0:
            cv2.ellipse(ground, (x, y), (w, h), turn, 0, 360, grey, -1)
        elif kind == 1:
            cv2.rectangle(ground, (x, y), (x + w, y + h), grey, -1)
        else:
            end = (x + round(w * np.cos(turn)), y + round(h * np.sin(turn)))
            cv2.line(ground, (x, y), end, grey, int(rng.integers(1, 9)))
    return ground


def _stretched(values: Floats, low: float, high: float) -> Pixels:
    spread = max(float(np.ptp(values)), 1e-6)
    levels = low + (values - values.min()) / spread * (high - low)
    return np.asarray(levels[..., None], np.uint8)
