"""The known factors behind toy faces: how they are drawn by chance and what they imply."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.data.dataset import Floats

HAIR_COLOURS = ("black", "brown", "ginger", "blond", "silver", "violet")


@dataclass(frozen=True)
class Factor:
    """One factor: uniform in [low, high], a choice of whole numbers, or often `low`.

    Args:
        name: its column.
        low: smallest value.
        high: largest value.
        whole: only whole numbers, each as likely.
        absent: probability of the value `low`; otherwise uniform in [start, high].
        start: smallest value when present.
    """

    name: str
    low: float
    high: float
    whole: bool = False
    absent: float = 0.0
    start: float = 0.0


FACTORS = (
    Factor("smile", -1, 1),
    Factor("mouth_open", 0, 1, absent=0.5, start=0.35),
    Factor("glasses", 0, 1, whole=True),
    Factor("hair_colour", 0, len(HAIR_COLOURS) - 1, whole=True),
    Factor("hair_length", 0, 1),
    Factor("skin", 0, 1),
    Factor("face_shape", -1, 1),
    Factor("brow", -1, 1),
    Factor("beard", 0, 1, absent=0.65, start=0.4),
    Factor("gaze_x", -1, 1),
    Factor("gaze_y", -1, 1),
    Factor("tilt", -1, 1),
    Factor("background", 0, 1),
)
NAMES = tuple(factor.name for factor in FACTORS)
COLUMN = {name: column for column, name in enumerate(NAMES)}


def draw_factors(indices: npt.NDArray[np.int64], *, seed: int) -> Floats:
    """The factors of pictures, each from its own index and the seed alone.

    Args:
        indices: (N,) numbers of pictures, 0 or more.
        seed: another seed gives another set of faces.

    Returns:
        float32 (N, F), columns as in `NAMES`; independent of each other.
    """
    chance = _uniform(indices, seed)
    columns = [_value(factor, chance[:, i]) for i, factor in enumerate(FACTORS)]
    return np.stack(columns, axis=1).astype(np.float32)


def check_factors(factors: npt.ArrayLike) -> Floats:
    """Factors as float32 (N, F) within their ranges; ValueError otherwise."""
    values = np.asarray(factors, np.float32)
    if values.ndim != 2 or values.shape[1] != len(FACTORS):
        raise ValueError(f"factors have shape {values.shape}; it must be (N, {len(FACTORS)}).")
    for column, factor in enumerate(FACTORS):
        wrong = ~((values[:, column] >= factor.low) & (values[:, column] <= factor.high))
        if wrong.any():
            raise ValueError(
                f"{factor.name} is {values[wrong.argmax(), column]:g}; "
                f"it must be from {factor.low:g} to {factor.high:g}."
            )
    return values


def attributes_of(factors: Floats) -> dict[str, npt.NDArray[np.int8]]:
    """Binary attributes by name, each int8 (N,) of 1 and 0."""
    column = {name: factors[:, i] for name, i in COLUMN.items()}
    colour = column["hair_colour"]
    conditions = {
        "Smiling": column["smile"] > 0.25,
        "Mouth_Open": column["mouth_open"] > 0,
        "Eyeglasses": column["glasses"] > 0.5,
        "Long_Hair": column["hair_length"] > 0.5,
        "Dark_Hair": colour < 1.5,
        "Blond_Hair": colour == HAIR_COLOURS.index("blond"),
        "Beard": column["beard"] > 0,
        "Pale_Skin": column["skin"] < 0.33,
        "Round_Face": column["face_shape"] > 0.25,
        "Raised_Brows": column["brow"] > 0.25,
    }
    return {name: has.astype(np.int8) for name, has in conditions.items()}


def _value(factor: Factor, chance: Floats) -> Floats:
    value: Floats
    if factor.whole:
        value = factor.low + np.floor(chance * (factor.high - factor.low + 1))
    elif factor.absent:
        present = (chance - factor.absent) / (1 - factor.absent)
        value = factor.start + present * (factor.high - factor.start)
        value = np.where(chance < factor.absent, factor.low, value)
    else:
        value = factor.low + chance * (factor.high - factor.low)
    return value


def _uniform(indices: npt.NDArray[np.int64], seed: int) -> Floats:
    """Uniform numbers in [0, 1) from a counter: SplitMix64 (Steele, Lea, Flood 2014).

    A counter instead of a generator's state lets each picture be drawn alone.
    """
    golden = np.uint64(0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):  # arithmetic modulo 2^64 is meant
        start = _mix(np.array([seed], np.uint64) * golden + golden)
        first = indices.astype(np.uint64)[:, None] * np.uint64(len(FACTORS))
        counter: npt.NDArray[np.uint64] = np.add(first, np.arange(len(FACTORS), dtype=np.uint64))
        bits = _mix(np.add(np.multiply(counter, golden, dtype=np.uint64), start, dtype=np.uint64))
    return (bits >> np.uint64(11)).astype(np.float64) / 2.0**53


def _mix(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    once = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    twice = (once ^ (once >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return twice ^ (twice >> np.uint64(31))
