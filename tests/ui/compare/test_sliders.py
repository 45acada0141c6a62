from __future__ import annotations

import numpy as np

from explorer.ui.compare.sliders import MOST_USED, common_sliders, move_of
from explorer.ui.resources import Opened
from explorer.ui.traverse_page import rows_of
from explorer.ui.traverse_rows import DIMENSIONS


def test_what_most_models_know_best_comes_first(models: dict[str, Opened]) -> None:
    titles = common_sliders([models["digits"], models["one"], models["two"]])
    assert set(titles) == {"Smiling", "Eyeglasses"}  # the digits' bundle has no directions

    def worst(name: str) -> float:
        found = (models[each].bundle.direction(name).scores["auc"] for each in ("one", "two"))
        return min(found)

    assert list(titles) == sorted(titles, key=worst, reverse=True)
    assert titles["Smiling"] == "Smiling"


def test_each_model_moves_along_its_own_direction(models: dict[str, Opened]) -> None:
    for name in ("one", "two"):
        move = move_of(models[name], "Smiling")
        expected = models[name].bundle.direction("Smiling").vector
        np.testing.assert_array_equal(move.vector, expected)
        assert move.note.startswith("AUC 0.")


def test_a_model_without_the_direction_says_so(models: dict[str, Opened]) -> None:
    move = move_of(models["digits"], "Smiling")
    assert (move.vector, move.note) == (None, "knows no direction of this name")


def test_where_nothing_has_a_name_the_most_used_dimension_is_moved(
    models: dict[str, Opened],
) -> None:
    assert common_sliders([models["digits"]]) == {MOST_USED: "the most used dimension"}
    move = move_of(models["digits"], MOST_USED)
    rows = rows_of(models["digits"], DIMENSIONS)
    assert move.vector is not None
    assert np.flatnonzero(move.vector).tolist() == [rows.numbers[0]]
    assert np.abs(move.vector).max() == np.float32(rows.axes.std[0])
