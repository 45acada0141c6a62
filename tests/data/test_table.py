from __future__ import annotations

from pathlib import Path

import pytest

from explorer.data.dataset import DataError
from explorer.data.table import AttributeTable, align, read_table

IDS = ["cats/1.png", "cats/2.png", "dogs/1.png"]


def table(tmp_path: Path, text: str) -> AttributeTable:
    path = tmp_path / "attributes.csv"
    path.write_text(text, encoding="utf-8")
    return read_table(path)


def test_values_and_missing_cells(tmp_path: Path) -> None:
    read = table(tmp_path, "file,Red, Round\na.png,1,0\nb.png,,-1\nc.png,1.0,nan\n")
    assert read.names == ("Red", "Round")
    assert read.rows == {"a.png": (1, 0), "b.png": (-1, -1), "c.png": (1, -1)}


def test_without_zeros_minus_one_means_has_not_as_in_celeba(tmp_path: Path) -> None:
    read = table(tmp_path, "file,Red\na.png,1\nb.png,-1\nc.png,\n")
    assert read.rows == {"a.png": (1,), "b.png": (0,), "c.png": (-1,)}


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_separators_quotes_and_a_byte_order_mark(tmp_path: Path, mark: str) -> None:
    read = table(tmp_path, f'\ufefffile{mark}Red\r\n"a.png"{mark}1\r\n\r\n')
    assert read.rows == {"a.png": (1,)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file,Red\na.png,1\nb.png,yes\n", r"row 3 \(b.png\), column Red is 'yes'; it must be 1"),
        ("file,Red\na.png,0.5\n", r"row 2 \(a.png\), column Red is 0.5; it must be 1, 0 or empty"),
        ("file,Red\na.png,1,1\n", "row 2 has 3 cells but the first line has 2 columns"),
        ("file,Red\na.png,1\na.png,0\n", "row 3 names 'a.png', which has a row already"),
        ("file,Red,Red\na.png,1,1\n", "two columns named 'Red'"),
        ("file,,Red\na.png,1,1\n", "column 2 has no name"),
        ("file\na.png\n", "needs a first line with a column of file names"),
        ("", "needs a first line"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        table(tmp_path, text)


def test_unreadable_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.csv cannot be read: No such file"):
        read_table(tmp_path / "none.csv")
    (tmp_path / "a.csv").write_bytes(b"file,Red\n\xff\xfe,1")
    with pytest.raises(DataError, match="not a text file in UTF-8"):
        read_table(tmp_path / "a.csv")


def test_rows_find_their_pictures_by_path_name_or_stem(tmp_path: Path) -> None:
    read = table(tmp_path, "file,Red\n./cats/1.png,1\n2.png,0\ndogs\\1.png,0\n")
    assert align(read, IDS).values.tolist() == [[1], [0], [0]]
    by_stem = table(tmp_path, "file,Red\n2,1\ncats/1.png,0\n")
    assert align(by_stem, IDS).values.tolist() == [[0], [1], [-1]]


def test_unknown_and_missing_are_reported(tmp_path: Path) -> None:
    read = table(tmp_path, "file,Red\n2.png,1\n7.png,0\n8.png,0\n")
    aligned = align(read, IDS)
    assert aligned.values.tolist() == [[-1], [1], [-1]]
    assert aligned.notes == (
        "attributes.csv names 2 files that are not there: 7.png, 8.png.",
        "attributes.csv has no row for 2 pictures: attributes missing.",
    )


def test_a_name_that_could_mean_two_pictures_means_none(tmp_path: Path) -> None:
    read = table(tmp_path, "file,Red\n1.png,1\n2.png,1\n")
    aligned = align(read, IDS)
    assert aligned.values.tolist() == [[-1], [1], [-1]]
    assert "not there: 1.png" in aligned.notes[0]


def test_a_table_of_other_pictures_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"names none of the 3 pictures.*such as cats/1\.png"):
        align(table(tmp_path, "file,Red\nx.png,1\n"), IDS)
