from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from explorer.training.feed import Feed, feed_of, flipped, shuffled
from tests.training.runs import make_dataset

ROWS = torch.arange(100)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_a_batch_is_float_from_0_to_1_and_channels_first() -> None:
    images = torch.zeros(3, 2, 4, 3, dtype=torch.uint8)
    images[1, 0, 3, 2] = 255
    images[1, 1, 0, 0] = 51
    batch = Feed(images).batch(torch.tensor([1, 0]))
    assert batch.dtype == torch.float32
    assert batch.shape == (2, 3, 2, 4)
    assert batch.is_contiguous(memory_format=torch.channels_last)
    assert batch[0, 2, 0, 3] == 1
    assert batch[0, 0, 1, 0] == torch.tensor(0.2)
    assert batch.sum() == torch.tensor(1.2)


def test_every_grey_level_is_exactly_its_255th() -> None:
    levels = torch.arange(256, dtype=torch.uint8).view(1, 16, 16, 1)
    batch = Feed(levels).batch(torch.tensor([0]))
    assert torch.equal(batch.flatten(), torch.arange(256) / 255)


def test_a_feed_is_a_copy_also_of_a_read_only_memory_map(tmp_path: Path) -> None:
    dataset = make_dataset(20)
    np.save(tmp_path / "images.npy", dataset.images)
    mapped = np.load(tmp_path / "images.npy", mmap_mode="r")
    object.__setattr__(dataset, "images", mapped)
    feed = feed_of(dataset, torch.device("cpu"))
    feed.images.zero_()
    assert mapped.any()


def test_shuffled_takes_each_picture_once_in_full_batches() -> None:
    batches = shuffled(ROWS, 25, seeded())
    assert [len(batch) for batch in batches] == [25] * 4
    together = torch.cat(batches)
    assert sorted(together.tolist()) == ROWS.tolist()
    assert together.tolist() != ROWS.tolist()


def test_a_rest_is_left_out_another_one_each_time() -> None:
    left_out = set()
    for seed in range(3):
        batches = shuffled(ROWS, 30, seeded(seed))
        assert [len(batch) for batch in batches] == [30] * 3
        missing = set(ROWS.tolist()) - set(torch.cat(batches).tolist())
        assert len(missing) == 10
        left_out.add(tuple(sorted(missing)))
    assert len(left_out) == 3


def test_fewer_pictures_than_a_batch_make_a_smaller_one() -> None:
    (batch,) = shuffled(ROWS[:5], 16, seeded())
    assert sorted(batch.tolist()) == [0, 1, 2, 3, 4]


def test_a_generator_decides_the_order() -> None:
    orders = [torch.cat(shuffled(ROWS, 10, seeded(seed))).tolist() for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]


def test_about_half_of_the_pictures_are_mirrored_left_to_right() -> None:
    x = torch.rand(1000, 1, 2, 3, generator=seeded())
    out = flipped(x, seeded())
    is_same = (out == x).flatten(1).all(1)
    is_mirrored = (out == x.flip(3)).flatten(1).all(1)
    assert (is_same ^ is_mirrored).all()
    assert 430 < int(is_mirrored.sum()) < 570  # 4 standard deviations
    assert torch.equal(flipped(x, seeded()), out)
