from __future__ import annotations

import numpy as np
import pytest

from explorer.latent import LatentError
from explorer.latent.ssim import C1, C2, ssim

Pictures = np.ndarray


def flat(value: int, *, side: int = 12) -> Pictures:
    return np.full((1, side, side, 1), value, np.uint8)


def noisy(seed: int, *, channels: int = 1) -> Pictures:
    return np.random.default_rng(seed).integers(0, 256, (2, 14, 13, channels), dtype=np.uint8)


def by_hand(x: np.ndarray, y: np.ndarray) -> float:
    """The index of two grey pictures (H, W), window by window as the paper has it."""
    along = np.exp(-np.square(np.arange(-5, 6)) / (2 * 1.5**2))
    window = np.outer(along, along) / along.sum() ** 2
    found = []
    for top in range(x.shape[0] - 10):
        for left in range(x.shape[1] - 10):
            a = x[top : top + 11, left : left + 11].astype(float)
            b = y[top : top + 11, left : left + 11].astype(float)
            mean_a, mean_b = (window * a).sum(), (window * b).sum()
            var_a, var_b = (window * (a - mean_a) ** 2).sum(), (window * (b - mean_b) ** 2).sum()
            shared = (window * (a - mean_a) * (b - mean_b)).sum()
            brightness = (2 * mean_a * mean_b + C1) / (mean_a**2 + mean_b**2 + C1)
            found.append(brightness * (2 * shared + C2) / (var_a + var_b + C2))
    return float(np.mean(found))


def test_equal_pictures_have_1() -> None:
    np.testing.assert_allclose(ssim(noisy(0), noisy(0)), 1)


def test_flat_pictures_differ_in_brightness_alone() -> None:
    expected = (2 * 100 * 50 + C1) / (100**2 + 50**2 + C1)
    np.testing.assert_allclose(ssim(flat(100), flat(50)), [expected])


def test_it_is_the_papers_window_by_window() -> None:
    one, other = noisy(1), noisy(2)
    expected = [by_hand(a[..., 0], b[..., 0]) for a, b in zip(one, other, strict=True)]
    np.testing.assert_allclose(ssim(one, other), expected)


def test_the_opposite_structure_is_negative() -> None:
    picture = noisy(3)
    assert (ssim(picture, 255 - picture) < -0.5).all()


def test_colour_is_the_mean_of_the_channels() -> None:
    one, other = noisy(4, channels=3), noisy(5, channels=3)
    apart = [ssim(one[..., c : c + 1], other[..., c : c + 1]) for c in range(3)]
    np.testing.assert_allclose(ssim(one, other), np.mean(apart, axis=0))


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        (flat(0), flat(0, side=13), "give two of"),
        (flat(0)[0], flat(0)[0], "give two of"),
        (flat(0).astype(float), flat(0), "give uint8"),
        (flat(0, side=8), flat(0, side=8), "8 × 8; the window needs 11 pixels"),
    ],
)
def test_what_is_not_two_pictures_is_refused(one: Pictures, other: Pictures, message: str) -> None:
    with pytest.raises(LatentError, match=message):
        ssim(one, other)
