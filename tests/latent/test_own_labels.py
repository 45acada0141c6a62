from __future__ import annotations

import pytest

from explorer.latent.codes import LatentError
from explorer.latent.own_labels import MAX_BYTES, read_labels

IDS = [f"{number:06d}.jpg" for number in range(1, 6)]


def test_one_column_of_values() -> None:
    found = read_labels(b"id,value\n000002.jpg,1\n000001.jpg,0\n000004.jpg,\n", IDS)
    assert {name: has.tolist() for name, has in found.columns.items()} == {
        "value": [0, 1, -1, -1, -1]
    }
    assert found.columns["value"].dtype == "int8"
    assert found.note == ""


def test_several_columns_in_any_order_and_words() -> None:
    table = "Beard, ID ,Hat\r\nyes,000001.jpg,TRUE\r\nNo,000002.jpg,false\r\n,000003.jpg, 1 \r\n"
    found = read_labels(table.encode("utf-8-sig"), IDS)
    assert {name: has.tolist() for name, has in found.columns.items()} == {
        "Beard": [1, 0, -1, -1, -1],
        "Hat": [1, 0, 1, -1, -1],
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_and_quotes(delimiter: str) -> None:
    table = f'id{delimiter}"Big, red; hat"\n"000005.jpg"{delimiter}1\n\n'
    found = read_labels(table.encode(), IDS)
    assert found.columns["Big, red; hat"].tolist() == [-1, -1, -1, -1, 1]


def test_ids_of_other_pictures_are_passed_over_with_a_note() -> None:
    table = "id,value\n000001.jpg,1\nx1,0\nx2,0\nx3,0\nx4,what is this\n"
    found = read_labels(table.encode(), IDS)
    assert found.columns["value"].tolist() == [1, -1, -1, -1, -1]
    assert found.note == (
        "4 of 5 ids are not of this bundle and were passed over ('x1', 'x2', 'x3', …); "
        "its ids look like '000001.jpg'."
    )


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            b"id,value\n1,1\n2,0\n",
            r"None of the 2 ids is of this bundle \('1', '2'\); its ids loo",
        ),
        (b"name,value\n000001.jpg,1\n", "The first line names 'name', 'value'; one column must"),
        (b"", "The first line names no columns; one column must be called id"),
        (b"id,id\n", "one column must be called id"),
        (b"id\n000001.jpg\n", "There is only the column id; add one with 1 and 0"),
        (b"id,a,a\n", "Columns need names of their own; 'a' is not one"),
        (b"id,,b\n", "Columns need names of their own; '' is not one"),
        (b"id,value\n", "The table has no lines below the first"),
        (b"id,value\n000001.jpg,1\n000002.jpg\n", "Line 3 has 1 cells; the first has 2"),
        (b"id,value\n000001.jpg,-1\n", "Line 2 holds '-1'; write 1 or 0"),
        (b"id,value\n\n000001.jpg,maybe\n", "Line 3 holds 'maybe'; write 1 or 0"),
        (b"id,value\n000001.jpg,1\n000001.jpg,0\n", "Line 3: id '000001.jpg' stands there twice"),
        ("id,value\n000001.jpg,ä".encode("latin-1"), "not UTF-8 text; save it as CSV"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not UTF-8 text"),
        (b'id,value\n"000001.jpg,1\n', "cannot be read as CSV"),
        (b"id,value\n000001.jpg," + b"1" * 200_000, "cannot be read as CSV .*larger than field"),
        (b"x" * (MAX_BYTES + 1), "The table has 20 MB; at most 20 can be read"),
    ],
)
def test_tables_that_cannot_be_read(table: bytes, message: str) -> None:
    with pytest.raises(LatentError, match=message):
        read_labels(table, IDS)
