"""Colours that most people can tell apart, on white and on nearly black."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.figures.oklab import from_oklab, to_oklab

Rgb = NDArray[np.uint8]

# Okabe & Ito (2008) without black and yellow, which vanish on dark and on white; then six more,
# found by maximising the smallest OKLab distance between any two as seen with full, red-blind,
# green-blind and blue-blind sight, within a lightness legible on both backgrounds.
CATEGORICAL = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#56b4e9",
    "#9078f0",
    "#904800",
    "#6c5478",
    "#90b478",
    "#306c48",
    "#d8a8b4",
)
MISSING = "#8c8c8c"
# Lightness rises all the way, so the order is read without colour as well.
_RAMP_STOPS = ("#3a58c0", "#8a5cc0", "#cf5f8f", "#ec7f57", "#eea02c")


def categorical(count: int) -> tuple[str, ...]:
    """Hex colours of ``count`` classes; from the 13th on they repeat.

    Raises:
        ValueError: A negative count.
    """
    if count < 0:
        raise ValueError(f"count is {count}; ask for 0 colours or more.")
    return tuple(CATEGORICAL[number % len(CATEGORICAL)] for number in range(count))


def categorical_rgb(classes: ArrayLike) -> Rgb:
    """Classes (N,), whole numbers, to uint8 (N, 3); negative ones are :data:`MISSING`."""
    numbers = np.asarray(classes, dtype=np.int64)
    table = np.stack([to_rgb(colour) for colour in (*CATEGORICAL, MISSING)])
    return table[np.where(numbers < 0, len(CATEGORICAL), numbers % len(CATEGORICAL))]


def ramp(size: int = 256) -> tuple[str, ...]:
    """``size`` hex colours from low to high, blue over rose to amber, in even steps.

    Raises:
        ValueError: Fewer than 2.
    """
    return tuple(f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in _ramp_table(size))


def ramp_rgb(values: ArrayLike, *, low: float, high: float) -> Rgb:
    """Values (N,) to uint8 (N, 3), clipped to ``low`` .. ``high``; NaN is :data:`MISSING`.

    Raises:
        ValueError: ``high`` below ``low``, or one of them not finite.
    """
    if not (np.isfinite(low) and np.isfinite(high) and low <= high):
        raise ValueError(f"The ramp goes from {low} to {high}; give finite numbers in order.")
    numbers = np.asarray(values, dtype=np.float64)
    share = np.clip((numbers - low) / max(high - low, np.finfo(np.float64).tiny), 0, 1)
    known = ~np.isnan(share)
    colours = np.broadcast_to(to_rgb(MISSING), (*numbers.shape, 3)).copy()
    colours[known] = _ramp_table(256)[np.rint(255 * share[known]).astype(np.int64)]
    return colours


def to_rgb(colour: str) -> Rgb:
    """A colour such as ``#0072b2`` as uint8 (3,).

    Raises:
        ValueError: It is not # and six hexadecimal digits.
    """
    if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"{colour!r} is no colour; write # and six hexadecimal digits.")
    return np.frombuffer(bytes.fromhex(colour[1:]), np.uint8)


@cache
def _ramp_table(size: int) -> Rgb:
    if size < 2:
        raise ValueError(f"size is {size}; a ramp has at least 2 colours.")
    stops = to_oklab(np.stack([to_rgb(colour) for colour in _RAMP_STOPS]))
    steps = np.linalg.norm(np.diff(stops, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.linspace(0, along[-1], size)
    table = from_oklab(np.stack([np.interp(at, along, axis) for axis in stops.T], axis=1))
    table.setflags(write=False)  # shared by all callers
    return table
