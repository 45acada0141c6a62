from __future__ import annotations

import numpy as np
import pytest

from explorer.latent.codes import LatentError
from explorer.latent.factors import as_pair, groups, is_class, thirds, top_gap, without_constant


def test_few_values_are_classes_and_many_are_cut_into_tenths() -> None:
    colours = np.array([5.0, 2.0, 5.0, 9.0])
    assert is_class(colours)
    assert groups(colours).tolist() == [1, 0, 1, 2]
    angle = np.random.default_rng(0).permutation(100) / 100
    assert not is_class(angle)
    assert groups(angle).tolist() == (angle * 10 + 1e-9).astype(int).tolist()


def test_equal_values_stay_in_one_group() -> None:
    beard = np.concatenate([np.zeros(60), np.linspace(0.4, 1, 40)])
    found = groups(beard)
    assert set(found[:60]) == {0}
    assert np.bincount(found).tolist() == [60, 10, 10, 10, 10]


def test_the_gap_is_between_the_two_best() -> None:
    scores = np.array([[0.1, 0.9], [0.7, 0.9], [0.4, 0.2]])
    np.testing.assert_allclose(top_gap(scores), [0.3, 0])
    np.testing.assert_allclose(top_gap(scores[:1]), [0.1, 0.9])


def test_thirds_share_all_rows() -> None:
    fit, judge = thirds(9, rng=np.random.default_rng(0))
    assert (len(fit), len(judge)) == (6, 3)
    assert sorted([*fit, *judge]) == list(range(9))


def test_factors_without_variety_are_left_out_or_refused() -> None:
    table = np.column_stack([np.arange(40.0), np.ones(40)])
    assert without_constant(table).tolist() == [0]
    assert without_constant(table[:0]).tolist() == []
    with pytest.raises(LatentError, match="column 1 has one value only; leave it out"):
        as_pair(np.zeros((40, 2)), table)


def test_arrays_that_do_not_fit_are_refused() -> None:
    with pytest.raises(LatentError, match="factors has 3 rows for 40 codes"):
        as_pair(np.zeros((40, 2)), np.eye(3))
    with pytest.raises(LatentError, match="codes has 20 rows; at least 30"):
        as_pair(np.eye(20), np.eye(20))
    with pytest.raises(LatentError, match="factors holds NaN"):
        as_pair(np.eye(40), np.full((40, 1), np.nan))
