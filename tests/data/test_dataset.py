from __future__ import annotations

import numpy as np
import pytest

from explorer.data.dataset import TEST, TRAIN, VALID, DataError, Dataset, DataSpec, known


def test_a_data_set_tells_its_shape_and_parts() -> None:
    dataset = Dataset(
        images=np.zeros((4, 28, 28, 1), np.uint8),
        ids=np.array(list("abcd")),
        split=np.array([TRAIN, TEST, TRAIN, VALID], np.uint8),
        attribute_names=(),
        attributes=np.zeros((4, 0), np.int8),
        label_names=(),
        labels=np.full(4, -1, np.int16),
        factor_names=(),
        factors=np.zeros((4, 0), np.float32),
        spec=DataSpec("mnist"),
        skipped=(),
        license="none",
    )
    assert (len(dataset), dataset.image_size, dataset.channels) == (4, 28, 1)
    assert dataset.where(TRAIN).tolist() == [0, 2]
    assert dataset.where(VALID).tolist() == [3]
    assert dataset.notes == ()


def test_specifications_compare_by_value() -> None:
    assert DataSpec("mnist", limit=5) == DataSpec("mnist", limit=5)
    assert DataSpec("mnist", limit=5) != DataSpec("mnist", limit=6)


def test_a_data_error_is_a_value_error() -> None:
    assert issubclass(DataError, ValueError)


def test_known_passes_values_but_not_none() -> None:
    assert known(0) == 0
    with pytest.raises(AssertionError):
        known(None)
