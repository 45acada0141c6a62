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
    assert np.unique(labels.split).tolist() == [0, 1, 2]
