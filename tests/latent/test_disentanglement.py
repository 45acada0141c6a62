from __future__ import annotations

import time

import numpy as np
import pytest

from explorer.latent.codes import LatentError
from explorer.latent.disentanglement import SCORES, disentanglement
from tests.latent.factor_data import mixed_factors, perfect_codes, turned_codes


def test_perfect_codes_beat_turned_ones_in_every_score_beyond_the_spread() -> None:
    factors = mixed_factors(1500)
    perfect = disentanglement(perfect_codes(factors), factors)
    turned = disentanglement(turned_codes(factors), factors)
    assert tuple(score.name for score in perfect) == SCORES
    for best, other in zip(perfect, turned, strict=True):
        assert best.seeds == (0, 1, 2)
        assert best.value - other.value > 3 * (best.std + other.std)
        assert 0 <= other.value <= best.value <= 1
    assert perfect[0].title == "MIG"


def test_the_spread_is_over_seeds() -> None:
    factors = mixed_factors(400)
    codes = turned_codes(factors)
    both = disentanglement(codes, factors, seeds=(4, 9))
    singles = [disentanglement(codes, factors, seeds=(seed,)) for seed in (4, 9)]
    for score, *own in zip(both, *singles, strict=True):
        values = [single.value for single in own]
        assert score.value == pytest.approx(np.mean(values))
        assert score.std == pytest.approx(np.std(values, ddof=1))
        assert np.isnan(own[0].std)
    assert any(score.std > 0 for score in both)


def test_a_thousand_codes_take_seconds() -> None:
    factors = mixed_factors(1250)
    codes = np.hstack([turned_codes(factors), np.random.default_rng(0).normal(size=(1250, 28))])
    start = time.process_time()
    disentanglement(codes, factors, seeds=(0,))
    assert time.process_time() - start < 5  # 0.6 s on one quiet core


def test_progress_is_told_after_each_seed() -> None:
    factors = mixed_factors(100)
    told: list[float] = []
    disentanglement(turned_codes(factors), factors, seeds=(0, 1), progress=told.append)
    assert told == [0.5, 1]


def test_seeds_are_needed() -> None:
    with pytest.raises(LatentError, match="seeds is empty; give at least one"):
        disentanglement(np.eye(40), np.eye(40)[:, :1], seeds=())
