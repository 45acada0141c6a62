from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn

from explorer.bundle import eight_bit
from explorer.bundle.eight_bit import (
    IntegerConv,
    IntegerUpsampledConv,
    Scale,
    in_eight_bits,
    psnr,
    trial_codes,
)
from explorer.bundle.folding import UpsampledConv, fold_upsampling
from explorer.vae import VAE, ModelConfig
from tests.bundles import random_weights

CONFIG = ModelConfig(image_size=32, latent_dim=8, width=8)


def noise(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def decoder() -> nn.Sequential:
    model = VAE(CONFIG)
    model.load_state_dict(random_weights(CONFIG, seed=0))
    return fold_upsampling(model.eval().decoder)


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([-1.0, 4.1], (5.1 / 255, 50)),
        ([2.0, 5.1], (5.1 / 255, 0)),  # 0 stays exact: padding is 0
        ([-5.1, -2.0], (5.1 / 255, 255)),
    ],
)
def test_the_scale_covers_all_values_and_zero(
    values: list[float], scale: tuple[float, int]
) -> None:
    found = Scale.of(torch.tensor(values))
    assert found.step == pytest.approx(scale[0])
    assert found.zero == scale[1]


def test_integers_are_rounded_and_cut_off_at_the_ends() -> None:
    values = torch.tensor([-9.0, -1.0, 0.0, 0.009, 0.011, 4.1, 9.0])
    found = Scale(0.02, 50).integers(values)
    assert found.dtype == torch.uint8
    assert found.tolist() == [0, 0, 50, 50, 51, 255, 255]


def test_a_layer_that_gives_nothing_but_zero_has_a_scale() -> None:
    scale = Scale.of(torch.zeros(3))
    assert scale.integers(torch.zeros(3)).tolist() == [0, 0, 0]


@torch.inference_mode()
def test_a_convolution_of_what_integers_hold_is_exact() -> None:
    rng = np.random.default_rng(0)
    x = torch.from_numpy(rng.integers(0, 256, (2, 16, 5, 5)).astype(np.float32))
    weight = torch.from_numpy(rng.integers(-127, 128, (8, 16, 3, 3)).astype(np.float32))
    weight[:, 0, 0, 0] = 127  # so that a step of each channel's weights is 1
    conv = IntegerConv(weight, torch.arange(8.0), scale=Scale(1.0, 0))
    wanted = nn.functional.conv2d(x, weight, torch.arange(8.0), padding=1)
    torch.testing.assert_close(conv.numbers(x.to(torch.uint8)), wanted, rtol=1e-6, atol=0)


@torch.inference_mode()
def test_doubling_keeps_its_place() -> None:
    layer = UpsampledConv(nn.Conv2d(16, 8, 3, padding=1))
    x = noise(2, 16, 6, 6)
    found, wanted = IntegerUpsampledConv(layer, x)(x), layer(x)
    assert found.shape == wanted.shape
    assert (found - wanted).abs().max() < 0.05 * wanted.std()


@torch.inference_mode()
def test_the_copy_draws_the_same_pictures() -> None:
    exact, z = decoder(), noise(24, 8)
    copy = in_eight_bits(exact, z)
    assert copy is not None
    pictures = torch.sigmoid(exact(z))
    assert psnr(torch.sigmoid(copy(z)), pictures) > 35
    assert pictures.std(dim=0).mean() > 0.02  # different codes, different pictures


@torch.inference_mode()
def test_a_picture_does_not_depend_on_those_beside_it() -> None:
    copy = in_eight_bits(decoder(), noise(24, 8))
    assert copy is not None
    z = noise(5, 8, seed=1)
    torch.testing.assert_close(copy(z)[2:3], copy(z[2:3]), rtol=1e-4, atol=1e-4)


@torch.inference_mode()
def test_the_exact_decoder_is_left_as_it_was() -> None:
    exact, z = decoder(), noise(4, 8)
    before = exact(z)
    in_eight_bits(exact, z)
    torch.testing.assert_close(exact(z), before, rtol=0, atol=0)


def test_a_copy_that_draws_other_pictures_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eight_bit, "MIN_PSNR_DB", 100.0)
    assert in_eight_bits(decoder(), noise(4, 8)) is None


def test_without_the_kernels_there_is_no_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise RuntimeError("no such kernel")

    monkeypatch.setattr(eight_bit, "IntegerBlock", refuse)
    assert in_eight_bits(decoder(), noise(4, 8)) is None


def test_psnr_of_a_known_difference() -> None:
    picture = torch.zeros(1, 3, 4, 4)
    assert psnr(picture + 0.1, picture) == pytest.approx(20.0, abs=1e-4)
    assert psnr(picture, picture) == math.inf


def test_trial_codes_reach_beyond_the_data() -> None:
    codes = np.random.default_rng(0).normal(10, 2, (500, 4)).astype(np.float32)
    found = trial_codes(codes)
    assert found.shape == (96, 4)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found[[0, 31]], codes[[0, 499]])
    assert found[32:64].mean() == pytest.approx(10, abs=1)
    assert found[32:64].std() == pytest.approx(3, abs=0.5)
    assert found[64:].std() == pytest.approx(1.5, abs=0.3)
    np.testing.assert_array_equal(found, trial_codes(codes))
