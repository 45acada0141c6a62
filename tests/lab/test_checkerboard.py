from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn.functional import pixel_shuffle

from explorer.lab.checkerboard import (
    enlarge,
    is_even,
    resized_then_convolved,
    subpixel,
    subpixel_weights,
    touch_counts,
    transposed,
    unevenness,
    weights,
)

FLAT = np.ones((8, 8))


def test_counts_of_odenas_example() -> None:
    # One dimension of kernel 3, stride 2: every second cell is reached twice.
    assert touch_counts(4, kernel=3, stride=2)[0].tolist() == [1, 1, 2, 1, 2, 1, 2, 1, 1]
    assert touch_counts(3, kernel=3, stride=2)[2].tolist() == [2, 2, 4, 2, 4, 2, 2]


@pytest.mark.parametrize("stride", range(1, 6))
@pytest.mark.parametrize("kernel", range(1, 9))
def test_counts_are_even_inside_when_the_stride_divides_the_kernel(
    kernel: int, stride: int
) -> None:
    inside = touch_counts(10, kernel=kernel, stride=stride)[kernel:-kernel, kernel:-kernel]
    assert (len(np.unique(inside)) == 1) == is_even(kernel, stride)


def test_weights_add_up_to_one_and_are_equal_without_spread() -> None:
    assert weights(3, spread=0.5, seed=1).sum() == pytest.approx(1)
    np.testing.assert_allclose(weights(3, spread=0, seed=1), 1 / 9)


def test_a_transposed_convolution_keeps_the_brightness_and_draws_its_counts() -> None:
    found = transposed(FLAT, weights(3, spread=0, seed=0), stride=2)
    inside = found[3:-4, 3:-4]
    assert inside.mean() == pytest.approx(1, abs=0.02)
    counts = touch_counts(8, kernel=3, stride=2)
    np.testing.assert_allclose(found, counts * 4 / 9)
    assert unevenness(found, border=3) > 0.45


def test_every_cure_leaves_a_flat_grey_flat() -> None:
    even = weights(4, spread=0, seed=0)
    noisy = weights(3, spread=0.5, seed=0)
    icnr = subpixel_weights(3, 2, icnr=True, spread=0.5, seed=0)
    assert unevenness(transposed(FLAT, even, stride=2), border=4) == pytest.approx(0, abs=1e-9)
    assert unevenness(resized_then_convolved(FLAT, noisy, factor=2), border=0) < 1e-9
    assert unevenness(subpixel(FLAT, icnr), border=0) < 1e-9


def test_uneven_weights_bring_it_back_where_the_stride_divides_the_kernel() -> None:
    found = transposed(FLAT, weights(4, spread=0.5, seed=0), stride=2)
    assert unevenness(found, border=4) > 0.05


def test_subpixels_are_shuffled_as_by_torch() -> None:
    picture = np.random.default_rng(0).standard_normal((3, 4))
    kernels = np.zeros((2, 2, 1, 1))
    kernels[..., 0, 0] = [[1, 2], [3, 4]]
    layers = np.stack([picture * number for number in (1, 2, 3, 4)])
    wanted = pixel_shuffle(torch.from_numpy(layers)[None], 2)[0, 0].numpy()
    np.testing.assert_allclose(subpixel(picture, kernels), wanted)


def test_subpixels_drawn_one_by_one_checker() -> None:
    kernels = subpixel_weights(3, 2, icnr=False, spread=0.5, seed=3)
    assert kernels.shape == (2, 2, 3, 3)
    assert kernels.sum() == pytest.approx(4)
    found = subpixel(FLAT, kernels)
    assert found.mean() == pytest.approx(1)
    assert unevenness(found, border=0) > 0.05


def test_icnr_starts_as_nearest_resizing() -> None:
    picture = np.random.default_rng(0).standard_normal((4, 4))
    kernels = subpixel_weights(1, 3, icnr=True, spread=0.5, seed=0)
    np.testing.assert_allclose(subpixel(picture, kernels), enlarge(picture, 3))
