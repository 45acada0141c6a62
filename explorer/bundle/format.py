"""The files of a bundle and its `config.json`."""

from __future__ import annotations

import json
import re
from pathlib import Path

from explorer.bundle.errors import BundleError
from explorer.bundle.sections import FORMAT_VERSION, Config
from explorer.bundle.strict import StrictError, parse, plain

CONFIG = "config.json"
WEIGHTS = "model.safetensors"
LATENTS = "latents.safetensors"
ITEMS = "items.parquet"
MAPS = "maps.safetensors"
DIRECTIONS = "directions.safetensors"
SAMPLERS = "samplers.safetensors"
METRICS = "metrics.jsonl"
PREVIEW = "preview.webp"
CARD = "README.md"
# The order of writing: config.json last, so that a folder with a config.json is whole.
FILES = (
    WEIGHTS,
    LATENTS,
    ITEMS,
    MAPS,
    DIRECTIONS,
    SAMPLERS,
    METRICS,
    PREVIEW,
    CARD,
    CONFIG,
)
RESUME = ".resume"


def read_config(folder: Path) -> Config:
    """Read and check a bundle's ``config.json``; nothing else is opened.

    Raises:
        BundleError: Naming the file, the field and the remedy.
    """
    path = folder / CONFIG
    values = _read_json(path)
    _require_version(path, values)
    try:
        config = parse(Config, values)
    except StrictError as error:
        raise BundleError(f"{path}: {error}") from error
    if not re.fullmatch(r"[0-9a-f]{64}", config.weights_sha256):
        raise BundleError(
            f"{path}: weights_sha256 is {config.weights_sha256!r}; the 64 hexadecimal digits of "
            f"the sha256 of {WEIGHTS} are needed."
        )
    return config


def config_text(config: Config) -> str:
    """The text of ``config.json``.

    Raises:
        BundleError: A value is of the wrong type, so that the file could not be read again.
    """
    values = {"format_version": config.format_version} | plain(config)
    try:
        parse(Config, values)
    except StrictError as error:
        raise BundleError(f"The bundle's configuration cannot be written: {error}") from error
    return json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def require_files(folder: Path) -> None:
    """Refuse a folder in which a file of the bundle is missing.

    Raises:
        BundleError: Naming what is missing.
    """
    if not folder.is_dir():
        raise BundleError(f"{folder}: no such folder; give the folder of a bundle.")
    missing = [name for name in FILES if not (folder / name).is_file()]
    if CONFIG in missing:
        raise BundleError(f"{folder}: {why_no_bundle(folder)}")
    if missing:
        raise BundleError(
            f"{folder}: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing; "
            "restore the whole folder from where it came from, or train the model again."
        )


def why_no_bundle(folder: Path) -> str:
    """A sentence on a folder without ``config.json``."""
    if (folder / RESUME).is_dir():
        return (
            "a run in progress or interrupted, not a bundle yet; finish it with "
            f"`python train_cli.py resume {folder}`."
        )
    return f"not a bundle: {CONFIG} is missing."


def _read_json(path: Path) -> dict[str, object]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BundleError(f"{path}: cannot be read ({error.strerror}).") from error
    except ValueError as error:  # also UnicodeDecodeError
        raise BundleError(
            f"{path}: not valid JSON ({error}); restore the file from where the bundle came from."
        ) from error
    if not isinstance(values, dict):
        raise BundleError(f"{path}: an object of keys and values is needed.")
    return values


def _require_version(path: Path, values: dict[str, object]) -> None:
    # Before anything else: a newer file's unknown keys would hide the true reason.
    version = values.get("format_version")
    if type(version) is not int or version < 1:
        raise BundleError(
            f"{path}: format_version is {version!r}; a whole number from 1 to {FORMAT_VERSION} "
            "is needed."
        )
    if version > FORMAT_VERSION:
        raise BundleError(
            f"{path}: format_version is {version}, this Latent Explorer reads up to "
            f"{FORMAT_VERSION}; update it to open this bundle."
        )
