"""Whether a folder can be opened: everything that can be known without reading arrays."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from explorer.bundle import format as layout
from explorer.bundle.arrays import array_shapes, check_arrays, file_sha256
from explorer.bundle.errors import BundleError
from explorer.bundle.parts import MAP_KINDS
from explorer.bundle.sections import Config
from explorer.bundle.tables import check_items


def check_bundle(folder: Path) -> Config:
    """Check the files of a bundle by their headers and the weights by their sha256.

    Takes milliseconds and imports no torch.

    Returns:
        Its configuration.

    Raises:
        BundleError: A file is missing, damaged, stale or foreign, or the configuration is wrong:
            a sentence with the file, the field and the remedy.
    """
    layout.require_files(folder)
    config = layout.read_config(folder)
    check_weights(folder / layout.WEIGHTS, config=config)
    sha256 = config.weights_sha256
    num, dim = config.data.num_images, config.model.latent_dim
    codes = {"mu": (num, dim), "logvar": (num, dim), "split": (num,)}
    check_arrays(folder / layout.LATENTS, shapes=codes, sha256=sha256)
    places = {f"{name}.xy": (num, 2) for name in MAP_KINDS}
    check_arrays(folder / layout.MAPS, shapes=places, sha256=sha256)
    check_arrays(folder / layout.DIRECTIONS, shapes={"meta": None}, sha256=sha256)
    prior = {"prior.mean": (dim,), "prior.std": (dim,), "prior.norm": (1,)}
    check_arrays(folder / layout.SAMPLERS, shapes=prior, sha256=sha256)
    check_items(folder / layout.ITEMS, data=config.data, sha256=sha256)
    return config


def checked(folder: Path) -> Config:
    """What ``check_bundle`` returned when the files of the folder were last changed.

    For lists of many bundles, looked up again and again: one that changes does not make the
    others wait. What was refused is checked again every time.

    Raises:
        BundleError: As ``check_bundle``.
        OSError: The folder cannot be listed.
    """
    return _checked(folder, _stamp(folder))


@lru_cache(maxsize=1024)
def _checked(folder: Path, stamp: frozenset[tuple[str, int, int, int]]) -> Config:
    return check_bundle(folder)


def _stamp(folder: Path) -> frozenset[tuple[str, int, int, int]]:
    """Name, times of content and of state, and size of the files."""
    with os.scandir(folder) as files:
        found = [(file.name, file.stat()) for file in files if file.is_file()]
    return frozenset((name, s.st_mtime_ns, s.st_ctime_ns, s.st_size) for name, s in found)


def check_weights(path: Path, *, config: Config) -> None:
    """Check that the weights are whole and the very ones of the configuration.

    Raises:
        BundleError: Naming the file and both hashes.
    """
    array_shapes(path)  # a truncated file is better called truncated than "changed"
    found = file_sha256(path)
    if found != config.weights_sha256:
        raise BundleError(
            f"{path}: sha256 is {found[:12]}…, config.json's weights_sha256 says "
            f"{config.weights_sha256[:12]}…: these are not the weights the bundle was made with. "
            "Restore the file from where the bundle came from."
        )
