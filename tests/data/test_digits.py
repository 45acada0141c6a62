from __future__ import annotations

import numpy as np

from explorer.data import digits
from explorer.data.dataset import TEST, TRAIN, VALID, DataSpec
from explorer.data.loading import load
from explorer.data.sources import resolve


def test_all_digits_with_labels_and_smooth_strokes() -> None:
    dataset = load(DataSpec("digits"), progress=False)
    assert dataset.images.shape == (1797, 32, 32, 1)
    assert dataset.label_names == tuple("0123456789")
    assert np.bincount(dataset.labels).min() > 170
    assert set(dataset.split) == {TRAIN, VALID, TEST}
    assert len(np.unique(dataset.images)) > 200  # 17 greys in the original
    edge = dataset.images[:, [0, -1]]
    assert edge.max() < 40


def test_an_original_is_the_picture_of_the_data_set() -> None:
    dataset = load(DataSpec("digits", image_size=28), progress=False)
    spec = resolve(DataSpec("digits", image_size=28))
    assert np.array_equal(digits.original(spec, str(dataset.ids[1234])), dataset.images[1234])
    assert digits.original(spec, "digit-01797") is None
    assert digits.original(spec, "other") is None
