from __future__ import annotations

import shlex

import pytest
import tyro

from explorer.ui.lab.commands import SHIPPED, command_of
from tests.bundles import make_contents
from train_cli import Command, Train, settings_of


def parsed(command: str) -> Train:
    found: Train = tyro.cli(Command, args=shlex.split(command)[2:])  # type: ignore[arg-type]
    assert isinstance(found, Train)
    return found


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"beta": 0.075, "warmup": "cyclical"},
        {"source": "mnist", "image_size": 28, "channels": 1, "likelihood": "bernoulli"},
        {"source": "celeba", "image_size": 64, "crop": 148, "variational": False},
        {"architecture": "mlp", "latent_dim": 32, "width": 16},
    ],
)
def test_the_command_asks_for_the_same_model(changes: dict[str, object]) -> None:
    config = make_contents(num_images=40, **changes).config
    command = command_of(config)
    settings = settings_of(parsed(command))
    assert settings.model == config.model
    assert settings.objective.likelihood == config.objective.likelihood
    assert settings.data.crop == config.data.crop
    assert settings.optimisation.epochs == config.training.epochs
    assert settings.optimisation.flip == config.training.flip
    assert settings.name == config.name
    if config.model.variational:
        assert settings.objective.beta == config.objective.beta
        assert settings.warmup.kind == config.objective.warmup
        assert settings.warmup.epochs == config.objective.warmup_epochs
    assert ("--root PICTURES" in command) == (config.data.source == "celeba")


@pytest.mark.parametrize("name", SHIPPED)
def test_what_ships_is_trained_by_commands_that_exist(name: str) -> None:
    for line in SHIPPED[name].splitlines():
        command = parsed(line)
        assert command.name == name
        settings_of(command)


def test_a_folder_with_tables_names_them() -> None:
    contents = make_contents(num_images=40, source="folder")
    command = command_of(contents.config)
    train = parsed(command)
    assert (str(train.attributes), str(train.factors)) == ("TABLE.csv", "TABLE.csv")
