"""Settings that are known to work, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from explorer.vae.config import Likelihood


@dataclass(frozen=True)
class Preset:
    """What a preset decides; whatever is given on the command line wins over it.

    Attributes:
        description: For the help text.
        latent_dim: Length of a code.
        width: Of the network.
        epochs: Passes over the training pictures.
        batch_size: Pictures per step.
        likelihood: Of the pixels.
        flip: Mirror every second training picture.
        limit: Only the first N pictures; None for all.
    """

    description: str
    latent_dim: int
    width: int
    epochs: int
    batch_size: int = 32
    likelihood: Likelihood = "gaussian"
    flip: bool = False
    limit: int | None = None


PRESETS: Mapping[str, Preset] = {
    "small": Preset("minutes on 2 CPU cores", 32, 16, 6, limit=8_000),
    "digits28": Preset("handwritten digits", 32, 32, 20, 128, likelihood="bernoulli"),
    "faces64": Preset("photographs of faces, 64 pixels", 128, 32, 30, flip=True),
    "faces128": Preset("photographs of faces, 128 pixels", 256, 32, 30, flip=True),
}
# By the source of the pictures; for all others "small".
DEFAULT_PRESETS: Mapping[str, str] = {
    "digits": "digits28",
    "mnist": "digits28",
    "fashion-mnist": "digits28",
    "celeba": "faces64",
}


def preset_for(source: str) -> str:
    """Name of the preset that is used for some data when none is asked for."""
    return DEFAULT_PRESETS.get(source, "small")
