"""Tiny models for the lab's experiments on codes: a grid of digits, and digits with classes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from explorer.bundle import write_bundle
from explorer.bundle.sweeps import CellIndex, SweepIndex, write_index
from explorer.latent import label_clouds
from tests.bundles import make_contents

DIGITS: dict[str, Any] = {
    "source": "digits",
    "image_size": 28,
    "channels": 1,
    "num_images": 150,
    "attribute_names": (),
    "factor_names": (),
    "label_names": tuple("0123456789"),
    "warmup": "none",
}
CELLS = (
    *(CellIndex(f"b{beta:g}", beta, 2, "conv", True, "none") for beta in (0.0, 0.075, 1.0, 10.0)),
    CellIndex("ae8", 0.0, 8, "conv", False, "none"),
    CellIndex("b1d8", 1.0, 8, "conv", True, "none"),
)
CLASSES = ("4", "7", "9")


def make_models(folder: Path) -> None:
    """The grid and the model with classes, as bundles in a folder."""
    made = {
        (dim, kind): make_contents(**DIGITS, latent_dim=dim, variational=kind)
        for dim, kind in ((2, True), (8, False), (8, True))
    }
    for cell in CELLS:
        contents = made[cell.latent_dim, cell.variational]
        objective = replace(contents.config.objective, beta=cell.beta)
        config = replace(contents.config, name=cell.name, objective=objective)
        write_bundle(folder / "mnist-grid" / cell.name, replace(contents, config=config))
    write_index(folder / "mnist-grid", SweepIndex("python train_cli.py sweep --name tiny", CELLS))
    make_classes(folder / "mnist")


def make_classes(folder: Path) -> None:
    """Three classes side by side along the first number of the code."""
    changes = DIGITS | {"name": "mnist", "latent_dim": 4, "label_names": CLASSES}
    contents = make_contents(**changes)
    labels = np.digitize(contents.mu[:, 0], [-0.4, 0.4])
    items = contents.items.assign(label=np.array(CLASSES)[labels])
    clouds = label_clouds(contents.mu, labels, names=CLASSES, split=contents.split).found
    write_bundle(folder, replace(contents, items=items, clouds=clouds))
