from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explorer.bundle import Bundle
from explorer.ui.colours import MISSING, Colour, colour_columns, favourite_colour, make_colour


def codes(colour: Colour) -> list[int]:
    return list(base64.b64decode(colour["codes"]))


def table(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_everything_a_bundle_knows_can_colour_its_map(bundle: Bundle) -> None:
    columns = colour_columns(bundle.items, bundle.config.data.attribute_names)
    assert columns == {
        "Label": "label",
        "Smiling": "Smiling",
        "Eyeglasses": "Eyeglasses",
        "smile (factor)": "factor:smile",
        "Reconstruction error": "error",
        "Split": "split",
        "Nothing": "",
    }
    for title, column in columns.items():
        colour = make_colour(bundle.items, title, column=column)
        assert len(codes(colour)) == 300
        assert sum(colour["counts"]) + codes(colour).count(MISSING) in (
            300,
            codes(colour).count(MISSING),
        )


def test_underscores_are_spaces_and_unlabelled_data_has_no_label() -> None:
    items = table(label=[None], error=[0.1], split=["train"], Dark_Hair=[1])
    titles = list(colour_columns(items, ["Dark_Hair"]))
    assert titles == ["Dark Hair", "Reconstruction error", "Split", "Nothing"]


@pytest.mark.parametrize(
    ("titles", "favourite"),
    [
        (["Young", "Smiling", "Label"], "Label"),
        (["Young", "Smiling"], "Smiling"),
        (["Young", "Split"], "Young"),
    ],
)
def test_the_first_colouring_says_something(titles: list[str], favourite: str) -> None:
    assert favourite_colour(titles) == favourite


def test_attributes_are_yes_no_or_missing() -> None:
    items = table(Smiling=pd.array([1, 0, None, 1], dtype="Int8"))
    colour = make_colour(items, "Smiling", column="Smiling")
    assert codes(colour) == [0, 1, MISSING, 0]
    assert colour["names"] == ["yes", "no"]
    assert colour["counts"] == [2, 1]


def test_labels_that_are_numbers_are_in_their_order() -> None:
    items = table(label=["10", "9", None, "b", "a"])
    colour = make_colour(items, "Label", column="label")
    assert colour["names"] == ["9", "10", "a", "b"]
    assert codes(colour) == [1, 0, MISSING, 3, 2]


def test_the_rarest_of_many_labels_share_a_colour() -> None:
    items = table(label=[f"common{i}" for i in range(11)] * 2 + ["rare1", "rare2"])
    colour = make_colour(items, "Label", column="label")
    assert colour["names"][-1] == "2 others"
    assert codes(colour)[-2:] == [11, 11]
    assert len(set(colour["colours"])) == 12


def test_measurements_run_over_a_ramp_without_their_outliers() -> None:
    errors = np.concatenate([np.linspace(1, 2, 200), [1000.0, np.nan]])
    colour = make_colour(table(error=errors), "Reconstruction error", column="error")
    found = codes(colour)
    assert found[0] == 0
    assert found[200:] == [254, MISSING]
    assert 120 < found[100] < 135
    assert colour["ticks"][0].startswith("1.0")
    assert float(colour["ticks"][2]) < 3


def test_measurements_that_are_all_equal_do_not_divide_by_zero() -> None:
    assert codes(make_colour(table(error=[0.5] * 3), "e", column="error")) == [0, 0, 0]
