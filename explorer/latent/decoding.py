"""What a decoder makes of its codes: nothing, or something, and how much for each dimension."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.latent.codes import Doubles, Floats, as_codes, require_rows
from explorer.latent.paths import lerp

Pictures = NDArray[np.uint8]
Decode = Callable[[Floats], Pictures]  # codes (N, D) to pictures (N, H, W, C)
Encode = Callable[[Pictures], tuple[Floats, Floats]]  # pictures to mu and logvar (N, D)
STEPS = 5  # pictures on a way, its ends counted
BLOCK = 64  # pictures decoded at once


@dataclass(frozen=True)
class Way:
    """What happens to the picture on straight ways from code to code, means over all ways.

    Attributes:
        change: From one end to the other, mean absolute difference in grey levels (of 255).
        jump: Share of all change that falls on the largest of 4 equal steps, 0.25 to 1; NaN
            where nothing changes.
    """

    change: float
    jump: float


def sensitivity(
    decode: Decode,
    codes: ArrayLike,
    *,
    reach: float = 1.0,
    progress: Callable[[float], object] | None = None,
) -> Doubles:
    """How much each dimension shows: mean absolute pixel change in grey levels, (D,).

    From each code, each dimension in turn is moved by ``reach`` prior standard deviations, the
    others left alone: up from every second code, down from the others. The mean is over codes and
    pixels.

    Args:
        decode: Codes to pictures.
        codes: (B, D) to start from; B (D + 1) pictures are decoded.
        reach: In standard deviations of the prior, which are 1.
        progress: Told the share done, 0 to 1.

    Raises:
        LatentError: No codes, or NaN or infinity among them.
    """
    starts = as_codes(codes)
    require_rows(starts, 1, name="codes")
    moves = reach * np.eye(starts.shape[1], dtype=np.float32)
    total = np.zeros(len(moves))
    for number, start in enumerate(starts):
        still, sign = decode(start[None]), np.float32(-1 if number % 2 else 1)
        for first in range(0, len(moves), BLOCK):
            rows = slice(first, first + BLOCK)
            total[rows] += difference(decode(start + sign * moves[rows]), still)
            if progress:
                progress((number + min(1, (first + BLOCK) / len(moves))) / len(starts))
    return np.asarray(total / len(starts))


def variety(pictures: Pictures) -> float:
    """Mean absolute difference in grey levels of each picture (N, H, W, C) and the next.

    0 if all are identical. NaN for fewer than 2.
    """
    if len(pictures) < 2:
        return float("nan")
    return float(difference(pictures, np.roll(pictures, 1, axis=0)).mean())


def way(decode: Decode, starts: ArrayLike, ends: ArrayLike) -> Way:
    """What happens on the straight ways from ``starts`` to ``ends`` (P, D).

    Raises:
        LatentError: No codes, or shapes that differ.
    """
    first = as_codes(starts, name="starts")
    last = as_codes(ends, name="ends", dim=first.shape[1])
    require_rows(first, 1, name="starts")
    share = np.linspace(0, 1, STEPS)
    stops = np.stack([lerp(a, b, share) for a, b in zip(first, last, strict=True)])
    pictures = decode(stops.reshape(-1, first.shape[1])).reshape(len(first), STEPS, -1)
    steps = np.stack([difference(*pair) for pair in _pairs(pictures)], axis=1)
    moved = steps.sum(axis=1) > 0
    jumps = steps[moved].max(axis=1) / steps[moved].sum(axis=1)
    return Way(
        change=float(difference(pictures[:, 0], pictures[:, -1]).mean()),
        jump=float(jumps.mean()) if moved.any() else float("nan"),
    )


def difference(pictures: NDArray[np.generic], others: NDArray[np.generic]) -> Doubles:
    """Mean absolute difference (N,) over pixels, in grey levels; ``others`` may be one picture."""
    apart = np.abs(pictures.astype(np.float64) - others.astype(np.float64))
    return np.asarray(apart.reshape(len(apart), -1).mean(axis=1))


def unexplained(pictures: Pictures, error: ArrayLike) -> float:
    """Share of the pixels' variance over the data that reconstructions do not show, 0 to 1.

    ``E / (E + V)``: E the mean squared error, V the variance of the reconstructions. The data's
    own variance is their sum where reconstructions are the mean of what a code may stand for,
    which is what squared error is least for. 1 if all reconstructions are the same.

    Args:
        pictures: Reconstructions, uint8 (N, H, W, C).
        error: (M,) mean squared error per pixel, of pictures in [0, 1], of any number of them.
    """
    shown = float((pictures.astype(np.float64) / 255).var(axis=0).mean())
    left = float(np.mean(np.asarray(error, np.float64)))
    return left / (left + shown) if left + shown > 0 else 0.0


def _pairs(pictures: NDArray[np.uint8]) -> list[tuple[Pictures, Pictures]]:
    return [(pictures[:, step], pictures[:, step + 1]) for step in range(STEPS - 1)]
