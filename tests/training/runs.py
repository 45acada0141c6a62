"""Tiny data sets and runs, for every test that trains."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from explorer.data import TEST, TRAIN, VALID, Dataset, DataSpec
from explorer.training import Optimisation, RunSettings
from explorer.training.feed import feed_of
from explorer.training.machine import Machine
from explorer.training.trainer import Trainer
from explorer.vae import ModelConfig, ObjectiveConfig, Warmup

CPU = Machine(torch.device("cpu"), "fp32", False, "CPU")
MODEL = ModelConfig(image_size=28, channels=1, latent_dim=4, width=8)


def make_settings(
    out: Path, *, optimisation: dict[str, Any] | None = None, **changes: Any
) -> RunSettings:
    """Three epochs of three steps on scikit-learn's digits; the changes are fields."""
    steps = {"epochs": 3, "batch_size": 16, "lr_warmup_steps": 2} | (optimisation or {})
    settings = RunSettings(
        name="run",
        out=out,
        data=DataSpec(source="digits", image_size=28, channels=1, limit=64),
        model=MODEL,
        objective=ObjectiveConfig(),
        warmup=Warmup(),
        optimisation=Optimisation(**steps),
        precision="fp32",
        device="cpu",
        threads=1,
        preset="digits28",
    )
    return replace(settings, **changes)


def make_dataset(count: int = 64, *, model: ModelConfig = MODEL, held_out: int = 8) -> Dataset:
    """Bright squares at random places, one attribute: whether it lies in the left half."""
    rng = np.random.default_rng(0)
    side = model.image_size
    images = np.full((count, side, side, model.channels), 40, np.uint8)
    corners = rng.integers(0, side - 8, (count, 2))
    for image, (top, left) in zip(images, corners, strict=True):
        image[top : top + 8, left : left + 8] = rng.integers(150, 256)
    split = np.full(count, TRAIN, np.uint8)
    split[count - held_out :] = TEST
    split[count - held_out : count - held_out // 2] = VALID
    return Dataset(
        images=images,
        ids=np.array([f"square-{number:03d}" for number in range(count)]),
        split=split,
        attribute_names=("left",),
        attributes=(corners[:, 1:] < side // 2 - 4).astype(np.int8),
        label_names=("upper", "lower"),
        labels=(corners[:, 0] >= side // 2 - 4).astype(np.int16),
        factor_names=("top", "left"),
        factors=corners.astype(np.float32),
        spec=DataSpec(source="folder", image_size=side, channels=model.channels),
        skipped=(),
        license="none",
    )


def make_trainer(settings: RunSettings, dataset: Dataset, machine: Machine = CPU) -> Trainer:
    return Trainer(settings, dataset, feed_of(dataset, machine.device), machine)


def numbers_of(trainer: Trainer) -> dict[str, torch.Tensor]:
    """A copy of every number that the next epoch depends on."""
    state = trainer.state()
    moments = {
        f"optimiser.{index}.{name}": value
        for index, entry in state["optimiser"]["state"].items()
        for name, value in entry.items()
    }
    named = {
        f"{part}.{name}": value
        for part in ("model", "averaged", "objective")
        for name, value in state[part].items()
    }
    return {name: torch.as_tensor(value).clone() for name, value in (named | moments).items()}


def assert_same_numbers(trainer: Trainer, other: dict[str, torch.Tensor]) -> None:
    """To the last bit."""
    found = numbers_of(trainer)
    assert found.keys() == other.keys()
    assert [name for name in found if not torch.equal(found[name], other[name])] == []
