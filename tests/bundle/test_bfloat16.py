from __future__ import annotations

import pytest
import torch
from torch import nn

from explorer.bundle import bfloat16
from explorer.bundle.eight_bit import psnr
from explorer.bundle.folding import fold_upsampling
from explorer.vae import VAE, ModelConfig
from tests.bundles import random_weights

CONFIG = ModelConfig(image_size=32, latent_dim=8, width=8)


def decoder() -> nn.Sequential:
    model = VAE(CONFIG)
    model.load_state_dict(random_weights(CONFIG, seed=0))
    return fold_upsampling(model.eval().decoder)


@torch.inference_mode()
def test_the_pictures_are_nearly_the_same() -> None:
    exact = decoder()
    z = torch.randn((6, 8), generator=torch.Generator().manual_seed(0))
    found, wanted = bfloat16.Bfloat16(exact)(z), exact(z)
    assert (found.dtype, found.shape) == (torch.float32, wanted.shape)
    assert psnr(torch.sigmoid(found), torch.sigmoid(wanted)) > 45
    assert not torch.equal(found, wanted)


def test_the_decoder_itself_stays_exact() -> None:
    exact = decoder()
    bfloat16.Bfloat16(exact)
    assert {value.dtype for value in exact.parameters()} == {torch.float32}


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        ({"amx_bf16": True}, True),
        ({"amx_bf16": False}, False),
        ({"architecture": "aarch64"}, False),
    ],
)
def test_only_where_there_are_matrix_units(
    monkeypatch: pytest.MonkeyPatch, found: dict[str, object], wanted: bool
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: found)
    assert bfloat16.is_supported() is wanted
