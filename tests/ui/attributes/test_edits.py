from __future__ import annotations

import math

import pytest

from explorer.ui.attributes.edits import (
    REACH,
    Edit,
    as_value,
    from_link,
    from_message,
    locks_text,
    values_text,
)

KEYS = ["Smiling", "Eyeglasses", "Male", "own:a, b: c"]


def test_a_link_brings_an_edit_back_whatever_the_names() -> None:
    edit = Edit({"own:a, b: c": 0.5, "Smiling": -1.25}, locks=("Male", "own:a, b: c"))
    back = from_link(values_text(edit), locks_text(edit))
    assert back.values == edit.values
    assert back.locks == edit.locks


def test_the_slider_touched_last_is_the_last_of_the_link() -> None:
    edit = Edit({"Smiling": 1.2, "Eyeglasses": 0.5}, last="Smiling")
    assert values_text(edit) == "Eyeglasses:0.5,Smiling:1.2"
    assert from_link(values_text(edit), "").last == "Smiling"


@pytest.mark.parametrize(
    "text", ["", ",", ":", "Smiling", "Smiling:", ":1", "Smiling:x", "Smiling:nan", "Smiling:0"]
)
def test_a_damaged_link_is_no_edit(text: str) -> None:
    assert from_link(text, "") == Edit()


def test_what_can_be_read_of_a_damaged_link_counts() -> None:
    edit = from_link("Smiling:1.2,,Male:inf,Eyeglasses:99,%zz:1", ",Male,,Male")
    assert edit.values == {"Smiling": 1.2, "Eyeglasses": REACH, "%zz": 1.0}
    assert edit.locks == ("Male",)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.234, 1.23),
        ("-0.5", -0.5),
        (7, 3.0),
        (-1e300, -3.0),
        (math.nan, 0.0),
        (math.inf, 0.0),
        (None, 0.0),
        ([1], 0.0),
    ],
)
def test_a_value_is_a_number_within_reach(value: object, expected: float) -> None:
    assert as_value(value) == expected


def test_a_message_is_read_as_far_as_the_model_knows_it() -> None:
    message = {
        "values": {"Smiling": 0.5, "Hats": 1, "Male": 0, "Eyeglasses": "no"},
        "locks": ["Male", "Hats", 3],
        "shown": ["Smiling", "Male", "Smiling"],
        "last": "Hats",
    }
    assert from_message(message, KEYS) == Edit(
        {"Smiling": 0.5}, locks=("Male",), shown=("Smiling", "Male")
    )


@pytest.mark.parametrize("message", [{}, {"values": [1], "last": ""}, {"values": {}, "last": 3}])
def test_nonsense_is_no_message(message: dict[str, object]) -> None:
    assert from_message(message, KEYS) is None


def test_what_is_moved_or_locked_is_drawn() -> None:
    edit = Edit({"Male": 1.0}, locks=("Young",)).showing(["Smiling", "Male"])
    assert edit.shown == ("Smiling", "Male", "Young")
