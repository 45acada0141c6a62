"""Plain words for numbers: how far from the data, how good, how common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

Trust = Literal["data", "edge", "far"]
EDGE_RATIO, FAR_RATIO = 2.0, 5.0  # distance to the data over the data's own spacing
AGREEMENT = 0.75  # share of the neighbours that must have an attribute to mention it


@dataclass(frozen=True)
class Verdict:
    """How far a place or a code lies from the data: a mark and a sentence."""

    trust: Trust
    sentence: str


def judge_place(ratio: float) -> Verdict:
    """A place of the map, by its distance to the points over their usual spacing."""
    if ratio <= EDGE_RATIO:
        return Verdict("data", "Among the pictures: they lie as close here as anywhere.")
    times = f"{ratio:.0f} times" if ratio < 100 else "over 100 times"
    if ratio <= FAR_RATIO:
        return Verdict("edge", f"At the edge of the data: {times} sparser than usual here.")
    return Verdict("far", f"Far from every picture, {times} the usual spacing: a guess.")


def judge_point(percentile: float) -> Verdict:
    """A picture's own code, by the share of pictures that have closer neighbours than it."""
    share = f"{100 * percentile:.0f} %"
    if percentile < 0.8:
        return Verdict("data", f"An ordinary picture: {share} of the others have closer kin.")
    if percentile < 0.98:
        return Verdict("edge", f"An unusual picture: {share} of the others have closer kin.")
    return Verdict("far", f"A rare picture: {share} of the others have closer kin.")


def caption_place(trust: Trust) -> str:
    """A few words for the picture that floats beside the pointer."""
    return {
        "data": "between the pictures",
        "edge": "edge of the data",
        "far": "far from the data",
    }[trust]


def describe_error(error: float, *, errors: np.ndarray) -> str:
    """A reconstruction error and its rank among all of them."""
    better = 100 * float(np.mean(errors > error))
    return f"{error:.4f} (lower than {better:.0f} %)"


def attributes_of(row: pd.Series, names: Sequence[str]) -> tuple[str, ...]:
    """Names of the attributes a picture has, readable."""
    return tuple(name.replace("_", " ") for name in names if row[name] == 1)


def shared_attributes(rows: pd.DataFrame, names: Sequence[str]) -> tuple[str, ...]:
    """Attributes that most of some pictures have, with the counts."""
    total = len(rows)
    counts = {name: int((rows[name] == 1).sum()) for name in names}
    common = [name for name in names if counts[name] >= AGREEMENT * total]
    return tuple(f"{name.replace('_', ' ')} {counts[name]}/{total}" for name in common)


def shared_label(rows: pd.DataFrame) -> str | None:
    """The label of most of some pictures, with the count; None without labels."""
    labels = rows["label"].dropna()
    if labels.empty:
        return None
    counts = labels.value_counts()
    return f"{counts.index[0]} {int(counts.iloc[0])}/{len(rows)}"
