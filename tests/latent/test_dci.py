from __future__ import annotations

import numpy as np
import pytest

from explorer.latent.dci import completeness_of, dci, disentanglement_of
from tests.latent.factor_data import mixed_factors, noise, perfect_codes, turned_codes


def test_one_dimension_a_factor_scores_one() -> None:
    factors = mixed_factors()
    found = dci(perfect_codes(factors), factors)
    np.testing.assert_allclose(found.importance, np.eye(4), atol=0.02)
    assert found.disentanglement == pytest.approx(1, abs=0.03)
    assert found.completeness == pytest.approx(1, abs=0.03)
    assert found.informativeness > 0.98


def test_turned_codes_still_inform_but_are_not_disentangled() -> None:
    factors = mixed_factors()
    found = dci(turned_codes(factors), factors)
    assert found.disentanglement < 0.5
    assert found.completeness < 0.5
    assert found.informativeness > 0.8


def test_senseless_codes_inform_of_nothing() -> None:
    factors = mixed_factors()
    found = dci(noise(factors), factors)
    assert found.disentanglement < 0.05
    assert found.informativeness < 0.05
    assert found.importance.sum(axis=0) == pytest.approx(1)


def test_a_case_by_hand() -> None:
    importance = np.array([[0.5, 0.5], [1.0, 0.0]])
    # Rows: one shared evenly, one pure, each used as much; columns: thirds, and one pure.
    assert disentanglement_of(importance) == pytest.approx((0 + 1) / 2)
    thirds = 1 + (np.log2(1 / 3) + 2 * np.log2(2 / 3)) / 3
    assert completeness_of(importance) == pytest.approx((thirds + 1) / 2)


def test_what_is_used_more_weighs_more_and_what_is_not_used_nothing() -> None:
    assert disentanglement_of(np.array([[3.0, 0], [0.5, 0.5], [0, 0]])) == pytest.approx(0.75)
    assert completeness_of(np.array([[1.0, 0], [0, 0]])) == pytest.approx(0.5)
    assert disentanglement_of(np.zeros((2, 2))) == 0
    assert disentanglement_of(np.ones((3, 1))) == 1  # of one factor nothing can be mixed in


def test_collapsed_codes_score_nothing() -> None:
    found = dci(np.zeros((200, 3)), mixed_factors(200))
    assert (found.disentanglement, found.completeness, found.informativeness) == (0, 0, 0)


def test_a_seed_repeats_itself() -> None:
    factors = mixed_factors(300)
    first, again, other = (
        dci(turned_codes(factors), factors, seed=seed).importance for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
