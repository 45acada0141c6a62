from __future__ import annotations

import numpy as np

from explorer.data.arrays import ArrayDraw, Part, parts_listing, picture, row_of, whole
from explorer.data.dataset import TEST, TRAIN, DataSpec
from explorer.data.sources import resolve

SPEC = resolve(DataSpec("mnist"))


def part(name: str, split: int, count: int) -> Part:
    pixels = np.full((count, 28, 28), split + 5, np.uint8)
    return Part(name, split, pixels, np.arange(count))


def test_parts_follow_each_other() -> None:
    listing = parts_listing(
        [part("train", TRAIN, 3), part("test", TEST, 2)], SPEC, label_names=tuple("abc")
    )
    assert listing.ids == ["train-00000", "train-00001", "train-00002", "test-00000", "test-00001"]
    assert listing.split.tolist() == [TRAIN] * 3 + [TEST] * 2
    assert listing.labels.tolist() == [0, 1, 2, 0, 1]
    assert listing.labels.dtype == np.int16


def test_limit_takes_the_first() -> None:
    spec = resolve(DataSpec("mnist", limit=4))
    parts = [part("train", TRAIN, 3), part("test", TEST, 2)]
    listing = parts_listing(parts, spec, label_names=())
    assert len(listing) == len(listing.split) == len(listing.labels) == 4


def test_draw_fits_size_and_channels() -> None:
    spec = resolve(DataSpec("mnist", image_size=32, channels=3))
    draw = ArrayDraw(np.full((4, 28, 28), 9, np.uint8), whole(spec))
    out = np.zeros((2, 32, 32, 3), np.uint8)
    assert draw(np.array([0, 3]), out) == []
    assert (out == 9).all()


def test_rows_are_read_from_ids() -> None:
    assert row_of("train-00012", part="train") == 12
    for item_id in ("test-00012", "train-", "train--2", "train-1x", "train", "train-" + "9" * 20):
        assert row_of(item_id, part="train") is None


def test_no_picture_beyond_the_end() -> None:
    pixels = np.zeros((2, 28, 28), np.uint8)
    assert picture(pixels, 1, SPEC).shape == (28, 28, 1)
    assert picture(pixels, 2, SPEC) is None
