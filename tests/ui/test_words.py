from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from explorer.latent import OffData
from explorer.ui import words


def test_the_distance_of_the_first_is_put_into_words() -> None:
    off = OffData(np.array([9.0]), np.array([12.0]), np.array([1.0]))
    place = words.describe(off, noun="digit")
    assert place.level == "far"
    assert "digit" in place.text
    assert "12 times" in place.text


@pytest.mark.parametrize("level", ["among", "edge", "far"])
def test_each_level_has_a_caption(level: str) -> None:
    assert words.caption(level, noun="face") in (
        "between the faces",
        "edge of the data",
        "far from every face",
    )


def test_a_phrase_becomes_a_sentence() -> None:
    assert words.sentence("among the data") == "Among the data."


def test_an_error_is_ranked_among_all() -> None:
    errors = np.array([0.1, 0.2, 0.3, 0.4])
    assert words.describe_error(0.2, errors=errors) == "0.2000 (lower than 50 %)"


def test_attributes_are_those_a_picture_has() -> None:
    row = pd.Series({"id": "a", "Smiling": 1, "Dark_Hair": 1, "Beard": 0, "Hat": None})
    assert words.attributes_of(row, ["Smiling", "Dark_Hair", "Beard", "Hat"]) == (
        "Smiling",
        "Dark Hair",
    )


def test_shared_attributes_are_those_most_have() -> None:
    rows = pd.DataFrame({"Smiling": [1, 1, 1, 0], "Beard": [1, 1, 0, None]})
    assert words.shared_attributes(rows, ["Smiling", "Beard"]) == ("Smiling 3 of 4",)


def test_the_shared_label_is_the_most_frequent() -> None:
    assert words.shared_label(pd.DataFrame({"label": ["7", "1", "7", None]})) == "7 (2 of 4)"
    assert words.shared_label(pd.DataFrame({"label": [None, None]})) is None


def test_markdown_in_names_is_shown_as_it_is() -> None:
    assert words.plain("a_b*c $x$ [y](z) :red[w]") == (r"a\_b\*c \$x\$ \[y\](z) \:red\[w\]")
