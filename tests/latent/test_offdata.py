from __future__ import annotations

import numpy as np

from explorer.latent.offdata import compare


def test_distances_are_held_against_the_median_and_the_ranks() -> None:
    off = compare(np.array([0.5, 2.0, 3.5, 9.0]), own=np.array([1.0, 2.0, 3.0, 4.0]))
    np.testing.assert_allclose(off.ratio, np.array([0.5, 2.0, 3.5, 9.0]) / 2.5)
    # Only neighbours that are strictly nearer count.
    np.testing.assert_allclose(off.percentile, [0, 0.25, 0.75, 1])


def test_data_of_one_point_keep_the_ratio_finite() -> None:
    off = compare(np.array([0.0]), own=np.zeros(3))
    assert off.ratio == 0
    assert off.percentile == 0
