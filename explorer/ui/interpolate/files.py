"""A walk to take home: the steps as a sheet, the whole of it as an animation."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from explorer.figures import contact_sheet
from explorer.latent.paths import path_through, steps_meeting

if TYPE_CHECKING:
    from explorer.ui.interpolate.way import Way

FPS = 25
LEG_FRAMES = 50  # two seconds from one stop to the next
GAP = 4  # pixels between two ways side by side
FILM_PX = 256  # height of a film
SHEET_PX = 96  # a picture of a sheet is at least so wide


def sheet_png(rows: np.ndarray, *, columns: int) -> bytes:
    """Pictures (N, H, W, C), row by row, as one PNG."""
    sheet = contact_sheet(rows, columns=columns)
    factor = max(1, round(SHEET_PX / rows.shape[2]))
    picture = Image.fromarray(sheet)
    size = (picture.width * factor, picture.height * factor)
    buffer = io.BytesIO()
    picture.resize(size, Image.Resampling.BICUBIC).save(buffer, format="PNG")
    return buffer.getvalue()


def strips_png(ways: Sequence[Way]) -> bytes:
    """The steps of one way, or of two below each other."""
    return sheet_png(np.concatenate([way.pictures for way in ways]), columns=len(ways[0].codes))


def walk_gif(ways: Sequence[Way]) -> bytes:
    """The walk there and back as an animated GIF."""
    from explorer.figures.animation import to_gif  # an encoder few visitors need

    frames = frames_of(ways)
    return to_gif(frames, fps=FPS, scale=scale_for(frames), boomerang=True)


def walk_mp4(ways: Sequence[Way]) -> bytes:
    """The walk there and back as a film."""
    from explorer.figures.animation import to_mp4

    frames = frames_of(ways)
    return to_mp4(frames, fps=FPS, scale=scale_for(frames), boomerang=True)


def scale_for(frames: np.ndarray) -> int:
    """By how much pictures (T, H, W, C) are enlarged for a film."""
    return max(1, round(FILM_PX / int(frames.shape[1])))


def frames_of(ways: Sequence[Way]) -> np.ndarray:
    """The walk as pictures (T, H, W, C); two ways are side by side."""
    there = [_frames_there(way) for way in ways]
    wide = [there[0]]
    for other in there[1:]:
        count, height, _, channels = other.shape
        wide += [np.full((count, height, GAP, channels), 255, np.uint8), other]
    return np.concatenate(wide, axis=2)


def _frames_there(way: Way) -> np.ndarray:
    legs = len(way.stops) - 1
    steps = steps_meeting(len(way.stops), legs * LEG_FRAMES + 1)
    path = path_through(way.stops, kind=way.kind, steps=steps)
    # Not through the album: some hundred pictures that are seen once would drive out the strips.
    return way.opened.bundle.decode(path)
