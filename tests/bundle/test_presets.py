from __future__ import annotations

import pytest

from explorer.bundle.presets import PRESETS, preset_for
from explorer.training import Optimisation
from explorer.vae import ModelConfig, ObjectiveConfig


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_a_run_that_can_be_made(name: str) -> None:
    preset = PRESETS[name]
    model = ModelConfig(latent_dim=preset.latent_dim, width=preset.width)
    options = Optimisation(epochs=preset.epochs, batch_size=preset.batch_size, flip=preset.flip)
    objective = ObjectiveConfig(likelihood=preset.likelihood)
    assert model.latent_dim < model.pixels
    assert options.epochs >= 5
    assert objective.beta == 1
    assert preset.description


def test_digits_and_letters_are_not_mirrored_faces_are() -> None:
    assert not PRESETS["digits28"].flip
    assert PRESETS["faces64"].flip


def test_the_data_decide_the_preset() -> None:
    assert preset_for("mnist") == "digits28"
    assert preset_for("celeba") == "faces64"
    assert preset_for("folder") == "small"
