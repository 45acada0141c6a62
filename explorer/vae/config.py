"""The settings that decide a network's shape, checked before anything is built."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

Architecture = Literal["conv", "mlp"]
Likelihood = Literal["bernoulli", "gaussian", "squared"]
Inputs = Literal["centred", "raw"]
ARCHITECTURES: tuple[str, ...] = get_args(Architecture)
LIKELIHOODS: tuple[str, ...] = get_args(Likelihood)
INPUTS: tuple[str, ...] = get_args(Inputs)
IMAGE_SIZES = (28, 32, 64, 128)
LATENT_DIMS = (2, 512)
# The log-variance an autoencoder reports: sigma = e^-10, a point for every practical purpose.
LOGVAR_MIN = -20.0


class ConfigError(ValueError):
    """A setting is out of range; the message names the field, the value and the remedy."""


@dataclass(frozen=True)
class ModelConfig:
    """Shape of a network.

    Attributes:
        architecture: ``conv`` (residual) or ``mlp`` (fully connected).
        image_size: Side of the square pictures in pixels, one of ``IMAGE_SIZES``.
        channels: 1 (grey) or 3 (RGB).
        latent_dim: Length D of a code, 2 to 512.
        variational: False gives a plain autoencoder: no noise, no KL.
        width: Channels at full resolution (conv) or 1/16 of the hidden units (mlp).
        depth: Residual blocks per resolution (conv) or hidden layers (mlp).
        inputs: What the encoder is given: pixels ``centred``, from -1 to 1, or ``raw``, from 0 to
            255 as they are stored.
    """

    architecture: Architecture = "conv"
    image_size: int = 64
    channels: int = 3
    latent_dim: int = 128
    variational: bool = True
    width: int = 32
    depth: int = 1
    # Configurations written before this field was there are read without it.
    inputs: Inputs = field(default="centred", metadata={"later": True})

    @property
    def pixels(self) -> int:
        """Numbers in one picture."""
        return self.channels * self.image_size**2

    def __post_init__(self) -> None:
        """Refuse what no network can be built from.

        Raises:
            ConfigError: Naming the field, its value and what is allowed.
        """
        _require_one_of("architecture", self.architecture, ARCHITECTURES)
        _require_one_of("image_size", self.image_size, IMAGE_SIZES)
        _require_one_of("channels", self.channels, (1, 3))
        _require_one_of("inputs", self.inputs, INPUTS)
        _require_between("latent_dim", self.latent_dim, LATENT_DIMS)
        _require_between("width", self.width, (8, 512))
        _require_between("depth", self.depth, (1, 8))
        if self.width % 8:
            raise ConfigError(f"width is {self.width}; choose a multiple of 8.")


def _require_one_of(field: str, value: object, allowed: tuple[object, ...]) -> None:
    if value not in allowed:
        choices = ", ".join(str(item) for item in allowed)
        raise ConfigError(f"{field} is {value!r}; choose one of {choices}.")


def _require_between(field: str, value: int, bounds: tuple[int, int]) -> None:
    low, high = bounds
    if not isinstance(value, int) or not low <= value <= high:
        raise ConfigError(f"{field} is {value!r}; choose a whole number from {low} to {high}.")
