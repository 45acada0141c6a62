from __future__ import annotations

import numpy as np
import pytest

from explorer.lab.errors import LabError
from explorer.lab.grids import MAX_SIDE, pattern, read_grid, write_grid


@pytest.mark.parametrize(
    "text", ["1 2 3\n4 5 6", "1, 2, 3\n4,5,6\n", " 1  2 3 \n\n4;5;6", "1\t2\t3\n4\t5\t6"]
)
def test_a_grid_is_read_however_it_is_written(text: str) -> None:
    np.testing.assert_array_equal(read_grid(text, name="x"), [[1, 2, 3], [4, 5, 6]])


def test_fractions_and_signs_are_numbers() -> None:
    np.testing.assert_array_equal(read_grid("-.5 1e2", name="x"), [[-0.5, 100]])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The input is empty; write its rows as lines"),
        (" \n\n", "The input is empty"),
        ("1,,3", "The input: row 1, column 2 is empty; write a number there"),
        ("1\t\t3", "row 1, column 2 is empty"),
        ("1 2\n1,\t", "row 2, column 2 is empty"),
        ("1 two", "row 1, column 2 is 'two', which is not a number"),
        ("1 2\n3 nan", "row 2, column 2 is nan; write a number from"),
        ("inf", "row 1, column 1 is inf"),
        ("1e7", "write a number from -1,000,000 to 1,000,000"),
        ("1 2\n3", "row 2 has 1 numbers, row 1 has 2; give every row as many"),
        ("1 " * 65, f"1 × 65 cells; at most {MAX_SIDE} × {MAX_SIDE}"),
    ],
)
def test_what_is_no_grid_is_told_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(LabError) as caught:
        read_grid(text, name="The input")
    assert said in str(caught.value)


def test_a_grid_is_written_as_it_is_read() -> None:
    grid = np.array([[1.5, -2.0], [0.0, 40.0]])
    np.testing.assert_array_equal(read_grid(write_grid(grid), name="x"), grid)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Counting", [[1, 2, 3], [4, 5, 6]]),
        ("Ones", [[1, 1, 1], [1, 1, 1]]),
        ("One point", [[0, 0, 0], [0, 1, 0]]),
        ("Tent", [[1, 2, 1], [1, 2, 1]]),
        ("Edge", [[1, 0, -1], [1, 0, -1]]),
    ],
)
def test_patterns(name: str, wanted: list[list[float]]) -> None:
    np.testing.assert_array_equal(pattern(name, 2, 3), wanted)


def test_random_numbers_are_the_same_each_time_and_have_one_digit() -> None:
    grid = pattern("Random", 8, 8)
    np.testing.assert_array_equal(grid, pattern("Random", 8, 8))
    assert np.abs(grid).max() <= 9
    assert len(np.unique(grid)) > 10


@pytest.mark.parametrize(("rows", "columns"), [(0, 3), (3, 65), (100_000, 100_000)])
def test_a_pattern_of_no_or_too_many_cells_is_refused(rows: int, columns: int) -> None:
    with pytest.raises(LabError, match="cells; at"):
        pattern("Ones", rows, columns)
