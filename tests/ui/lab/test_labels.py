from __future__ import annotations

import numpy as np

from explorer.ui.lab.labels import labels_of
from tests.ui.lab.conftest import OpenTiny


def test_labels_are_indices_into_the_names(open_tiny: OpenTiny) -> None:
    opened = open_tiny()
    labels = labels_of(opened)
    told = opened.bundle.items["label"]
    assert [labels.names[one] for one in labels.classes[labels.classes >= 0]] == list(
        told.dropna()
    )
    assert (labels.classes < 0).sum() == told.isna().sum()
    assert labels_of(opened) is labels
    assert labels.present == labels.names
    assert np.unique(labels.split).tolist() == [0, 1, 2]


def test_a_class_without_pictures_is_not_present(open_tiny: OpenTiny) -> None:
    names = tuple(str(number) for number in range(500))
    labels = labels_of(open_tiny(label_names=names))
    assert 1 < len(labels.present) <= 60
    assert set(labels.present) < set(names)
