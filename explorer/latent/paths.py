"""Ways from code to code: straight or round the origin, over several stops, across a square."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.latent.codes import Doubles, Floats, LatentError, as_code, as_codes
from explorer.latent.measures import radius
from explorer.latent.neighbours import CodeIndex
from explorer.latent.offdata import OffData
from explorer.latent.places import FAR

Kind = Literal["linear", "spherical"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MAX_STEPS = 1_000  # a minute of film
MAX_SIDE = 32
# Radians. Nearer to opposite than this, float32 rounding of the codes alone decides the way.
ANTIPODAL = 1e-5
PARALLEL = 1e-6
SHELL = (0.01, 0.99)  # quantiles of the data's distances from the origin


@dataclass(frozen=True, eq=False)
class Excursions:
    """Where a path of T steps leaves the data.

    Attributes:
        off: How far each step lies from the data, (T,) each.
        runs: The stretches that are far from every picture, as (start, stop): the steps from
            ``start`` to ``stop - 1``. The bound is that of
            :func:`~explorer.latent.places.describe_place`.
    """

    off: OffData
    runs: tuple[tuple[int, int], ...]

    @property
    def share(self) -> float:
        """Share of the steps that are far from every picture, 0 to 1."""
        return sum(stop - start for start, stop in self.runs) / len(self.off.percentile)


def lerp(a: ArrayLike, b: ArrayLike, t: ArrayLike) -> Floats:
    """The straight way between two codes: ``(1 - t) a + t b``.

    Args:
        a: (D,) the code at t = 0.
        b: (D,) the code at t = 1.
        t: (T,) shares of the way, 0 to 1.

    Returns:
        (T, D); both ends are exact, and equal ends give a path that stands still.

    Raises:
        LatentError: Codes of different length, numbers that are not finite, t beyond 0 to 1.
    """
    start, end, share = _checked(a, b, t)
    return np.asarray((1 - share) * start + share * end, np.float32)


def slerp(a: ArrayLike, b: ArrayLike, t: ArrayLike) -> Floats:
    """The way between two codes round the origin: angle and length both change evenly.

    With Ω the angle between them, the direction is ``(sin((1 - t) Ω) â + sin(t Ω) b̂) / sin Ω``
    (Shoemake 1985, section 3.3; for latent spaces White 2016, section 2.1), and the length goes
    evenly from that of a to that of b; codes of equal length keep it on all the way. A code at
    the origin has no direction, so the way from or to it is straight.

    Args:
        a: (D,) the code at t = 0.
        b: (D,) the code at t = 1.
        t: (T,) shares of the way, 0 to 1.

    Returns:
        (T, D); both ends are exact, and equal ends give a path that stands still.

    Raises:
        LatentError: Codes in opposite directions, between which there is no one shortest way
            round; else as for :func:`lerp`.
    """
    start, end, share = _checked(a, b, t)
    lengths = np.linalg.norm(start), np.linalg.norm(end)
    if min(lengths) == 0:
        return np.asarray((1 - share) * start + share * end, np.float32)
    one, other = start / lengths[0], end / lengths[1]
    weights = _turning_weights(one, other, share)
    length = (1 - share) * lengths[0] + share * lengths[1]
    return np.asarray(length * (weights[0] * one + weights[1] * other), np.float32)


def path_through(stops: ArrayLike, *, kind: Kind = "linear", steps: int) -> Floats:
    """A path over several codes, in even steps, each leg getting the same share of them.

    Args:
        stops: (S, D), at least 2.
        kind: ``linear`` (:func:`lerp`) or ``spherical`` (:func:`slerp`).
        steps: T, 2 to 1,000, both ends counted. Stops between the ends are met exactly when
            ``steps - 1`` is a multiple of the number of legs, see :func:`steps_meeting`.

    Returns:
        (T, D).

    Raises:
        LatentError: Fewer than 2 stops, steps out of range, an unknown kind, or as the kind's own.
    """
    codes = _require_stops(stops)
    require_steps(steps)
    # Whole numbers: a stop is met at exactly t = 0 of its leg, not at 0.9999 of the one before.
    leg, rest = np.divmod(np.arange(steps) * (len(codes) - 1), steps - 1)
    return _along(codes, leg, rest / (steps - 1), kind)


def steps_meeting(stops: int, steps: int) -> int:
    """The smallest number of steps, ``steps`` or more, with which a path meets all its stops."""
    legs = max(stops - 1, 1)
    return legs * -(-(steps - 1) // legs) + 1


def bilinear_grid(corners: ArrayLike, *, n: int) -> Floats:
    """A square of codes between four: straight along every row and every column.

    ``(1 - v) ((1 - u) z00 + u z01) + v ((1 - u) z10 + u z11)``, with u to the right, v downwards.

    Args:
        corners: (4, D): top left, top right, bottom left, bottom right.
        n: Codes on a side, 2 to 32.

    Returns:
        (n, n, D), rows from top to bottom; the corners are exact.

    Raises:
        LatentError: Not four corners, or ``n`` out of range.
    """
    codes = as_codes(corners, name="corners").astype(np.float64)
    if len(codes) != 4:
        raise LatentError(f"corners has {len(codes)} codes; a square has 4.")
    require_steps(n, most=MAX_SIDE, name="n")
    share = np.linspace(0, 1, n)
    weights = np.stack([1 - share, share], axis=1)
    square = codes.reshape(2, 2, -1)
    return np.asarray(np.einsum("iv,ju,vud->ijd", weights, weights, square), np.float32)


def picture_steps(images: NDArray[np.uint8]) -> Doubles:
    """How much each picture of a strip differs from the one before, (T - 1,) grey levels.

    The root of the mean squared difference over pixels and channels, 0 to 255.

    Args:
        images: uint8 (T, H, W, C).

    Raises:
        LatentError: Another shape or type.
    """
    if images.ndim != 4 or images.dtype != np.uint8:
        raise LatentError(
            f"images is {images.dtype} {images.shape}; give uint8 (T, H, W, C), one per step."
        )
    change = np.diff(images.astype(np.float32), axis=0)
    return np.asarray(np.sqrt(np.square(change).mean(axis=(1, 2, 3), dtype=np.float64)))


def leaves_data(path: ArrayLike, index: CodeIndex) -> Excursions:
    """Where a path (T, D) is far from every code of ``index``.

    Averages of codes lie near all of them, so in many dimensions a straight path seldom counts
    as far although it passes where no code is; :func:`leaves_shell` sees that.

    Raises:
        LatentError: Another D than the index's, no steps, or NaN or infinity among them.
    """
    codes = as_codes(path, name="path")
    if not len(codes):
        raise LatentError("path has no steps; give at least 1.")
    off = index.typicality(codes)
    return Excursions(off, runs_of(off.percentile >= FAR))


def leaves_shell(path: ArrayLike, radii: ArrayLike) -> tuple[tuple[int, int], ...]:
    """Where a path (T, D) comes nearer to the origin, or goes further out, than the data.

    In D dimensions nearly all of N(0, I) lies in a shell about sqrt(D) from the origin (White
    2016, section 2.1): a straight path cuts through its hollow.

    Args:
        path: The codes.
        radii: (N,) distances of the data's codes from the origin,
            :func:`~explorer.latent.measures.radius`.

    Returns:
        The stretches (start, stop) shorter or longer than 98 % of the data is.

    Raises:
        LatentError: No radii, or NaN or infinity among the numbers.
    """
    lengths = as_code(radii, name="radii")
    low, high = np.quantile(lengths, SHELL)
    own = radius(path)
    return runs_of((own < low) | (own > high))


def runs_of(flags: NDArray[np.bool]) -> tuple[tuple[int, int], ...]:
    """The stretches (start, stop) over which ``flags`` (T,) hold, in order."""
    edges = np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8))
    starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return tuple(zip(starts.tolist(), stops.tolist(), strict=True))


def require_steps(steps: int, *, most: int = MAX_STEPS, name: str = "steps") -> None:
    """Refuse a number of steps that makes no path.

    Raises:
        LatentError: Below 2 or above ``most``.
    """
    if not 2 <= steps <= most:
        raise LatentError(f"{name} is {steps}; choose from 2 to {most:,}.")


def _along(codes: Floats, leg: NDArray[np.int64], share: Doubles, kind: Kind) -> Floats:
    """Codes (T, D) at ``share`` (T,) of the legs ``leg`` (T,) between ``codes`` (S, D)."""
    if kind not in KINDS:
        raise LatentError(f"kind is {kind!r}; choose one of {', '.join(KINDS)}.")
    way = lerp if kind == "linear" else slerp
    path = np.empty((len(leg), codes.shape[1]), np.float32)
    for number, (start, end) in enumerate(pairwise(codes)):
        mine = leg == number
        path[mine] = way(start, end, share[mine])
    path[leg == len(codes) - 1] = codes[-1]
    return path


def _turning_weights(one: Doubles, other: Doubles, share: Doubles) -> tuple[Doubles, Doubles]:
    """What unit vectors count for at ``share`` (T, 1) of the turn from ``one`` to ``other``."""
    # Kahan's form: accurate near 0 and π, where the arc cosine of the product is not.
    angle = 2 * np.arctan2(np.linalg.norm(one - other), np.linalg.norm(one + other))
    if np.pi - angle < ANTIPODAL:
        raise LatentError(
            "The two codes point in opposite directions, so no way round the origin is the "
            "shortest; take the linear path, or put a stop between them."
        )
    if angle < PARALLEL:
        return 1 - share, share
    return np.sin((1 - share) * angle) / np.sin(angle), np.sin(share * angle) / np.sin(angle)


def _checked(a: ArrayLike, b: ArrayLike, t: ArrayLike) -> tuple[Doubles, Doubles, Doubles]:
    """The ends (D,) and the shares as a column (T, 1), in float64."""
    start = as_code(a, name="a")
    end = as_code(b, name="b", dim=len(start))
    return start.astype(np.float64), end.astype(np.float64), _require_shares(t)[:, None]


def _require_stops(stops: ArrayLike) -> Floats:
    codes = as_codes(stops, name="stops")
    if len(codes) < 2:
        raise LatentError(f"stops has {len(codes)} codes; a path needs at least 2.")
    return codes


def _require_shares(t: ArrayLike) -> Doubles:
    share = np.asarray(t, dtype=np.float64)
    if share.ndim != 1:
        raise LatentError(f"t has shape {share.shape}; give (T,), shares of the way.")
    wrong = ~((share >= 0) & (share <= 1))  # NaN fails every comparison
    if wrong.any():
        raise LatentError(f"t holds {share[wrong][0]:g}; it is a share of the way, 0 to 1.")
    return share
