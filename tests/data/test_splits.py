from __future__ import annotations

import numpy as np
import pytest

from explorer.data.dataset import TEST, TRAIN, UNKNOWN_SPLIT, VALID
from explorer.data.splits import complete

IDS = [f"{number}.png" for number in range(10_000)]


def unknown(count: int) -> np.ndarray:
    return np.full(count, UNKNOWN_SPLIT, np.uint8)


def test_unknown_becomes_90_5_5() -> None:
    share = np.bincount(complete(unknown(10_000), ids=IDS, seed=0)) / 10_000
    assert share == pytest.approx([0.9, 0.05, 0.05], abs=0.006)


def test_seed_decides_and_a_picture_keeps_its_place() -> None:
    first = complete(unknown(10_000), ids=IDS, seed=0)
    assert np.array_equal(complete(unknown(10_000), ids=IDS, seed=0), first)
    assert not np.array_equal(complete(unknown(10_000), ids=IDS, seed=1), first)
    assert np.array_equal(complete(unknown(5_000), ids=IDS[:5_000], seed=0), first[:5_000])


@pytest.mark.parametrize("count", [3, 16, 50])
def test_even_few_pictures_fill_every_part(count: int) -> None:
    split = complete(unknown(count), ids=IDS[:count], seed=0)
    assert set(split) == {TRAIN, VALID, TEST}
    assert (split == TRAIN).sum() >= count - 10


def test_a_given_test_part_is_kept() -> None:
    given = np.repeat(np.array([TRAIN, TEST], np.uint8), [9_000, 1_000])
    split = complete(given, ids=IDS, seed=0)
    assert (split[9_000:] == TEST).all()
    assert (split[:9_000] != TEST).all()
    assert (split == VALID).sum() == pytest.approx(450, abs=60)


def test_a_complete_split_is_not_touched() -> None:
    given = np.array([TRAIN, VALID, TEST, TRAIN], np.uint8)
    assert np.array_equal(complete(given, ids=IDS[:4], seed=0), given)


def test_without_training_pictures_everything_is_split_anew() -> None:
    split = complete(np.full(1000, TEST, np.uint8), ids=IDS[:1000], seed=0)
    assert (split == TRAIN).mean() > 0.85


def test_one_picture_is_for_training() -> None:
    assert complete(unknown(1), ids=IDS[:1], seed=0).tolist() == [TRAIN]
