"""A user's table of labels: CSV in, who has what out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.latent.codes import LatentError

Has = NDArray[np.int8]
MAX_BYTES = 20_000_000
DELIMITERS = ",;\t"
ID = "id"
VALUES = {"1": 1, "yes": 1, "true": 1, "0": 0, "no": 0, "false": 0, "": -1}
SHOWN = 3  # wrong ids named in a sentence


@dataclass(frozen=True, eq=False)
class OwnLabels:
    """What a table says of the pictures of a bundle.

    Attributes:
        columns: By name, (N,) 1 with, 0 without, -1 not said.
        note: A sentence on ids that were passed over; empty if there were none.
    """

    columns: Mapping[str, Has]
    note: str = ""


def read_labels(blob: bytes, ids: Sequence[str]) -> OwnLabels:
    """Read a CSV with a column ``id`` and one or more columns of 1 and 0.

    Also yes and no, true and false; an empty cell, or a picture that is not in the table, is not
    known. Commas, semicolons or tabs part the cells. Ids that are none of the bundle's are
    passed over with a note, as when the table is one of a whole data set, unless all are.

    Args:
        blob: The file, UTF-8.
        ids: Of the bundle's N pictures, in order.

    Raises:
        LatentError: A sentence with the line, what is wrong there and what to do.
    """
    header, rows = _table(blob)
    place = _id_place(header)
    names = [name for number, name in enumerate(header) if number != place]
    known = {str(name): row for row, name in enumerate(ids)}
    table = np.full((len(ids), len(names)), -1, np.int8)
    seen: set[str] = set()
    strange: list[str] = []
    for line, cells in rows:
        if len(cells) != len(header):
            raise LatentError(f"Line {line} has {len(cells)} cells; the first has {len(header)}.")
        name = cells.pop(place).strip()
        if name in seen:
            raise LatentError(f"Line {line}: id {name!r} stands there twice; keep one line.")
        seen.add(name)
        if name in known:
            table[known[name]] = [_value(cell, line=line) for cell in cells]
        else:
            strange.append(name)
    note = _about(strange, num_rows=len(seen), ids=ids)
    return OwnLabels(dict(zip(names, table.T, strict=True)), note)


def _table(blob: bytes) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The header, and the other lines with their numbers."""
    if len(blob) > MAX_BYTES:
        raise LatentError(
            f"The table has {len(blob) / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} can be read. "
            "Keep the column id and one of labels."
        )
    try:
        text = blob.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LatentError(
            "The table is not UTF-8 text; save it as CSV (UTF-8) and try again."
        ) from error
    lines = _lines(text, delimiter=_delimiter(text.split("\n", 1)[0]))
    _, header = next(lines, (0, []))
    return [cell.strip() for cell in header], lines


def _delimiter(header: str) -> str:
    """What parts the column id from the others."""
    for delimiter in DELIMITERS:
        if ID in {cell.strip(' "\r').lower() for cell in header.split(delimiter)}:
            return delimiter
    return DELIMITERS[0]


def _lines(text: str, *, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Lines that hold something, with the number that an editor shows."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise LatentError(f"The table cannot be read as CSV ({error}).") from error


def _id_place(header: list[str]) -> int:
    places = [place for place, name in enumerate(header) if name.lower() == ID]
    if len(places) != 1:
        raise LatentError(
            f"The first line names {', '.join(map(repr, header[:8])) or 'no columns'}; one column "
            "must be called id, the others after what they say, such as: id,value."
        )
    if len(header) < 2:
        raise LatentError("There is only the column id; add one with 1 and 0.")
    doubles = {name for name in header if header.count(name) > 1 or not name}
    if doubles:
        raise LatentError(f"Columns need names of their own; {min(doubles)!r} is not one.")
    return places[0]


def _value(cell: str, *, line: int) -> int:
    value = VALUES.get(cell.strip().lower())
    if value is None:
        raise LatentError(
            f"Line {line} holds {cell.strip()[:40]!r}; write 1 or 0 (yes, no, true, false), or "
            "nothing where it is not known."
        )
    return value


def _about(strange: list[str], *, num_rows: int, ids: Sequence[str]) -> str:
    """A note on ids that are none of the bundle's.

    Raises:
        LatentError: There are no others.
    """
    if not num_rows:
        raise LatentError("The table has no lines below the first; add one for each picture.")
    if not strange:
        return ""
    some = ", ".join(repr(name[:40]) for name in strange[:SHOWN])
    more = ", …" if len(strange) > SHOWN else ""
    like = f"its ids look like {str(ids[0])!r}"
    if len(strange) == num_rows:
        raise LatentError(
            f"None of the {num_rows:,} ids is of this bundle ({some}{more}); {like}."
        )
    return (
        f"{len(strange):,} of {num_rows:,} ids are not of this bundle and were passed over "
        f"({some}{more}); {like}."
    )
