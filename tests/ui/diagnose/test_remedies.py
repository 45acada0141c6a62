from __future__ import annotations

import shlex
from dataclasses import replace
from typing import Any

import pytest
import tyro

import train_cli
from explorer.bundle import Config
from explorer.ui.diagnose.remedies import command_for
from tests.bundles import Tiny, make_config


def settings_of(command: str) -> Any:
    """What the command line makes of a command."""
    words = shlex.split(command)
    assert words[:2] == ["python", "train_cli.py"]
    read: Any = tyro.cli(train_cli.Command, args=words[2:])
    return train_cli.settings_of(read)


def config(**changes: Any) -> Config:
    return make_config(replace(Tiny(), **changes))


def test_the_command_trains_the_same_model_but_for_the_remedy() -> None:
    own = config(architecture="mlp", latent_dim=12, beta=2.5, width=16)
    found = settings_of(command_for(own, "--beta 4"))
    assert found.objective.beta == 4
    assert found.model == own.model
    assert found.data.source == "toy-faces"
    assert found.data.limit == 300
    assert (found.warmup.kind, found.warmup.epochs) == ("linear", 2)
    assert (found.optimisation.epochs, found.optimisation.batch_size) == (5, 64)
    assert found.name == "tiny-beta-4"


@pytest.mark.parametrize(
    ("flags", "name"),
    [
        ("--warmup cyclical --warmup-epochs 5", "tiny-warmup-cyclical"),
        ("--latent-dim 32", "tiny-latent-dim-32"),
        ("--free-bits 0.1", "tiny-free-bits-0.1"),
        ("--learning-rate 0.0003", "tiny-learning-rate-0.0003"),
    ],
)
def test_every_remedy_can_be_run_under_a_name_of_its_own(flags: str, name: str) -> None:
    found = settings_of(command_for(config(), flags))
    words = shlex.split(flags)
    told = {
        "--warmup": found.warmup.kind,
        "--warmup-epochs": found.warmup.epochs,
        "--latent-dim": found.model.latent_dim,
        "--free-bits": found.objective.free_bits,
        "--learning-rate": found.optimisation.learning_rate,
    }
    for option, value in zip(words[::2], words[1::2], strict=True):
        assert str(told[option]).removesuffix(".0") == value
    assert found.name == name


def test_an_autoencoder_becomes_variational() -> None:
    command = command_for(config(variational=False), "--variational --beta 1")
    found = settings_of(command)
    assert found.model.variational
    assert found.objective.beta == 1
    assert "--no-variational" not in command


def test_names_with_spaces_are_quoted() -> None:
    found = settings_of(command_for(config(name="my faces"), "--beta 4"))
    assert found.name == "my faces-beta-4"
