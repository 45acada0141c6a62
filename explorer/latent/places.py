"""How far from the data a place is, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from explorer.latent.codes import LatentError

Level = Literal["among", "edge", "far"]
EDGE = 0.80
FAR = 0.97


@dataclass(frozen=True)
class Place:
    """What to tell about a place.

    Attributes:
        level: ``among`` the data, at its ``edge``, or ``far`` from it.
        text: The same in words, without capital or full stop.
    """

    level: Level
    text: str


def describe_place(percentile: float, *, ratio: float, noun: str = "picture") -> Place:
    """Words for the distance of one place from the data, on the map or among the codes.

    Args:
        percentile: Share, 0 to 1, of the training data that has closer neighbours.
        ratio: The distance to the neighbours, over what is usual in the data.
        noun: What a code stands for: "picture", "face", "digit".

    Raises:
        LatentError: A percentile outside 0 to 1.
    """
    if not 0 <= percentile <= 1:
        raise LatentError(f"percentile is {percentile}; it is a share from 0 to 1.")
    if percentile < EDGE:
        return Place("among", "among the data")
    crowd = f"{_percent(percentile)} of the training {noun}s have closer neighbours"
    if percentile < FAR:
        return Place("edge", f"at the edge of the data: {crowd}")
    if ratio >= 2:
        crowd += f", {_times(ratio)} closer as a rule"
    return Place("far", f"far from every {noun}: {crowd}")


def _percent(share: float) -> str:
    """Whole percent; 100 % only where it is all of them."""
    if share == 1:
        return "all"
    return f"{min(round(100 * share), 99)} %"


def _times(ratio: float) -> str:
    return "over 100 times" if ratio > 100 else f"{ratio:.0f} times"
