from __future__ import annotations

import numpy as np
import pytest

from explorer.latent import LatentError
from explorer.latent.probe import linear_probe

RNG = np.random.default_rng(0)
SPLIT = np.repeat([0, 1, 2], [600, 100, 300])
LABELS = RNG.integers(0, 3, 1000)


def test_codes_in_three_far_corners_are_read_without_error() -> None:
    corners = np.array([[0, 10], [10, 0], [-10, -10]])
    codes = corners[LABELS] + RNG.normal(size=(1000, 2))
    found = linear_probe(codes, LABELS, SPLIT)
    assert (found.accuracy, found.count) == (1.0, 300)


def test_two_overlapping_clouds_are_read_as_well_as_can_be() -> None:
    """Two normal clouds a distance d apart: the best reader is right on Φ(d / 2)."""
    labels = RNG.integers(0, 2, 1000)
    codes = RNG.normal(size=(1000, 2)) + 2 * labels[:, None] * np.array([1, 0])
    assert linear_probe(codes, labels, SPLIT).accuracy == pytest.approx(0.8413, abs=0.05)


def test_codes_that_know_nothing_are_read_by_chance() -> None:
    labels = (RNG.random(1000) < 0.2).astype(int)
    found = linear_probe(RNG.normal(size=(1000, 4)), labels, SPLIT)
    assert found.chance == (labels[700:] == 0).mean()
    assert found.accuracy == pytest.approx(found.chance, abs=0.02)


def test_the_scale_of_a_dimension_does_not_matter() -> None:
    codes = RNG.normal(size=(1000, 2)) + LABELS[:, None]
    one = linear_probe(codes, LABELS, SPLIT)
    assert linear_probe(codes * [1000, 0.001], LABELS, SPLIT) == one


def test_only_test_pictures_with_a_label_are_scored() -> None:
    labels = np.where(np.arange(1000) % 2, LABELS, -1)
    assert linear_probe(RNG.normal(size=(1000, 2)), labels, SPLIT).count == 150


@pytest.mark.parametrize(
    ("labels", "split", "message"),
    [
        (np.zeros(1000, int), SPLIT, "fewer than two classes"),
        (LABELS, np.zeros(1000, int), "No test picture"),
        (LABELS[:9], SPLIT, "give one each"),
    ],
)
def test_what_cannot_be_probed_is_refused(
    labels: np.ndarray, split: np.ndarray, message: str
) -> None:
    with pytest.raises(LatentError, match=message):
        linear_probe(np.ones((1000, 2)), labels, split)
