from __future__ import annotations

import numpy as np
import pytest

from explorer.latent import LatentError
from explorer.latent.pareto import pareto_front


def test_the_front_of_a_staircase() -> None:
    costs = [[1, 5], [2, 3], [4, 1], [3, 3], [5, 5]]
    assert pareto_front(costs).tolist() == [True, True, True, False, False]


def test_a_row_as_good_in_one_and_worse_in_the_other_is_dominated() -> None:
    assert pareto_front([[1, 2], [1, 3]]).tolist() == [True, False]


def test_equal_rows_are_both_on_the_front() -> None:
    assert pareto_front([[1, 1], [1, 1], [0, 2]]).tolist() == [True, True, True]


def test_one_row_is_the_front_and_none_is_none() -> None:
    assert pareto_front([[7.0, 7.0]]).tolist() == [True]
    assert pareto_front(np.zeros((0, 2))).tolist() == []


@pytest.mark.parametrize(
    ("costs", "message"),
    [([1, 2], r"shape \(2,\)"), ([[1, np.nan]], "leave those rows out")],
)
def test_what_cannot_be_compared_is_refused(costs: list[float], message: str) -> None:
    with pytest.raises(LatentError, match=message):
        pareto_front(costs)
