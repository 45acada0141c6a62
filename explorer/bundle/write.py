"""Writing a bundle so that a folder under its name is whole or is not there."""

from __future__ import annotations

import io
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256 as sha256_of
from itertools import product
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from explorer.bundle import format as layout
from explorer.bundle.arrays import pack
from explorer.bundle.atomic import replace_file, sync_folder, write_through
from explorer.bundle.card import model_card
from explorer.bundle.check import check_bundle
from explorer.bundle.contents import (
    BundleContents,
    WeightsType,
    check_contents,
    check_edits,
    weights_arrays,
)
from explorer.bundle.errors import BundleError
from explorer.bundle.parts import (
    Edits,
    Latents,
    directions_arrays,
    latents_arrays,
    maps_arrays,
    samplers_arrays,
)
from explorer.bundle.tables import pack_items, pack_metrics
from explorer.latent import Cloud, Direction, Effects

__all__ = ["BundleContents", "update_directions", "write_bundle"]


def write_bundle(
    folder: str | Path,
    contents: BundleContents,
    *,
    overwrite: bool = False,
    weights_dtype: WeightsType = "float16",
) -> Path:
    """Write a bundle: all files into a hidden sibling folder, flushed, read back, then renamed.

    A folder with a ``.resume`` in it and no ``config.json`` is a run in progress: the files are
    moved into it, ``config.json`` last, and ``.resume`` stays for the trainer to remove.

    Args:
        folder: Where; its parents are made.
        contents: What.
        overwrite: Replace a bundle that is there already, which stays whole until the new one is.
        weights_dtype: ``float16`` halves the file; the network computes in float32 either way.

    Returns:
        The folder.

    Raises:
        BundleError: The contents do not fit together, the folder is taken, or the disk refuses;
            nothing is left behind then.
    """
    folder = Path(folder)
    _require_free(folder, overwrite=overwrite)
    files = _pack(contents, weights_dtype=weights_dtype)
    staging = folder.parent / f".{folder.name}.writing-{secrets.token_hex(4)}"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging.mkdir()
        _write_files(staging, files)
        check_bundle(staging)
        _publish(staging, folder)
    except OSError as error:
        raise BundleError(
            f"{folder}: the bundle cannot be written ({error.strerror or error}); free some space "
            "or choose another folder. Nothing was left there."
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return folder


def update_directions(
    folder: str | Path,
    *,
    directions: Sequence[Direction],
    clouds: Sequence[Cloud] | None,
    effects: Effects | None,
) -> None:
    """Rewrite the directions of a bundle, and what goes with them; no other file changes.

    Args:
        folder: Of the bundle.
        directions: All there shall be, by every method.
        clouds: None leaves them to be computed when they are first asked for.
        effects: What a judge saw of these very directions; None for not asked.

    Raises:
        BundleError: The folder holds no bundle, a direction or a cloud is of another dimension,
            the effects are those of other directions, or the disk refuses; the bundle is as it
            was then.
    """
    folder = Path(folder)
    config = check_bundle(folder)
    check_edits(directions, clouds or (), dim=config.model.latent_dim)
    _require_effects_of(directions, effects)
    edits = Edits(tuple(directions), None if clouds is None else tuple(clouds), effects)
    blob = pack(directions_arrays(edits), sha256=config.weights_sha256)
    path = folder / layout.DIRECTIONS
    try:
        # Beside the folder, where the other hidden files are: a bundle holds its own alone.
        replace_file(path, blob, staging=folder.resolve().parent)
    except OSError as error:
        raise BundleError(
            f"{path}: cannot be written ({error.strerror or error}); free some space or ask for "
            "the right to write there."
        ) from error


def _require_effects_of(directions: Sequence[Direction], effects: Effects | None) -> None:
    if effects is None:
        return
    there = {(direction.name, direction.method) for direction in directions}
    for edit in product(effects.names, effects.methods):
        if edit not in there:
            raise BundleError(
                f"effects are those of {edit[0]!r} by method {edit[1]!r}, of which there is no "
                "direction; judge the directions again."
            )


def _pack(contents: BundleContents, *, weights_dtype: WeightsType) -> dict[str, bytes]:
    """The bytes of every file, all checks done."""
    check_contents(contents)
    weights = save(weights_arrays(contents, dtype=weights_dtype))
    sha256 = sha256_of(weights).hexdigest()
    config = replace(contents.config, weights_sha256=sha256)
    latents = Latents(contents.mu, contents.logvar, contents.split)
    edits = Edits(tuple(contents.directions), tuple(contents.clouds))
    return {
        layout.WEIGHTS: weights,
        layout.LATENTS: pack(latents_arrays(latents), sha256=sha256),
        layout.ITEMS: pack_items(contents.items, data=config.data, sha256=sha256),
        layout.MAPS: pack(maps_arrays(contents.maps), sha256=sha256),
        layout.DIRECTIONS: pack(directions_arrays(edits), sha256=sha256),
        layout.SAMPLERS: pack(samplers_arrays(contents.mixture, latents=latents), sha256=sha256),
        layout.METRICS: pack_metrics(contents.metrics),
        layout.PREVIEW: _webp(contents.preview),
        layout.CARD: model_card(config).encode(),
        layout.CONFIG: layout.config_text(config).encode(),
    }


def _webp(image: np.ndarray) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(image.squeeze(-1) if image.shape[2] == 1 else image).save(
        buffer, "WEBP", quality=90, method=6
    )
    return buffer.getvalue()


def _require_free(folder: Path, *, overwrite: bool) -> None:
    if not folder.name:
        raise BundleError(f"{folder}: not a name for a bundle; give a folder with a name.")
    if folder.exists() and not folder.is_dir():
        raise BundleError(f"{folder}: a file of that name is there; choose another name.")
    if not folder.is_dir():
        return
    if (folder / layout.CONFIG).exists() and not overwrite:
        raise BundleError(
            f"{folder}: a bundle is there already; choose another name, or ask for overwriting."
        )
    foreign = sorted({path.name for path in folder.iterdir()} - {*layout.FILES, layout.RESUME})
    if foreign:
        raise BundleError(
            f"{folder}: holds {foreign[0]}, which is no part of a bundle; move it away or choose "
            "another name."
        )


def _write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    for name in layout.FILES:
        write_through(folder / name, files[name])
    sync_folder(folder)


def _publish(staging: Path, folder: Path) -> None:
    if (folder / layout.CONFIG).exists():
        _swap(staging, folder)
    elif folder.is_dir():
        # A run's folder cannot be renamed away: a kill in between would lose its resume state.
        for name in layout.FILES:
            (staging / name).replace(folder / name)
        sync_folder(folder)
    else:
        staging.rename(folder)
    sync_folder(folder.parent)


def _swap(staging: Path, folder: Path) -> None:
    """Put a new bundle in the place of an old one, or the old one back."""
    old = folder.parent / f".{folder.name}.old-{secrets.token_hex(4)}"
    folder.rename(old)
    try:
        staging.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
