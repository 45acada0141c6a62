"""safetensors files: read without pickle, bound to the weights by their sha256."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from explorer.bundle.errors import BundleError

Arrays = dict[str, np.ndarray]
Shape = tuple[int, ...]
SHA_KEY = "weights_sha256"


def pack(arrays: Mapping[str, np.ndarray], *, sha256: str) -> bytes:
    """The bytes of a derived file: arrays, and the weights' sha256 in its metadata."""
    # That one entry only: the order of several is random, and equal runs give equal files.
    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    return bytes(save(contiguous, metadata={SHA_KEY: sha256}))


def read_arrays(path: Path) -> Arrays:
    """All arrays of a file.

    Raises:
        BundleError: The file is truncated, not safetensors, or cannot be read.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def check_arrays(path: Path, *, shapes: Mapping[str, Shape | None], sha256: str) -> None:
    """Check a file by its header alone: whole, of these weights, and with these arrays.

    Args:
        path: The file.
        shapes: Arrays that must be there, with their shapes; None for any shape.
        sha256: Of the weights the file must belong to.

    Raises:
        BundleError: Naming the file, what is wrong and the remedy.
    """
    found, metadata = _header(path)
    require_same_weights(path, metadata.get(SHA_KEY), sha256)
    for name, shape in shapes.items():
        if name not in found:
            raise BundleError(
                f"{path}: the array {name!r} is missing; there are {_listed(found)}. Restore the "
                "file from where the bundle came from."
            )
        if shape is not None and found[name] != shape:
            raise BundleError(
                f"{path}: {name!r} has shape {found[name]}, the bundle's config.json and "
                f"latents say {shape}; restore the file from where the bundle came from."
            )


def array_shapes(path: Path) -> dict[str, Shape]:
    """Shapes of the arrays by name, from the header alone.

    Raises:
        BundleError: The file is truncated, not safetensors, or cannot be read.
    """
    return _header(path)[0]


def require_same_weights(path: Path, found: str | None, sha256: str) -> None:
    """Refuse a derived file that was computed with other weights.

    Raises:
        BundleError: Naming the file and both hashes.
    """
    if found != sha256:
        raise BundleError(
            f"{path}: computed with other weights (sha256 {(found or 'absent')[:12]}, the "
            f"bundle's is {sha256[:12]}), so it is stale or foreign; restore the whole folder "
            "from where it came from, or train the model again."
        )


def file_sha256(path: Path) -> str:
    """sha256 of a file in hexadecimal, remembered until the file changes.

    Raises:
        BundleError: The file cannot be read.
    """
    try:
        stat = path.stat()
        return _sha256(path.resolve(), stat.st_mtime_ns, stat.st_size, stat.st_ino)
    except OSError as error:
        raise BundleError(f"{path}: cannot be read ({error.strerror}).") from error


@lru_cache(maxsize=256)
def _sha256(path: Path, mtime_ns: int, size: int, inode: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _header(path: Path) -> tuple[dict[str, Shape], dict[str, str]]:
    try:
        with safe_open(path, framework="numpy") as file:
            names = list(file.keys())
            shapes = {name: tuple(file.get_slice(name).get_shape()) for name in names}
            return shapes, file.metadata() or {}
    except (SafetensorError, OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> BundleError:
    size = os.path.getsize(path) if path.is_file() else 0  # noqa: PTH202
    return BundleError(
        f"{path}: truncated or damaged ({size:,} bytes; {error}); restore the file from where the "
        "bundle came from."
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
