"""The colours of toy faces, as red, green, blue in [0, 1], (3, N, 1, 1)."""

from __future__ import annotations

import numpy as np

from explorer.data.dataset import Floats


def _palette(*colours: str) -> Floats:
    rgb = [[int(code[i : i + 2], 16) for i in (0, 2, 4)] for code in colours]
    return np.array(rgb, np.float32) / np.float32(255)


SKIN = _palette("ffe0cc", "f6c7a0", "d99f6c", "a96c43", "7a4e36")
LIPS = _palette("b8484f", "ad4048", "96323b", "70202a", "4a1219")
HAIR = _palette("2b2628", "6b4126", "c9552a", "f2cd6b", "c3c9d3", "8f63c9")
BACKGROUND = _palette("f9c9c4", "fbe0a8", "c5e6b8", "aee0ea", "b9c6f2")
SHIRT = _palette("3f6f9e", "5b57a6", "b0507c", "d9693c", "e0a030")


def skin(tone: Floats) -> Floats:
    """From pale (0) to dark (1)."""
    return blend(SKIN, tone)


def lips(tone: Floats) -> Floats:
    """Red enough to be seen on the skin of the same tone."""
    return blend(LIPS, tone)


def hair(colour: Floats) -> Floats:
    """By the number of the colour, as in `toy_factors.HAIR_COLOURS`."""
    chosen: Floats = HAIR[np.rint(colour).astype(int)]
    return chosen.T[:, :, None, None]


def background(place: Floats) -> Floats:
    """Soft, from rose over green to blue."""
    return blend(BACKGROUND, place)


def shirt(place: Floats) -> Floats:
    """A strong colour that stands off from the background of the same place."""
    return blend(SHIRT, place)


def constant(code: str) -> Floats:
    """One colour for all pictures, (3, 1, 1, 1)."""
    return _palette(code).T[:, :, None, None]


def shade(colour: Floats, amount: float) -> Floats:
    """Darker for a negative amount, lighter for a positive one."""
    goal = np.float32(1 if amount > 0 else 0)
    return colour + (goal - colour) * np.float32(abs(amount))


def blend(palette: Floats, place: Floats) -> Floats:
    """Colours between those of a palette, place from 0 to 1."""
    scaled = np.clip(place, 0, 1) * np.float32(len(palette) - 1)
    below = np.minimum(scaled.astype(int), len(palette) - 2)
    rest = (scaled - below)[:, None]
    mixed: Floats = palette[below] * (1 - rest) + palette[below + 1] * rest
    return mixed.T.astype(np.float32)[:, :, None, None]
