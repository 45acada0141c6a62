from __future__ import annotations

import numpy as np
import pytest

from explorer.ui.lab import probes
from explorer.ui.lab.probes import difference, learning_curve, probe_of
from tests.ui.lab.conftest import OpenTiny


def test_a_curve_goes_from_few_labels_to_all(
    open_tiny: OpenTiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_tiny("curve", num_images=150)
    monkeypatch.setattr(probes, "in_use", {"curve": opened}.get)
    curve = learning_curve(opened)
    everything = probe_of(opened)
    assert [point.labels for point in curve.points] == [50, everything.num_train]
    assert [len(point.accuracies) for point in curve.points] == [3, 1]
    assert curve.points[-1].mean == everything.accuracy == curve.right.mean()
    assert curve.chance == everything.chance


def test_a_difference_on_the_same_pictures_is_paired() -> None:
    first = np.repeat([True, False], [60, 40])
    second = np.repeat([True, False], [90, 10])
    found = difference(first, second)
    assert found.gain == pytest.approx(0.3)
    # 30 of 100 differences are 1: a standard deviation of sqrt(0.3 * 0.7).
    assert found.error == pytest.approx(np.sqrt(0.21) / 10)
    assert not found.is_chance


def test_a_difference_of_one_picture_may_be_chance() -> None:
    first = np.repeat([True, False], [60, 40])
    second = np.repeat([True, False], [61, 39])
    assert difference(first, second).is_chance
    assert difference(first, first).is_chance
