from __future__ import annotations

import numpy as np
import pytest

from explorer.data.toy_factors import (
    COLUMN,
    FACTORS,
    HAIR_COLOURS,
    NAMES,
    attributes_of,
    check_factors,
    draw_factors,
)


def test_a_picture_depends_only_on_seed_and_index() -> None:
    together = draw_factors(np.arange(1000), seed=3)
    alone = draw_factors(np.array([617]), seed=3)
    assert np.array_equal(alone[0], together[617])
    assert not np.array_equal(draw_factors(np.array([617]), seed=4)[0], together[617])


def test_the_first_face_never_changes() -> None:
    first = dict(zip(NAMES, draw_factors(np.array([0]), seed=0)[0], strict=True))
    assert first["hair_colour"] == HAIR_COLOURS.index("ginger")
    assert first["glasses"] == 1
    assert first["beard"] == 0


def test_factors_fill_their_ranges_independently() -> None:
    factors = draw_factors(np.arange(4000), seed=0)
    for column, factor in enumerate(FACTORS):
        values = factors[:, column]
        span = factor.high - factor.low
        assert factor.low <= values.min() < factor.low + 0.02 * span
        assert factor.high - 0.02 * span < values.max() <= factor.high
    correlation = np.corrcoef(factors.T) - np.eye(len(FACTORS))
    assert np.abs(correlation).max() < 0.06


def test_absent_values_are_as_frequent_as_said() -> None:
    factors = draw_factors(np.arange(4000), seed=1)
    for factor in FACTORS:
        if factor.absent:
            values = factors[:, COLUMN[factor.name]]
            assert (values == factor.low).mean() == pytest.approx(factor.absent, abs=0.03)
            assert values[values > factor.low].min() >= factor.start


def test_attributes_follow_from_factors() -> None:
    factors = np.zeros((2, len(FACTORS)), np.float32)
    factors[1, COLUMN["smile"]] = 0.9
    factors[1, COLUMN["glasses"]] = 1
    factors[1, COLUMN["hair_colour"]] = HAIR_COLOURS.index("blond")
    factors[1, COLUMN["hair_length"]] = 0.8
    attributes = attributes_of(factors)
    for name in ("Smiling", "Eyeglasses", "Blond_Hair", "Long_Hair"):
        assert attributes[name].tolist() == [0, 1]
    assert attributes["Dark_Hair"].tolist() == [1, 0]
    assert attributes["Beard"].tolist() == [0, 0]


def test_every_attribute_has_enough_examples_of_both_sides() -> None:
    for has in attributes_of(draw_factors(np.arange(2000), seed=0)).values():
        assert 0.1 < has.mean() < 0.9


def test_factors_out_of_range_are_named() -> None:
    factors = draw_factors(np.arange(2), seed=0)
    factors[1, COLUMN["tilt"]] = 7
    with pytest.raises(ValueError, match="tilt is 7; it must be from -1 to 1"):
        check_factors(factors)
    with pytest.raises(ValueError, match=r"shape \(2, 3\); it must be \(N, 13\)"):
        check_factors(factors[:, :3])
