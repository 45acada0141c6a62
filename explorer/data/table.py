"""A table about pictures: a CSV with one row per picture, one column per attribute or factor."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from explorer.data.dataset import DataError

MISSING = -1
SHOWN = 3  # unknown files named in a note


@dataclass(frozen=True)
class Row:
    """The cells of one picture as they are written, and where they stand."""

    where: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Rows:
    """A CSV as it is written: names of the columns, rows by the name of the picture."""

    path: Path
    names: tuple[str, ...]
    rows: Mapping[str, Row]

    def place(self, name: str, column: int) -> str:
        """Where a cell stands, for a message."""
        return f"{self.rows[name].where} ({name}), column {self.names[column]}"


@dataclass(frozen=True)
class AttributeTable:
    """Attributes by the name of the picture: 1, 0 or -1 for missing."""

    path: Path
    names: tuple[str, ...]
    rows: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, eq=False)
class Aligned:
    """A table in the order of the pictures, and what did not fit."""

    values: npt.NDArray[np.int8]  # (N, A)
    notes: tuple[str, ...]


def read_table(path: Path) -> AttributeTable:
    """Read a CSV: the first column names the picture, each other one is an attribute.

    Cells are 1 (has it), 0 (has it not) or empty (missing). -1 means missing as well, unless
    the file holds no 0 at all: then it follows CelebA, where -1 means "has it not". Columns
    may be separated by commas, semicolons or tabs.

    Raises:
        DataError: names the row, the column and the value that is wrong.
    """
    table = read_rows(path, kind="attribute")
    cells = {
        name: tuple(_cell(text, table.place(name, i)) for i, text in enumerate(row.cells))
        for name, row in table.rows.items()
    }
    return AttributeTable(path, table.names, _meaning(cells))


def read_rows(path: Path, *, kind: str) -> Rows:
    """Read a CSV whose first column names the picture; ``kind`` says what the others are.

    Raises:
        DataError: It cannot be read, or its first line or a row's length is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or error
        raise DataError(f"The {kind} file {path} cannot be read: {reason}.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"The {kind} file {path} is not a text file in UTF-8.") from error
    lines = text.splitlines()
    header = lines[0] if lines else ""
    reader = csv.reader(lines, delimiter=max(",;\t", key=header.count))
    columns = tuple(name.strip() for name in next(reader, []))
    _check_header(path, columns, kind)
    rows: dict[str, Row] = {}
    for row in reader:
        if row:
            _add_row(rows, row, columns, f"{path} row {reader.line_num}")
    return Rows(path, columns[1:], rows)


def align(table: AttributeTable, ids: Sequence[str]) -> Aligned:
    """Bring the rows in the order of the pictures.

    A row belongs to the picture with the same path; or the same file name, or the same name
    without suffix, where only one picture has it.
    """
    places = places_of(ids)
    values = np.full((len(ids), len(table.names)), MISSING, np.int8)
    has_row = np.zeros(len(ids), bool)
    unknown = []
    for name, row in table.rows.items():
        place = places.get(as_path(name))
        if place is None:
            unknown.append(name)
        else:
            values[place], has_row[place] = row, True
    if not has_row.any():
        raise DataError(
            f"{table.path} names none of the {len(ids)} pictures; its first column must hold "
            f"their file names, such as {ids[0]}."
        )
    return Aligned(values, _notes(table.path, unknown, int((~has_row).sum())))


def _check_header(path: Path, columns: Sequence[str], kind: str) -> None:
    if len(columns) < 2:
        raise DataError(
            f"{path} needs a first line with a column of file names and at least one {kind}."
        )
    for column, name in enumerate(columns):
        if column and not name:
            raise DataError(f"{path} column {column + 1} has no name in the first line.")
        if name in columns[:column]:
            raise DataError(f"{path} has two columns named {name!r}; rename one of them.")


def _add_row(rows: dict[str, Row], row: list[str], columns: Sequence[str], where: str) -> None:
    if len(row) != len(columns):
        raise DataError(
            f"{where} has {len(row)} cells but the first line has {len(columns)} columns."
        )
    name = row[0].strip()
    if name in rows:
        raise DataError(f"{where} names {name!r}, which has a row already; remove one of them.")
    rows[name] = Row(where, tuple(text.strip() for text in row[1:]))


def _cell(text: str, where: str) -> float:
    if not text:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        raise DataError(f"{where} is {text!r}; it must be 1, 0 or empty.") from None
    if not (math.isnan(value) or value in (-1, 0, 1)):
        raise DataError(f"{where} is {text}; it must be 1, 0 or empty.")
    return value


def _meaning(cells: Mapping[str, tuple[float, ...]]) -> dict[str, tuple[int, ...]]:
    has_zero = any(0 in row for row in cells.values())
    minus_one = MISSING if has_zero else 0

    def meaning(value: float) -> int:
        if math.isnan(value):
            return MISSING
        return minus_one if value == -1 else int(value)

    return {name: tuple(map(meaning, row)) for name, row in cells.items()}


def as_path(name: str) -> str:
    """A picture's name in a table as :func:`places_of` spells it."""
    return name.replace("\\", "/").removeprefix("./")


def places_of(ids: Sequence[str]) -> dict[str, int | None]:
    """Where each way of writing a picture's name points; None when it could mean several."""
    places: dict[str, int | None] = {}
    for shorten in (_stem, _base):  # the longer name wins where both exist
        level: dict[str, int | None] = {}
        for place, name in enumerate(ids):
            short = shorten(name)
            level[short] = None if short in level else place
        places |= level
    return places | {name: place for place, name in enumerate(ids)}


def _base(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def _stem(name: str) -> str:
    return _base(name).rsplit(".", 1)[0]


def _notes(path: Path, unknown: Sequence[str], num_missing: int) -> tuple[str, ...]:
    notes = []
    if unknown:
        shown = ", ".join(unknown[:SHOWN]) + (", …" if len(unknown) > SHOWN else "")
        notes.append(f"{path.name} names {len(unknown)} files that are not there: {shown}.")
    if num_missing:
        notes.append(f"{path.name} has no row for {num_missing} pictures: attributes missing.")
    return tuple(notes)
