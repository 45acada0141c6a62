"""What to try, as a command to copy: the one that trained the model, some options changed."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from explorer.ui.lab.commands import command_of

if TYPE_CHECKING:
    from explorer.bundle.sections import Config

Options = dict[str, list[str]]
BEGINNING = 3  # python, train_cli.py, train


def command_for(config: Config, flags: str) -> str:
    """The command line that trains this model with other options and under another name.

    Args:
        config: Of the model.
        flags: Such as ``--warmup linear --warmup-epochs 5``; they win over the model's own.
    """
    words = shlex.split(command_of(config))
    options = _parse(words[BEGINNING:])
    changes = _parse(shlex.split(flags))
    for option in changes:
        options.pop(_opposite(option), None)
    options |= changes
    options["--name"] = [f"{config.name}-{_tag(changes)}"]
    changed = [word for option, values in options.items() for word in (option, *values)]
    return shlex.join(words[:BEGINNING] + changed)


def _parse(words: list[str]) -> Options:
    options: Options = {}
    for word in words:
        if word.startswith("--"):
            options[word] = []
        else:
            options[next(reversed(options))].append(word)
    return options


def _opposite(option: str) -> str:
    name = option.removeprefix("--").removeprefix("no-")
    return f"--{name}" if option.startswith("--no-") else f"--no-{name}"


def _tag(changes: Options) -> str:
    """The first change, as part of a folder's name."""
    option, values = next(iter(changes.items()))
    return "-".join([option.removeprefix("--"), *values])
