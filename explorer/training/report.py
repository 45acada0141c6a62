"""Figures of a finished bundle on pictures it has not seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import torch

from explorer import bundle, data
from explorer.training.errors import TrainingError
from explorer.training.evaluation import evaluate
from explorer.training.feed import feed_of
from explorer.training.machine import Machine
from explorer.training.progress import counting
from explorer.vae import Objective, ObjectiveConfig

SPLITS = {"train": data.TRAIN, "valid": data.VALID, "test": data.TEST}


def evaluate_bundle(
    folder: Path, *, source: str | None, root: Path | None, split: str
) -> dict[str, float | str]:
    """Figures of a bundle on one split of its data, or of other data of the same shape.

    Raises:
        BundleError: The bundle cannot be opened.
        DataError: The pictures cannot be used.
        TrainingError: The split is empty or the pictures have another shape.
    """
    opened = bundle.load(folder)
    dataset = data.load(spec_of(opened.config.data, source=source, root=root))
    rows = dataset.where(SPLITS[split])
    if not len(rows):
        raise TrainingError(f"{dataset.spec.source} has no {split} pictures; choose --split.")
    if dataset.images.shape[1:] != opened.config.image_shape:
        raise TrainingError(
            f"{folder} was trained on pictures of shape {opened.config.image_shape}, these are "
            f"{dataset.images.shape[1:]}; choose matching --data."
        )
    machine = Machine(torch.device("cpu"), "fp32", False, "CPU")
    with counting(len(rows), "evaluating") as done:
        found = evaluate(
            opened.network,
            _objective(opened.config.objective),
            feed_of(dataset, machine.device),
            rows,
            machine=machine,
            progress=done,
        )
    return {"split": split, "num_images": float(len(rows)), **found.figures()}


def spec_of(
    section: bundle.DataSection, *, source: str | None = None, root: Path | None
) -> data.DataSpec:
    """The pictures a bundle was trained on, or those of another ``source`` in the same shape."""
    spec = data.DataSpec(
        source=section.source,
        root=root,
        image_size=section.image_size,
        channels=section.channels,
        crop=section.crop,
        limit=section.limit,
        seed=section.seed,
    )
    if source is None or source == section.source:
        return spec
    # Other data keep the shape; crop and number belong to the old.
    return replace(spec, source=source, crop=None, limit=None)


def _objective(section: bundle.ObjectiveSection) -> Objective:
    objective = Objective(
        ObjectiveConfig(
            beta=section.beta,
            likelihood=section.likelihood,  # type: ignore[arg-type]
            free_bits=section.free_bits,
        )
    )
    if section.sigma is not None:
        objective.sigma.fill_(section.sigma)
    return objective.eval()
