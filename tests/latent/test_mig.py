from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import mutual_info_score

from explorer.latent.mig import information, mig, mig_gaps
from tests.latent.factor_data import mixed_factors, noise, perfect_codes, turned_codes


def test_one_dimension_a_factor_has_the_whole_gap() -> None:
    gaps = mig_gaps(perfect_codes(mixed_factors()), mixed_factors())
    assert gaps[2:] == pytest.approx([1, 1], abs=0.02)  # classes
    # The edges of 20 equal bins and of tenths are not quite the same places.
    assert gaps[:2] == pytest.approx([0.95, 0.95], abs=0.05)


@pytest.mark.parametrize("codes", [turned_codes, noise])
def test_mixed_or_senseless_codes_have_little(codes: object) -> None:
    factors = mixed_factors()
    assert mig(codes(factors), factors) < 0.2  # type: ignore[operator]


def test_a_case_by_hand() -> None:
    # The first dimension is right about the coin three times in four, the second knows nothing.
    coin = np.repeat([0.0, 0.0, 1.0, 1.0], 20)
    codes = np.column_stack([np.where(np.arange(80) % 4 == 0, 1 - coin, coin), np.arange(80) % 2])
    entropy = -(0.25 * np.log2(0.25) + 0.75 * np.log2(0.75))
    assert mig(codes, coin[:, None]) == pytest.approx(1 - entropy)
    # A second dimension that says the same leaves no gap, and one alone is its own gap.
    assert mig(codes[:, [0, 0]], coin[:, None]) == 0
    assert mig(codes[:, :1], coin[:, None]) == pytest.approx(1 - entropy)


def test_information_agrees_with_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    first = rng.integers(0, 7, 500)
    second = (first + rng.integers(0, 3, 500)) % 5
    assert information(first, second) == pytest.approx(mutual_info_score(first, second))


def test_collapsed_codes_tell_nothing() -> None:
    factors = mixed_factors(200)
    assert mig(np.zeros((200, 3)), factors) == 0
