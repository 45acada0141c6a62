from __future__ import annotations

import numpy as np
import pytest

from explorer.latent.sap import sap, sap_gaps
from tests.latent.factor_data import mixed_factors, noise, perfect_codes, turned_codes


def test_one_dimension_a_factor_reaches_the_most_there_is() -> None:
    factors = mixed_factors()
    # Measures 1; of a coin and of five classes a guess already has 1/2 and 1/5.
    assert sap_gaps(perfect_codes(factors), factors) == pytest.approx([1, 1, 0.5, 0.8], abs=0.04)


@pytest.mark.parametrize("codes", [turned_codes, noise])
def test_mixed_or_senseless_codes_have_little(codes: object) -> None:
    factors = mixed_factors()
    assert sap(codes(factors), factors) < 0.25  # type: ignore[operator]


def test_a_measure_by_hand() -> None:
    factor = np.arange(40.0)
    rng = np.random.default_rng(0)
    first, second = factor + rng.normal(size=40), factor + 30 * rng.normal(size=40)
    expected = np.corrcoef(first, factor)[0, 1] ** 2 - np.corrcoef(second, factor)[0, 1] ** 2
    codes = np.column_stack([second, first])
    assert sap(codes, factor[:, None]) == pytest.approx(expected, abs=1e-6)


def test_accuracy_is_balanced() -> None:
    # A dimension that is right about the many and never about the few is no better than a guess.
    coin = (np.arange(600) % 10 == 0).astype(float)
    rng = np.random.default_rng(0)
    codes = np.column_stack([coin, rng.normal(size=600)])
    assert sap(codes, coin[:, None]) == pytest.approx(0.5, abs=0.15)


def test_collapsed_codes_tell_nothing() -> None:
    assert sap(np.zeros((200, 3)), mixed_factors(200)) == 0
