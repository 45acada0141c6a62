"""Encoders and decoders: residual convolutions and fully connected layers.

The convolutional pair follows what is known to give sharp pictures at modest compute: residual
blocks with GroupNorm and SiLU (no BatchNorm, whose train/eval gap spoils samples), nearest
upsampling followed by a convolution (no transposed-convolution checkerboard) and a linear
bottleneck (no global pooling, so places in the picture are kept apart).
"""

from __future__ import annotations

from torch import Tensor, nn

from explorer.vae.config import ModelConfig

MAX_WIDENING = 8  # channels double per halving of the resolution up to this multiple of width
GROUP_CHANNELS = 8


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions beside a skip, normalised first (He et al. 2016, "identity mappings").

    The second convolution starts at zero, so that a fresh block is the identity and a deep stack
    trains from its first step.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(second.weight)
        self.body = nn.Sequential(
            _norm(channels),
            nn.SiLU(),
            nn.Conv2d(channels, channels, 3, padding=1),
            _norm(channels),
            nn.SiLU(),
            second,
        )

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H, W)."""
        return x + self.body(x)


def feature_sizes(image_size: int) -> tuple[int, ...]:
    """Sides of the feature maps from the picture down: 64 -> (64, 32, 16, 8, 4), 28 -> (28, 14, 7)."""
    sizes = [image_size]
    while sizes[-1] % 2 == 0 and sizes[-1] > 4:
        sizes.append(sizes[-1] // 2)
    return tuple(sizes)


def feature_channels(config: ModelConfig) -> tuple[int, ...]:
    """Channels of the feature maps, in step with :func:`feature_sizes`."""
    levels = len(feature_sizes(config.image_size))
    return tuple(config.width * min(2**level, MAX_WIDENING) for level in range(levels))


def build_encoder(config: ModelConfig, outputs: int) -> nn.Sequential:
    """A network from pictures (N, C, H, W) to ``outputs`` numbers each."""
    return (
        _mlp_encoder(config, outputs)
        if config.architecture == "mlp"
        else _conv_encoder(config, outputs)
    )


def build_decoder(config: ModelConfig) -> nn.Sequential:
    """A network from codes (N, D) to picture logits (N, C, H, W)."""
    return _mlp_decoder(config) if config.architecture == "mlp" else _conv_decoder(config)


def _conv_encoder(config: ModelConfig, outputs: int) -> nn.Sequential:
    channels = feature_channels(config)
    side = feature_sizes(config.image_size)[-1]
    # The stem already halves: a full-resolution block costs as much as all others together.
    layers: list[nn.Module] = [nn.Conv2d(config.channels, channels[1], 4, stride=2, padding=1)]
    for here, below in zip(channels[1:], (*channels[2:], 0), strict=True):
        layers += [ResidualBlock(here) for _ in range(config.depth)]
        if below:
            layers += [nn.Conv2d(here, below, 4, stride=2, padding=1)]
    layers += [_norm(channels[-1]), nn.SiLU(), nn.Flatten()]
    layers += [nn.Linear(channels[-1] * side * side, outputs)]
    return nn.Sequential(*layers)


def _conv_decoder(config: ModelConfig) -> nn.Sequential:
    channels = feature_channels(config)[::-1]
    side = feature_sizes(config.image_size)[-1]
    layers: list[nn.Module] = [
        nn.Linear(config.latent_dim, channels[0] * side * side),
        nn.Unflatten(1, (channels[0], side, side)),
    ]
    for here, above in zip(channels[:-1], channels[1:], strict=True):
        layers += [ResidualBlock(here) for _ in range(config.depth)]
        layers += [nn.Upsample(scale_factor=2), nn.Conv2d(here, above, 3, padding=1)]
    layers += [_norm(channels[-1]), nn.SiLU()]
    layers += [nn.Conv2d(channels[-1], config.channels, 3, padding=1)]
    return nn.Sequential(*layers)


def _mlp_encoder(config: ModelConfig, outputs: int) -> nn.Sequential:
    pixels = config.channels * config.image_size**2
    return nn.Sequential(nn.Flatten(), *_mlp([pixels, *_hidden(config), outputs]))


def _mlp_decoder(config: ModelConfig) -> nn.Sequential:
    shape = (config.channels, config.image_size, config.image_size)
    pixels = config.channels * config.image_size**2
    sizes = [config.latent_dim, *_hidden(config), pixels]
    return nn.Sequential(*_mlp(sizes), nn.Unflatten(1, shape))


def _hidden(config: ModelConfig) -> list[int]:
    return [16 * config.width] * config.depth


def _mlp(sizes: list[int]) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for inputs, outputs in zip(sizes[:-1], sizes[1:], strict=True):
        layers += [nn.Linear(inputs, outputs), nn.SiLU()]
    return layers[:-1]


def _norm(channels: int) -> nn.GroupNorm:
    return nn.GroupNorm(max(1, channels // GROUP_CHANNELS), channels)
