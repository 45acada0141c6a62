"""Tiny stand-ins for the models that the lab ships, by the same names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from explorer.bundle.sweeps import CellIndex, SweepIndex, write_index
from tests.bundles import make_bundle

COUNT = 60
DIGITS: dict[str, Any] = {
    "image_size": 28,
    "channels": 1,
    "source": "mnist",
    "title": "MNIST",
    "attribute_names": (),
    "factor_names": (),
    "label_names": tuple("0123456789"),
}
FACES: dict[str, Any] = {"source": "celeba", "title": "CelebA", "crop": 118, "label_names": ()}


def make_lab_shelf(shelf: Path) -> Path:
    """Grids of sizes (β 0 and 1 only), warm-ups and networks, and two models of faces."""
    sizes = [
        CellIndex(f"beta-{beta:g}_dim-{dim}_conv", beta, dim, "conv", True, "none")
        for dim in (2, 16, 64, 128)
        for beta in (0.0, 1.0)
    ]
    _make_grid(shelf / "toy-faces-grid", sizes)
    warmups = [
        CellIndex(f"warmup-{number}", 6.0, 4, "mlp", True, warmup, free_bits)
        for number, (warmup, free_bits) in enumerate(
            [("none", 0.0), ("linear", 0.0), ("cyclical", 0.0), ("none", 0.25)]
        )
    ]
    _make_grid(shelf / "mnist-warmup", warmups, **DIGITS)
    networks = [CellIndex(name, 1.0, 8, name, True, "none") for name in ("conv", "mlp")]
    _make_grid(shelf / "cifar10-pair", networks, source="folder", title="Image folder")
    for number, name in enumerate(("preprocessing-aligned", "preprocessing-shifted")):
        make_bundle(shelf / name, name=name, num_images=COUNT, seed=number, **FACES)
    return shelf


def _make_grid(folder: Path, cells: list[CellIndex], **changes: Any) -> None:
    """A finished sweep; each cell has weights of its own."""
    write_index(folder, SweepIndex("python train_cli.py sweep", tuple(cells)))
    for number, cell in enumerate(cells):
        make_bundle(
            folder / cell.name,
            name=cell.name,
            num_images=COUNT,
            seed=number,
            beta=cell.beta,
            latent_dim=cell.latent_dim,
            architecture=cell.architecture,
            warmup=cell.warmup,
            free_bits=cell.free_bits,
            **changes,
        )
