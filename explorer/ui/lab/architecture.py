"""Fully connected or convolutional: the same photographs through both, with as many weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from explorer.bundle.arrays import array_shapes
from explorer.bundle.format import WEIGHTS
from explorer.ui.grids import grid_named
from explorer.ui.lab import columns, pictures
from explorer.ui.lab.columns import Column
from explorer.ui.lab.controls import choose_one, choose_seed
from explorer.ui.lab.experiment import Experiment
from explorer.ui.lab.labels import labels_of
from explorer.ui.lab.pieces import explain, measured, need_cells

if TYPE_CHECKING:
    from explorer.ui.resources import Opened

GRID = "cifar10-pair"
NETWORKS = {"conv": "Convolutional", "mlp": "Fully connected"}
NOTES = {
    "conv": "each weight looks at a small window, everywhere",
    "mlp": "each weight belongs to one pixel",
}
ALL = "all classes"
COUNT, WIDE = 12, 6


def draw() -> None:
    """Both networks on the same pictures."""
    explain(
        "Both have as many weights, the same code, the same objective and the same pictures. A "
        "convolution uses each of its weights at every place, so what it learns about an edge in "
        "one corner holds in all; a fully connected layer learns every pixel by itself. "
        "**Choose a class** and compare the details, then compare the samples."
    )
    _draw_networks()
    grid = grid_named(GRID)
    if grid is None:
        return
    measured(
        "PSNR in dB of the reconstruction from the posterior mean, ELBO and rate in nats per "
        "picture, on test pictures that neither network has seen; training speed in pictures per "
        "second on the machine that trained them.",
        grid,
    )


@st.fragment
def _draw_networks() -> None:
    models = need_cells(GRID, *({"architecture": name} for name in NETWORKS))
    if models is None:
        return
    labels = labels_of(models[0])
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        chosen = choose_one("Class", (ALL, *labels.names), "class")
        seed = choose_seed("Other pictures", "class_seed")
    only = None if chosen == ALL else chosen
    ids = pictures.unseen_ids(models[0], count=COUNT, seed=seed, label=only)
    columns.show(
        [
            _column(opened, name, ids, seed=seed)
            for name, opened in zip(NETWORKS, models, strict=True)
        ],
        names=(),
        key="lab_networks",
    )


def num_weights(opened: Opened) -> int:
    """How many numbers the network learnt: those in its file, whatever it runs as."""
    shapes = array_shapes(opened.bundle.path / WEIGHTS)
    return sum(math.prod(shape) for shape in shapes.values())


def facts(opened: Opened) -> list[tuple[str, str]]:
    """Size and figures of a network, for its column."""
    speed = opened.bundle.config.training.images_per_s
    return [
        ("Weights", f"{num_weights(opened) / 1e6:.2f} million"),
        *pictures.facts(opened),
        ("Training", f"{speed:,.0f} pictures/s"),
    ]


def _column(opened: Opened, name: str, ids: Sequence[str], *, seed: int) -> Column:
    return Column(
        opened,
        title=NETWORKS[name],
        note=NOTES[name],
        facts=facts(opened),
        sheets=pictures.asked(
            opened, ids, samples=COUNT, seed=seed, columns=WIDE, sampler="mixture"
        ),
    )


EXPERIMENT = Experiment(
    "architecture",
    "Fully connected or convolutional?",
    "Why are pictures given to convolutions?",
    draw,
)
