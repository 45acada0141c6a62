"""The cache: decoded pictures and their tables in a folder named by a key."""

from __future__ import annotations

import json
import os
import shutil
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np

from explorer.data.dataset import DataError, Pixels

IMAGES, TABLES, META = "images.npy", "tables.npz", "meta.json"
CHUNK = 1 << 20
BUILDING = ".building-"
STALE_S = 86_400  # a build older than a day was killed
MAX_CHUNKS = 256  # of a larger file, evenly spread chunks are checked, so opening stays quick


@dataclass(frozen=True, eq=False)
class Entry:
    """What is kept: pictures, arrays by name, and facts that JSON can hold."""

    images: Pixels
    tables: Mapping[str, np.ndarray[Any, Any]]
    facts: Mapping[str, Any]


def default_cache() -> Path:
    """`LATENT_EXPLORER_CACHE`, or `~/.cache/latent-explorer`."""
    chosen = os.environ.get("LATENT_EXPLORER_CACHE")
    return Path(chosen) if chosen else Path.home() / ".cache" / "latent-explorer"


def read_entry(folder: Path) -> Entry | None:
    """The entry in a folder, or None when there is none or it is damaged in any way."""
    try:
        meta = json.loads((folder / META).read_text(encoding="utf-8"))
        if meta["checksums"] != _checksums(folder):
            return None
        images = np.load(folder / IMAGES, mmap_mode="r", allow_pickle=False)
        with np.load(folder / TABLES, allow_pickle=False) as stored:
            tables = {name: stored[name] for name in stored.files}
        return Entry(images=images, tables=tables, facts=meta["facts"])
    except (OSError, ValueError, KeyError, TypeError, EOFError, zlib.error):
        return None


class Building:
    """An entry being made beside its final place; nothing is visible until `finish`.

    Raises:
        DataError: when the cache cannot be written or the disk is full.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with _Writing(folder.parent):
            folder.parent.mkdir(parents=True, exist_ok=True)
            _remove_stale(folder.parent)
            self._temporary = Path(mkdtemp(prefix=BUILDING, dir=folder.parent))

    def __enter__(self) -> Building:
        return self

    def __exit__(self, *error: object) -> None:
        shutil.rmtree(self._temporary, ignore_errors=True)

    def allocate(self, shape: tuple[int, int, int, int]) -> Pixels:
        """A writable array on disk; the room is reserved, so that a full disk shows now."""
        path = self._temporary / IMAGES
        with _Writing(self._folder.parent):
            images = np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=shape)
            if hasattr(os, "posix_fallocate"):  # a write to a hole on a full disk is a SIGBUS
                with path.open("r+b") as file:
                    os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
        return images

    def keep(self, images: Pixels, kept: np.ndarray[Any, np.dtype[np.int64]]) -> None:
        """Drop all but the pictures at these ascending indices."""
        with _Writing(self._folder.parent):
            smaller = self._temporary / "kept.npy"
            np.save(smaller, images[kept])
            smaller.replace(self._temporary / IMAGES)

    def finish(self, tables: Mapping[str, np.ndarray[Any, Any]], facts: Mapping[str, Any]) -> None:
        """Write the rest and move everything to its place."""
        with _Writing(self._folder.parent):
            with (self._temporary / TABLES).open("wb") as file:
                np.savez(file, allow_pickle=False, **tables)
            meta = {"facts": dict(facts), "checksums": _checksums(self._temporary)}
            (self._temporary / META).write_text(json.dumps(meta), encoding="utf-8")
            if self._folder.exists() and read_entry(self._folder) is None:
                shutil.rmtree(self._folder)  # damaged
            if not self._folder.exists():  # else another process was faster with the same
                self._temporary.rename(self._folder)


class _Writing:
    """Turns an OSError while writing into a sentence."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise DataError(
                f"The picture cache at {self._folder} cannot be written: "
                f"{error.strerror or error}. "
                "Make room there, or point LATENT_EXPLORER_CACHE to another folder."
            ) from error


def _remove_stale(folder: Path) -> None:
    for leftover in folder.glob(f"{BUILDING}*"):
        if time.time() - leftover.stat().st_mtime > STALE_S:
            shutil.rmtree(leftover, ignore_errors=True)


def _checksums(folder: Path) -> dict[str, str]:
    return {name: _checksum(folder / name) for name in (IMAGES, TABLES)}


def _checksum(path: Path) -> str:
    size = path.stat().st_size
    chunks = -(-size // CHUNK)
    picked = np.unique(np.linspace(0, max(chunks - 1, 0), min(chunks, MAX_CHUNKS)).astype(int))
    value = 0
    with path.open("rb") as file:
        for chunk in picked:
            file.seek(int(chunk) * CHUNK)
            value = zlib.crc32(file.read(CHUNK), value)
    return f"{size}-{value:08x}"
