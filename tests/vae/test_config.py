from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import pytest

from explorer.vae import ConfigError, ModelConfig


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("latent_dim", 0, "latent_dim is 0; choose a whole number from 2 to 512."),
        ("latent_dim", 1, "latent_dim is 1; choose a whole number from 2 to 512."),
        ("latent_dim", 513, "latent_dim is 513; choose a whole number from 2 to 512."),
        ("latent_dim", 8.0, "latent_dim is 8.0; choose a whole number from 2 to 512."),
        ("image_size", 50, "image_size is 50; choose one of 28, 32, 64, 128."),
        ("channels", 2, "channels is 2; choose one of 1, 3."),
        ("architecture", "gan", "architecture is 'gan'; choose one of conv, mlp."),
        ("width", 4, "width is 4; choose a whole number from 8 to 512."),
        ("width", 12, "width is 12; choose a multiple of 8."),
        ("depth", 0, "depth is 0; choose a whole number from 1 to 8."),
        ("depth", math.inf, "depth is inf; choose a whole number from 1 to 8."),
    ],
)
def test_what_no_network_can_have_is_refused(field: str, value: Any, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ModelConfig(**{field: value})
    assert str(caught.value) == sentence


@pytest.mark.parametrize("latent_dim", [2, 512])
def test_the_ends_of_the_range_are_allowed(latent_dim: int) -> None:
    assert ModelConfig(latent_dim=latent_dim).latent_dim == latent_dim


def test_pixels_counts_numbers() -> None:
    assert ModelConfig(image_size=28, channels=1).pixels == 784
    assert ModelConfig(image_size=64, channels=3).pixels == 12_288


def test_the_fields_are_those_that_saved_runs_and_bundles_hold() -> None:
    assert asdict(ModelConfig()) == {
        "architecture": "conv",
        "image_size": 64,
        "channels": 3,
        "latent_dim": 128,
        "variational": True,
        "width": 32,
        "depth": 1,
        "inputs": "centred",
    }
