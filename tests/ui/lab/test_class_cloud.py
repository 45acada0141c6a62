from __future__ import annotations

import numpy as np
import pytest

from explorer.latent import Cloud
from explorer.ui.lab import probes
from explorer.ui.lab.class_cloud import shares, unseen
from tests.ui.lab.conftest import OpenTiny


def test_centroids_are_nearest_to_themselves(
    open_tiny: OpenTiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_tiny("shares", num_images=150)
    monkeypatch.setattr(probes, "in_use", {"shares": opened}.get)
    names = opened.bundle.config.data.label_names
    rng = np.random.default_rng(0)
    clouds = [
        Cloud(name, "label", rng.standard_normal(8, np.float32), np.ones(8, np.float32), 20)
        for name in names
    ]
    for number, cloud in enumerate(clouds):
        assert shares(opened, clouds, cloud.mean[None], number).nearest == 1
        assert shares(opened, clouds, cloud.mean[None], (number + 1) % 3).nearest == 0


def test_the_unseen_are_test_pictures_of_the_class(open_tiny: OpenTiny) -> None:
    opened = open_tiny(num_images=150)
    items = opened.bundle.items
    expected = (items["label"] == "blond") & (items["split"] == "test")
    assert len(unseen(opened, "blond")) == expected.sum()
