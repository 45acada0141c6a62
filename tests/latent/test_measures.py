from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from explorer.latent.codes import LatentError
from explorer.latent.measures import (
    active_units,
    aggregate,
    prior_radius,
    psnr,
    radius,
    unit_variances,
)


def test_active_units_are_those_whose_mean_moves() -> None:
    moving = np.array([-1.0, 1.0] * 10)
    # Variances 1, 0.0225 and 0.0081 about means that do not matter.
    mu = np.stack([moving, 0.15 * moving + 3, 0.09 * moving - 7, 0 * moving], axis=1)
    np.testing.assert_allclose(unit_variances(mu), [1, 0.0225, 0.0081, 0], rtol=1e-4)
    assert active_units(mu) == 2
    assert active_units(mu, threshold=0.001) == 3


@pytest.mark.parametrize("dim", [1, 2, 32, 128, 512])
def test_prior_radius_is_the_mean_of_the_chi_distribution(dim: int) -> None:
    assert prior_radius(dim) == pytest.approx(stats.chi(dim).mean(), rel=1e-9)


def test_aggregate_describes_the_cloud() -> None:
    mu = np.array([[3.0, 4.0], [-3.0, 4.0], [0.0, 1.0]])
    whole = aggregate(mu)
    np.testing.assert_allclose(radius(mu), [5, 5, 1])
    np.testing.assert_allclose(whole.mean, [0, 3])
    np.testing.assert_allclose(whole.std, mu.std(axis=0))
    assert whole.radius_mean == pytest.approx(11 / 3)
    assert whole.radius_std == pytest.approx(np.std([5, 5, 1]))
    assert whole.prior_radius == pytest.approx(np.sqrt(np.pi / 2))


def test_psnr_of_known_errors() -> None:
    black = np.zeros((3, 4, 4, 1), np.uint8)
    other = black.copy()
    other[0] = 255  # as wrong as can be: 0 dB
    other[1] = 16  # 20 log10(255 / 16)
    np.testing.assert_allclose(psnr(black, other), [0, 20 * np.log10(255 / 16), np.inf])
    # uint8 arithmetic would wrap: 255 - 0 and 0 - 255 are the same error.
    np.testing.assert_array_equal(psnr(black, other), psnr(other, black))


def test_pictures_that_cannot_be_compared_are_refused() -> None:
    picture = np.zeros((1, 4, 4, 3), np.uint8)
    with pytest.raises(LatentError, match=r"shapes \(1, 4, 4, 3\) and \(2, 4, 4, 3\)"):
        psnr(picture, np.zeros((2, 4, 4, 3), np.uint8))
    with pytest.raises(LatentError, match="uint8 and float64; give uint8"):
        psnr(picture, picture / 255)


def test_nothing_to_measure() -> None:
    with pytest.raises(LatentError, match="dim is 0"):
        prior_radius(0)
    with pytest.raises(LatentError, match="mu has 0 rows"):
        aggregate(np.zeros((0, 4)))
