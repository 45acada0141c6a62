from __future__ import annotations

import pytest
import torch
from torch import nn

from explorer.vae import ModelConfig
from explorer.vae.networks import (
    ResidualBlock,
    build_decoder,
    build_encoder,
    feature_channels,
    feature_sizes,
)


def parameters(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def test_a_fresh_residual_block_is_the_identity() -> None:
    x = torch.randn(2, 16, 5, 5, generator=torch.Generator().manual_seed(0))
    assert torch.equal(ResidualBlock(16)(x), x)


def test_a_trained_residual_block_is_not() -> None:
    block = ResidualBlock(16)
    x = torch.randn(2, 16, 5, 5, generator=torch.Generator().manual_seed(0))
    second = block.body[-1]
    assert isinstance(second, nn.Conv2d)
    nn.init.dirac_(second.weight)
    assert not torch.allclose(block(x), x)


def test_a_fresh_residual_block_passes_a_gradient_to_its_second_convolution() -> None:
    block = ResidualBlock(8)
    block(torch.randn(1, 8, 4, 4, generator=torch.Generator().manual_seed(0))).sum().backward()
    second = block.body[-1]
    assert isinstance(second, nn.Conv2d)
    assert second.weight.grad is not None
    assert second.weight.grad.abs().sum() > 0


@pytest.mark.parametrize(
    ("image_size", "sizes"),
    [
        (28, (28, 14, 7)),
        (32, (32, 16, 8, 4)),
        (64, (64, 32, 16, 8, 4)),
        (128, (128, 64, 32, 16, 8, 4)),
    ],
)
def test_feature_sizes(image_size: int, sizes: tuple[int, ...]) -> None:
    assert feature_sizes(image_size) == sizes


def test_channels_double_up_to_eight_times_the_width() -> None:
    assert feature_channels(ModelConfig(image_size=128, width=8)) == (8, 16, 32, 64, 64, 64)
    assert feature_channels(ModelConfig(image_size=28, width=16)) == (16, 32, 64)


@pytest.mark.parametrize("architecture", ["conv", "mlp"])
def test_an_encoder_gives_the_numbers_asked_for(architecture: str) -> None:
    config = ModelConfig(architecture=architecture, image_size=28, channels=1, width=8)  # type: ignore[arg-type]
    assert build_encoder(config, 10)(torch.rand(3, 1, 28, 28)).shape == (3, 10)


def test_hidden_units_of_a_fully_connected_network() -> None:
    config = ModelConfig(
        architecture="mlp", image_size=28, channels=1, latent_dim=4, width=8, depth=2
    )
    # 784 -> 128 -> 128 -> 8 and 4 -> 128 -> 128 -> 784, with biases.
    assert parameters(build_encoder(config, 8)) == 785 * 128 + 129 * 128 + 129 * 8
    assert parameters(build_decoder(config)) == 5 * 128 + 129 * 128 + 129 * 784


@pytest.mark.parametrize("architecture", ["conv", "mlp"])
def test_depth_adds_layers(architecture: str) -> None:
    def size(depth: int) -> int:
        config = ModelConfig(architecture=architecture, image_size=32, width=8, depth=depth)  # type: ignore[arg-type]
        return parameters(build_decoder(config))

    assert size(1) < size(2) < size(3)
    assert size(3) - size(2) == size(2) - size(1)


@pytest.mark.parametrize("architecture", ["conv", "mlp"])
def test_the_last_layer_is_linear_so_that_a_code_can_be_any_number(architecture: str) -> None:
    config = ModelConfig(architecture=architecture, image_size=32, width=8)  # type: ignore[arg-type]
    assert isinstance(build_encoder(config, 4)[-1], nn.Linear)
    decoder_kinds = {type(layer) for layer in list(build_decoder(config))[-2:]}
    assert decoder_kinds in ({nn.Conv2d, nn.PixelShuffle}, {nn.Linear, nn.Unflatten})


def test_no_batch_statistics_a_picture_is_encoded_alike_alone_and_in_company() -> None:
    config = ModelConfig(image_size=32, width=8)
    encoder = build_encoder(config, 4)
    x = torch.rand(5, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(encoder(x)[:1], encoder(x[:1]))
