from __future__ import annotations

import numpy as np
import pytest

from explorer.bundle import Bundle
from explorer.ui.traverse_moves import moved, moves_text, parse_moves, read_moves
from explorer.ui.traverse_rows import COMPONENTS, DIMENSIONS, Rows, make_rows


@pytest.fixture(scope="module")
def rows(bundle: Bundle) -> Rows:
    return make_rows(bundle, DIMENSIONS)


def test_moves_survive_a_link(rows: Rows) -> None:
    moves = {3: 1.25, 0: -0.5}
    assert parse_moves(moves_text(moves), rows) == moves


@pytest.mark.parametrize(
    "text", ["", "nonsense", "3", "3:", "3:nan", "3:1e9", "99:1", "-1:1", "a:b"]
)
def test_what_names_no_move_is_left_out(rows: Rows, text: str) -> None:
    assert parse_moves(f"{text},2:1.5", rows) == {2: 1.5}


@pytest.mark.parametrize(
    "message", [None, "x", 3, {}, [1, 2], [[1]], [["a", 1]], [[True, 1]], [[1, float("inf")]]]
)
def test_a_browser_may_say_anything(rows: Rows, message: object) -> None:
    assert read_moves(message, rows) == {}


def test_a_message_is_read(rows: Rows) -> None:
    assert read_moves([[2, 0.12345], [5, -1]], rows) == {2: 0.123, 5: -1.0}


def test_a_dimension_is_set_and_the_others_stay(rows: Rows) -> None:
    code = np.arange(8, dtype=np.float32)
    found = moved(code, {3: -2.0, 6: 0.5}, rows)
    np.testing.assert_allclose(found, [0, 1, 2, -2, 4, 5, 0.5, 7])


def test_components_are_set_one_by_one(bundle: Bundle) -> None:
    rows = make_rows(bundle, COMPONENTS)
    code = np.asarray(bundle.latents.mu[0], np.float32)
    before = rows.axes.coordinates(code[None])[0]
    after = rows.axes.coordinates(moved(code, {2: 1.5, 7: -1.0}, rows)[None])[0]
    expected = before.copy()
    expected[[1, 6]] = [1.5, -1.0]  # components are counted from 1
    np.testing.assert_allclose(after, expected, atol=1e-4)
