"""Small grids of numbers: read from text, or made by a pattern."""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import NDArray

from explorer.lab.errors import LabError

Doubles = NDArray[np.float64]

COUNT, ONES, POINT, TENT, EDGE, RANDOM = "Counting", "Ones", "One point", "Tent", "Edge", "Random"
MAX_SIDE = 64  # of any grid that is drawn: 4,096 cells


def read_grid(text: str, *, name: str) -> Doubles:
    """A grid (rows, columns) from text: a line is a row, numbers stand apart by spaces or commas.

    Cells pasted from a spreadsheet stand apart by tabs, so two tabs, or two commas, enclose an
    empty cell.

    Raises:
        LabError: No numbers, an empty cell, text that is no finite number, rows of unequal
            length, or more than ``MAX_SIDE`` cells on a side.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise LabError(f"{name} is empty; write its rows as lines, such as `1 2 3`.")
    rows = [_row(line, number, name) for number, line in enumerate(lines, start=1)]
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise LabError(
                f"{name}: row {number} has {len(row)} numbers, row 1 has {len(rows[0])}; give "
                "every row as many, with 0 for a cell that holds nothing."
            )
    require_side(len(rows), len(rows[0]), name=name)
    return np.array(rows, np.float64)


def write_grid(grid: Doubles) -> str:
    """The text of a grid (rows, columns) that :func:`read_grid` reads."""
    return "\n".join(" ".join(f"{value:g}" for value in row) for row in grid)


def pattern(name: str, rows: int, columns: int) -> Doubles:
    """A grid (rows, columns) of numbers that are easy to follow.

    Raises:
        LabError: More than ``MAX_SIDE`` cells on a side, or none.
    """
    require_side(rows, columns, name=f"A grid of {rows} × {columns}")
    if name == COUNT:
        return np.arange(1.0, rows * columns + 1).reshape(rows, columns)
    if name == POINT:
        grid = np.zeros((rows, columns))
        grid[rows // 2, columns // 2] = 1
        return grid
    if name == TENT:  # bilinear interpolation, as whole numbers
        return np.outer(_tent(rows), _tent(columns))
    if name == EDGE:  # bright left of a dark right: 1 .. -1 in each row
        return np.tile(np.sign((columns - 1) / 2 - np.arange(columns)), (rows, 1))
    if name == RANDOM:
        return np.random.default_rng(0).integers(-9, 10, (rows, columns)).astype(np.float64)
    return np.ones((rows, columns))


def require_side(rows: int, columns: int, *, name: str) -> None:
    """Refuse a grid that is too large to look at, or that has no cell.

    Raises:
        LabError: With the limit.
    """
    if min(rows, columns) < 1:
        raise LabError(f"{name} has {rows} × {columns} cells; at least 1 × 1 is needed.")
    if max(rows, columns) > MAX_SIDE:
        raise LabError(
            f"{name} has {rows} × {columns} cells; at most {MAX_SIDE} × {MAX_SIDE} can be drawn "
            "and read. Take a smaller input, kernel or stride."
        )


def _tent(size: int) -> Doubles:
    return np.asarray(np.minimum(np.arange(1.0, size + 1), np.arange(size, 0.0, -1)))


def _row(line: str, number: int, name: str) -> list[float]:
    # Only ends that hold nothing are cut: a tab at the end of a line is an empty cell.
    cells = [cell.strip() for cell in re.split(r" *[,;\t] *| +", line.strip(" "))]
    return [_number(cell, number, place, name) for place, cell in enumerate(cells, start=1)]


def _number(cell: str, row: int, column: int, name: str) -> float:
    where = f"{name}: row {row}, column {column}"
    if not cell:
        raise LabError(f"{where} is empty; write a number there, 0 if it holds nothing.")
    try:
        value = float(cell)
    except ValueError:
        raise LabError(f"{where} is {cell[:20]!r}, which is not a number; write one.") from None
    if not math.isfinite(value) or abs(value) > 1e6:
        raise LabError(f"{where} is {cell[:20]}; write a number from -1,000,000 to 1,000,000.")
    return value
