"""What a stopped run needs to go on: saved whole after each epoch, never unpickled."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

from explorer.bundle.format import METRICS
from explorer.bundle.runs import SETTINGS
from explorer.training.errors import TrainingError

__all__ = ["METRICS", "SETTINGS", "STATE", "has_state", "load_state", "save_state"]

STATE = "state.pt"


def save_state(folder: Path, state: dict[str, Any]) -> None:
    """Write the state so that a kill at any moment leaves the old one or the new one.

    Raises:
        TrainingError: The disk refuses; the old state is still there.
    """
    staging = folder / f"{STATE}.writing"
    try:
        with staging.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        staging.replace(folder / STATE)
    except (OSError, RuntimeError) as error:
        # torch reports a full disk as a RuntimeError of its zip writer.
        staging.unlink(missing_ok=True)
        raise TrainingError(
            f"{staging}: the state of the run cannot be written ({error}); free some space, then "
            f"go on with: python train_cli.py resume {folder.parent}"
        ) from error


def has_state(folder: Path) -> bool:
    """Whether a state was ever saved there; not so when a run was stopped as it began."""
    return (folder / STATE).is_file()


def load_state(folder: Path) -> dict[str, Any]:
    """Read the state back, tensors and plain values only.

    Raises:
        TrainingError: There is none, or it is damaged.
    """
    path = folder / STATE
    if not path.is_file():
        raise TrainingError(
            f"{path}: no such file, so there is nothing to resume; start the run anew with "
            "--overwrite."
        )
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise TrainingError(
            f"{path}: the saved state is damaged ({type(error).__name__}); start the run anew "
            "with --overwrite."
        ) from error
    return state
