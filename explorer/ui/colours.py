"""What a map can be coloured by, and the colours as the browser draws them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

import numpy as np
import pandas as pd

from explorer.figures import categorical, ramp
from explorer.ui.wire import to_text

MISSING = 255  # the code of a point without a value, drawn grey
RAMP_LEVELS = 254
RAMP_COLOURS = 32
MAX_CATEGORIES = 12  # what the palette holds
PLAIN = "Nothing"
FACTOR_PREFIX = "factor:"
FAVOURITES = ("Label", "Smiling", "Eyeglasses", "Male")


class Colour(TypedDict):
    """One colouring: a code per point (base64 of uint8) and what the codes mean.

    ``colours`` are those of the categories, or the steps of the ramp from code 0 to 254.
    """

    key: str
    title: str
    kind: Literal["plain", "category", "ramp"]
    codes: str
    names: list[str]
    counts: list[int]
    colours: list[str]
    ticks: list[str]


def colour_columns(items: pd.DataFrame, attribute_names: Sequence[str]) -> dict[str, str]:
    """Titles of the possible colourings and the columns of ``items`` they read."""
    titles: dict[str, str] = {}
    if items["label"].notna().any():
        titles["Label"] = "label"
    titles |= {name.replace("_", " "): name for name in attribute_names}
    for column in items.columns:
        if column.startswith(FACTOR_PREFIX):
            titles[f"{column.removeprefix(FACTOR_PREFIX).replace('_', ' ')} (factor)"] = column
    return titles | {"Reconstruction error": "error", "Split": "split", PLAIN: ""}


def favourite_colour(titles: Sequence[str]) -> str:
    """What a map is coloured by at first."""
    known = [title for title in FAVOURITES if title in titles]
    return (known or list(titles))[0]


def make_colour(items: pd.DataFrame, title: str, *, column: str) -> Colour:
    """The colouring ``title`` of all rows of ``items``."""
    if not column:
        return _plain(len(items))
    values = items[column]
    if column in ("label", "split"):
        return _by_name(title, values.astype("string"), key=column)
    if column == "error" or column.startswith(FACTOR_PREFIX):
        return _by_number(title, values.to_numpy(np.float64, na_value=np.nan), key=column)
    return _by_answer(title, values, key=column)


def _plain(count: int) -> Colour:
    colour = _categorical(PLAIN, "", np.zeros(count, np.uint8), ["pictures"])
    colour["kind"] = "plain"
    return colour


def _by_answer(title: str, values: pd.Series, *, key: str) -> Colour:
    """Attributes: with, without, unknown."""
    has = values.to_numpy(np.float64, na_value=np.nan)
    codes = np.full(len(values), MISSING, np.uint8)
    codes[has == 1] = 0
    codes[has == 0] = 1
    return _categorical(title, key, codes, ["yes", "no"])


def _by_name(title: str, values: pd.Series, *, key: str) -> Colour:
    """Labels and splits; the rarest of too many share one colour."""
    counts = values.value_counts()
    names = list(counts.index)
    kept = names if len(names) <= MAX_CATEGORIES else names[: MAX_CATEGORIES - 1]
    kept = sorted(kept, key=_natural)
    codes = np.full(len(values), MISSING, np.uint8)
    number = {name: code for code, name in enumerate(kept)}
    present = values.notna().to_numpy(bool)
    codes[present] = [number.get(name, len(kept)) for name in values[present]]
    rest = [f"{len(names) - len(kept)} others"] if len(names) > len(kept) else []
    return _categorical(title, key, codes, [str(name) for name in kept] + rest)


def _by_number(title: str, values: np.ndarray, *, key: str) -> Colour:
    """Measurements, from the 1st to the 99th percentile.

    Beyond, so that one odd picture does not take all the colours, the ramp's ends are used.
    """
    known = np.isfinite(values)
    low, high = np.quantile(values[known], [0.01, 0.99]) if known.any() else (0.0, 1.0)
    span = high - low if high > low else 1.0
    codes = np.full(len(values), MISSING, np.uint8)
    share = np.clip((values[known] - low) / span, 0, 1)
    codes[known] = np.rint(share * RAMP_LEVELS).astype(np.uint8)
    ticks = [f"{number:.3g}" for number in (low, (low + high) / 2, high)]
    return Colour(
        key=key,
        title=title,
        kind="ramp",
        codes=to_text(codes.tobytes()),
        names=[],
        counts=[],
        colours=list(ramp(RAMP_COLOURS)),
        ticks=ticks,
    )


def _categorical(title: str, key: str, codes: np.ndarray, names: list[str]) -> Colour:
    counts = np.bincount(codes[codes != MISSING], minlength=len(names))
    return Colour(
        key=key,
        title=title,
        kind="category",
        codes=to_text(codes.tobytes()),
        names=names,
        counts=[int(count) for count in counts],
        colours=list(categorical(len(names))),
        ticks=[],
    )


def _natural(name: str) -> tuple[int, int, str]:
    """Numbers in their own order before words in theirs."""
    return (0, int(name), "") if name.isdigit() else (1, 0, name)
