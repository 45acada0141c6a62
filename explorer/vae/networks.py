"""Encoders and decoders: residual convolutions and fully connected layers.

The convolutional pair follows what is known to give sharp pictures at modest compute: residual
blocks with GroupNorm and SiLU (no BatchNorm, whose train/eval gap spoils samples), nearest
upsampling followed by a convolution (no transposed-convolution checkerboard) and a linear
bottleneck (no global pooling, so places in the picture are kept apart). No convolution works at
full resolution, where one costs as much as a whole block below: pixels are folded into channels
at the encoder's start and unfolded at the decoder's end (Shi et al. 2016, sub-pixel convolution).
"""

from __future__ import annotations

import itertools

from torch import Tensor, nn

from explorer.vae.config import ModelConfig

MAX_WIDENING = 8  # channels double per halving of the resolution up to this multiple of width
GROUP_CHANNELS = 8


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions beside a skip, normalised first (He et al. 2016, "identity mappings").

    The second convolution starts at zero, so that a fresh block is the identity and a deep stack
    trains from its first step. One norm serves both: a second costs as much time as a convolution.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        second = nn.Conv2d(channels, channels, 3, padding=1)
        for parameter in second.parameters():
            nn.init.zeros_(parameter)
        self.body = nn.Sequential(
            _norm(channels),
            nn.SiLU(),
            nn.Conv2d(channels, channels, 3, padding=1),
            nn.SiLU(),
            second,
        )

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H, W)."""
        out: Tensor = x + self.body(x)
        return out


def feature_sizes(image_size: int) -> tuple[int, ...]:
    """Sides of the feature maps, picture first: 64 -> (64, 32, 16, 8, 4), 28 -> (28, 14, 7)."""
    sizes = [image_size]
    while sizes[-1] % 2 == 0 and sizes[-1] > 4:
        sizes.append(sizes[-1] // 2)
    return tuple(sizes)


def feature_channels(config: ModelConfig) -> tuple[int, ...]:
    """Channels of the feature maps, in step with :func:`feature_sizes`."""
    levels = len(feature_sizes(config.image_size))
    return tuple(config.width * min(2**level, MAX_WIDENING) for level in range(levels))


def build_encoder(config: ModelConfig, outputs: int) -> nn.Sequential:
    """A network from pictures (N, C, H, W) to ``outputs`` numbers; ends in a linear layer."""
    if config.architecture == "mlp":
        return nn.Sequential(nn.Flatten(), *_mlp([config.pixels, *_hidden(config), outputs]))
    return _conv_encoder(config, outputs)


def build_decoder(config: ModelConfig) -> nn.Sequential:
    """A network from codes (N, D) to the logits of pictures (N, C, H, W)."""
    if config.architecture == "mlp":
        sizes = [config.latent_dim, *_hidden(config), config.pixels]
        shape = (config.channels, config.image_size, config.image_size)
        return nn.Sequential(*_mlp(sizes), nn.Unflatten(1, shape))
    return _conv_decoder(config)


def _conv_encoder(config: ModelConfig, outputs: int) -> nn.Sequential:
    side = feature_sizes(config.image_size)[-1]
    # Large pictures are folded twice: a code this small needs no finer features.
    folds = 2 if config.image_size >= 64 else 1
    channels = feature_channels(config)[folds:]
    fold = 2**folds
    layers: list[nn.Module] = [
        nn.PixelUnshuffle(fold),
        nn.Conv2d(config.channels * fold**2, channels[0], 3, padding=1),
        *_blocks(config, channels[0]),
    ]
    for here, below in itertools.pairwise(channels):
        layers += [nn.Conv2d(here, below, 4, stride=2, padding=1), *_blocks(config, below)]
    layers += [_norm(channels[-1]), nn.SiLU(), nn.Flatten()]
    layers += [nn.Linear(channels[-1] * side * side, outputs)]
    return nn.Sequential(*layers)


def _conv_decoder(config: ModelConfig) -> nn.Sequential:
    side = feature_sizes(config.image_size)[-1]
    channels = feature_channels(config)[:0:-1]
    layers: list[nn.Module] = [
        nn.Linear(config.latent_dim, channels[0] * side * side),
        nn.Unflatten(1, (channels[0], side, side)),
        *_blocks(config, channels[0]),
    ]
    for here, above in itertools.pairwise(channels):
        layers += [nn.Upsample(scale_factor=2), nn.Conv2d(here, above, 3, padding=1)]
        layers += _blocks(config, above)
    layers += [_norm(channels[-1]), nn.SiLU()]
    layers += [nn.Conv2d(channels[-1], 4 * config.channels, 3, padding=1), nn.PixelShuffle(2)]
    return nn.Sequential(*layers)


def _blocks(config: ModelConfig, channels: int) -> list[nn.Module]:
    return [ResidualBlock(channels) for _ in range(config.depth)]


def _hidden(config: ModelConfig) -> list[int]:
    return [16 * config.width] * config.depth


def _mlp(sizes: list[int]) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.SiLU()]
    return layers[:-1]


def _norm(channels: int) -> nn.GroupNorm:
    return nn.GroupNorm(max(1, channels // GROUP_CHANNELS), channels)
