"""Plain words for numbers: how far from the data, how good, how common."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from explorer.latent import OffData, Place, describe_place

AGREEMENT = 0.75  # share of the neighbours that must have an attribute to mention it
CAPTIONS = {
    "among": "between the {noun}s",
    "edge": "edge of the data",
    "far": "far from every {noun}",
}


def describe(off: OffData, *, noun: str) -> Place:
    """Words for the first of some distances from the data."""
    return describe_place(float(off.percentile[0]), ratio=float(off.ratio[0]), noun=noun)


def sentence(text: str) -> str:
    """A phrase as a sentence."""
    return f"{text[0].upper()}{text[1:]}."


def caption(level: str, *, noun: str) -> str:
    """A few words for the picture that floats beside the pointer."""
    return CAPTIONS[level].format(noun=noun)


def describe_error(error: float, *, errors: np.ndarray) -> str:
    """A reconstruction error and its rank among all of them."""
    better = 100 * float(np.mean(errors > error))
    return f"{error:.4f} (lower than {better:.0f} %)"


def attributes_of(row: pd.Series, names: Sequence[str]) -> tuple[str, ...]:
    """Names of the attributes a picture has, readable."""
    has = row[list(names)].eq(1).fillna(False)
    return tuple(readable(name) for name in names if has[name])


def shared_attributes(rows: pd.DataFrame, names: Sequence[str]) -> tuple[str, ...]:
    """Attributes that most of some pictures have, with the counts."""
    counts = {name: int(rows[name].eq(1).sum()) for name in names}
    common = [name for name in names if counts[name] >= AGREEMENT * len(rows)]
    return tuple(f"{readable(name)} {counts[name]} of {len(rows)}" for name in common)


def shared_label(rows: pd.DataFrame) -> str | None:
    """The most frequent label of some pictures, with the count; None without labels."""
    counts = rows["label"].value_counts()
    if counts.empty:
        return None
    return f"{counts.index[0]} ({int(counts.iloc[0])} of {len(rows)})"


def plain(text: str) -> str:
    """Text that Markdown shows as it is; names and paths come from outside."""
    return re.sub(r"([\\`*_$\[\]<>~#|:])", r"\\\1", text)


def readable(name: str) -> str:
    """An attribute's name as words."""
    return name.replace("_", " ")
