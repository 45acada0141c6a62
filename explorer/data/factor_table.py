"""A table of true factors: a CSV with one row per picture and one column per factor."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from explorer.data.dataset import DataError, Floats
from explorer.data.table import Rows, as_path, places_of, read_rows


def read_factors(path: Path, ids: Sequence[str]) -> tuple[tuple[str, ...], Floats]:
    """Names of the factors, and float32 (N, K) in the order of the pictures.

    The first column names the picture as in a table of attributes; each other one is a factor.
    A column of numbers is a measure or a class number; one of words is numbered in their order.
    Every picture needs all its factors: a score of what codes know has no use for a part.

    Raises:
        DataError: names the row, the column and the value that is wrong, or the picture that
            has no row.
    """
    table = read_rows(path, kind="factor")
    columns = [_numbers(table, column) for column in range(len(table.names))]
    numbers = dict(zip(table.rows, np.array(columns, np.float32).T, strict=True))
    places = places_of(ids)
    rows = {places.get(as_path(name)): name for name in table.rows}
    absent = [name for place, name in enumerate(ids) if place not in rows]
    if absent:
        raise DataError(
            f"{path} has no row for {len(absent)} of {len(ids)} pictures, the first is "
            f"{absent[0]}; every picture needs its factors."
        )
    return table.names, np.array([numbers[rows[place]] for place in range(len(ids))])


def _numbers(table: Rows, column: int) -> list[float]:
    texts = {name: row.cells[column] for name, row in table.rows.items()}
    known = {name: _number(text) for name, text in texts.items()}
    wrong = [name for name, number in known.items() if number is None or not texts[name]]
    if len(wrong) == len(texts) and all(texts.values()):
        words = {word: float(place) for place, word in enumerate(sorted(set(texts.values())))}
        return [words[text] for text in texts.values()]
    if wrong:
        raise DataError(
            f"{table.place(wrong[0], column)} is {texts[wrong[0]]!r}; it must be a number, as the "
            "others are, or all of the column words."
        )
    return [number for number in known.values() if number is not None]


def _number(text: str) -> float | None:
    """None for what is no finite number."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
