from __future__ import annotations

import numpy as np
import pytest

from explorer.lab.classes import nearest_centre, pick_row

LABELS = np.array([0, 1, 1, 1, 1, 2])
SPLIT = np.array([0, 0, 2, 2, 1, 0])


def test_a_picture_the_model_has_not_seen_is_preferred() -> None:
    assert {pick_row(LABELS, SPLIT, 1, seed=seed) for seed in range(20)} == {2, 3}
    assert pick_row(LABELS, SPLIT, 2, seed=0) == 5


def test_a_seed_repeats_itself() -> None:
    assert pick_row(LABELS, SPLIT, 1, seed=3) == pick_row(LABELS, SPLIT, 1, seed=3)


def test_a_class_without_pictures_is_refused() -> None:
    with pytest.raises(ValueError, match="No picture has label 7"):
        pick_row(LABELS, SPLIT, 7, seed=0)


def test_the_nearest_centre_is_the_one_of_least_distance() -> None:
    rng = np.random.default_rng(0)
    codes, centres = rng.standard_normal((50, 3)), rng.standard_normal((4, 3)) + 5
    expected = np.linalg.norm(codes[:, None] - centres, axis=2).argmin(axis=1)
    np.testing.assert_array_equal(nearest_centre(codes, centres), expected)
