from __future__ import annotations

import numpy as np
import pytest

from explorer.latent.codes import LatentError
from explorer.latent.groups import attribute_columns, column, label_columns, require_examples


def test_each_attribute_is_a_column() -> None:
    table = np.array([[1, 0], [0, -1], [1, 1]])
    found = {name: values.tolist() for name, values in attribute_columns(table, ("a", "b"))}
    assert found == {"a": [1, 0, 1], "b": [0, -1, 1]}
    with pytest.raises(LatentError, match=r"attributes has shape \(3, 2\) for 1 names"):
        attribute_columns(table, ("a",))


def test_each_class_is_a_column_against_the_rest() -> None:
    labels = np.array([0, 1, -1, 2])
    found = {name: values.tolist() for name, values in label_columns(labels, ("a", "b", "c"))}
    assert found == {"a": [1, 0, -1, 0], "b": [0, 1, -1, 0], "c": [0, 0, -1, 1]}
    with pytest.raises(LatentError, match="labels has class 2, but only 2 have names"):
        label_columns(labels, ("a", "b"))


def test_a_column_has_a_number_per_code() -> None:
    assert column([1, 0], 2, name="has").tolist() == [1, 0]
    with pytest.raises(LatentError, match=r"has has shape \(2,\); one per code, \(3,\)"):
        column([1, 0], 3, name="has")


def test_twenty_are_enough() -> None:
    require_examples("Hat", np.ones(20, bool), side="with", purpose="direction")
    with pytest.raises(LatentError, match="Hat: 19 training pictures with it; at least 20 are"):
        require_examples("Hat", np.ones(19, bool), side="with", purpose="direction")
