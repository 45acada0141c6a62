"""Where a visitor has dragged the handles: coordinates along some axes, in links and messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from explorer.latent.codes import Floats
from explorer.latent.traversal import traverse

if TYPE_CHECKING:
    from explorer.ui.traverse_rows import Rows

Moves = dict[int, float]
LIMIT = 1e3  # coordinates beyond this come from no handle
DIGITS = 3


def parse_moves(text: str, rows: Rows) -> Moves:
    """The moves a link names, such as ``17:1.25,3:-0.5``; parts that name none are left out."""
    moves: Moves = {}
    for part in text.split(","):
        name, _, value = part.partition(":")
        try:
            _take(moves, int(name), float(value), rows)
        except ValueError:
            continue
    return moves


def read_moves(message: object, rows: Rows) -> Moves:
    """The moves in a browser's message, ``[[number, coordinate], ...]``, checked."""
    moves: Moves = {}
    for pair in message if isinstance(message, list) else []:
        if isinstance(pair, list) and len(pair) == 2 and all(map(_is_number, pair)):
            _take(moves, int(pair[0]), float(pair[1]), rows)
    return moves


def moves_text(moves: Mapping[int, float]) -> str:
    """The inverse of :func:`parse_moves`, to a thousandth."""
    return ",".join(f"{number}:{value:.{DIGITS}f}" for number, value in moves.items())


def moved(code: Floats, moves: Mapping[int, float], rows: Rows) -> Floats:
    """A code (D,) with its coordinates along the moved axes set, the others as they are.

    The axes are at right angles, so their order does not matter.
    """
    for number, value in moves.items():
        place = rows.place_of(number)
        if place is not None:
            code = traverse(code, rows.axes.vectors[place], [value])[0]
    return code


def _take(moves: Moves, number: int, value: float, rows: Rows) -> None:
    if rows.place_of(number) is not None and abs(value) <= LIMIT:  # NaN fails every comparison
        moves[number] = float(np.round(value, DIGITS))


def _is_number(value: object) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and bool(abs(value) < 1e9)
    )
