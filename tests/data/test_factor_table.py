from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.data.dataset import DataError, Floats
from explorer.data.factor_table import read_factors

IDS = ["a.png", "cats/b.png"]


def factors(tmp_path: Path, text: str) -> tuple[tuple[str, ...], Floats]:
    path = tmp_path / "factors.csv"
    path.write_text(text, encoding="utf-8")
    return read_factors(path, IDS)


def test_numbers_in_the_order_of_the_pictures(tmp_path: Path) -> None:
    names, values = factors(tmp_path, "file,angle,size\nb,-1.5,3\na.png,0.25,1e1\n")
    assert names == ("angle", "size")
    assert values.dtype == np.float32
    assert values.tolist() == [[0.25, 10], [-1.5, 3]]


def test_words_are_numbered_in_their_order(tmp_path: Path) -> None:
    _, values = factors(tmp_path, "file;shape\na.png;square\n./cats\\b.png;heart\n")
    assert values.tolist() == [[1], [0]]


def test_rows_of_other_pictures_are_left_out(tmp_path: Path) -> None:
    _, values = factors(tmp_path, "file,x\nz.png,9\na.png,1\ny.png,8\nb.png,2\n")
    assert values.tolist() == [[1], [2]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file,x\na.png,1\nb.png,o\n", r"row 3 \(b.png\), column x is 'o'; it must be a number"),
        ("file,x\na.png,1\nb.png,\n", r"row 3 \(b.png\), column x is ''; it must be a number"),
        ("file,x\na.png,nan\nb.png,1\n", r"row 2 \(a.png\), column x is 'nan'"),
        ("file,x\na.png,left\nb.png,\n", r"column x is 'left'; it must be a number"),
        ("file,x\na.png,1\n", r"no row for 1 of 2 pictures, the first is cats/b.png"),
        ("file\na.png\n", "at least one factor"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        factors(tmp_path, text)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"The factor file .*none\.csv cannot be read"):
        read_factors(tmp_path / "none.csv", IDS)
