"""A store: the files in a folder or in a zip, under one interface."""

from __future__ import annotations

import os
import zipfile
from abc import ABC, abstractmethod
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from explorer.data.dataset import DataError

PHOTOS = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".avif")
OTHERS = (".bmp", ".gif", ".tif", ".tiff", ".ppm", ".pgm", ".pnm")
SUFFIXES = frozenset(PHOTOS + OTHERS)
MAX_BYTES = 1 << 28  # a single picture's file; more is a mistake or an attack


class Store(ABC):
    """Files by their name with forward slashes, relative to the store."""

    path: Path

    @abstractmethod
    def names(self) -> list[str]:
        """All files in natural order, without the operating system's own litter."""

    @abstractmethod
    def read(self, name: str) -> bytes:
        """The bytes of one file; safe to call from threads."""

    @abstractmethod
    def has(self, name: str) -> bool:
        """Whether there is such a file; never outside the store."""

    @abstractmethod
    def has_folder(self, name: str) -> bool:
        """Whether any file is in a folder of this name at the top."""

    @abstractmethod
    def top_files(self) -> list[str]:
        """Files in the store that are not pictures, without searching a folder's sub-folders."""

    @abstractmethod
    def fingerprint(self) -> str:
        """Changes when a file is added, removed, replaced or changed."""


class FolderStore(Store):
    """A folder on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> list[str]:
        """All files, sorted by name."""
        return sorted(name for name, _ in _walk(str(self.path)))

    def read(self, name: str) -> bytes:
        """The bytes of one file."""
        file = self.path / name
        if file.stat().st_size > MAX_BYTES:
            raise ValueError(f"larger than {MAX_BYTES >> 20} MiB")
        return file.read_bytes()

    def has(self, name: str) -> bool:
        """Whether there is such a file inside."""
        is_inside = not {"", ".."} & set(name.split("/")) and "\\" not in name
        return is_inside and (self.path / name).is_file()

    def has_folder(self, name: str) -> bool:
        """Whether there is a folder of this name at the top."""
        return (self.path / name).is_dir()

    def top_files(self) -> list[str]:
        """Not searched for: what lies beside pictures in a folder is found by its path."""
        return []

    def fingerprint(self) -> str:
        """Of the state of the files, not of their bytes."""
        states = []
        for name, entry in _walk(str(self.path)):
            stat = entry.stat()
            states.append(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}")
        return sha256("\n".join(sorted(states)).encode(errors="surrogateescape")).hexdigest()


class ZipStore(Store):
    """A zip file, read in place."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
        except zipfile.BadZipFile as error:
            raise DataError(f"{path} is not a whole zip file: {error}. Copy it again.") from error

    def names(self) -> list[str]:
        """All files, sorted by name."""
        names = (info.filename for info in self._zip.infolist() if not info.is_dir())
        return sorted(name for name in names if not any(map(_is_litter, name.split("/"))))

    def read(self, name: str) -> bytes:
        """The bytes of one file."""
        info = self._zip.getinfo(name)
        if info.file_size > MAX_BYTES:
            raise ValueError(f"larger than {MAX_BYTES >> 20} MiB")
        return self._zip.read(info)

    def has(self, name: str) -> bool:
        """Whether there is such a file inside."""
        return name in self._zip.NameToInfo

    def has_folder(self, name: str) -> bool:
        """Whether any file is in a folder of this name at the top."""
        return any(entry.startswith(f"{name}/") for entry in self._zip.NameToInfo)

    def top_files(self) -> list[str]:
        """Files that are not pictures."""
        return [name for name in self._zip.namelist() if not is_picture(name)]

    def fingerprint(self) -> str:
        """Of the state of the files, not of their bytes."""
        return file_fingerprint(self.path)


def open_store(path: Path) -> Store:
    """The store at a path; the same zip is opened only once.

    Raises:
        DataError: when there is nothing there, or something that is neither folder nor zip.
    """
    if path.is_dir():
        return FolderStore(path)
    if not path.exists():
        raise DataError(f"There is no folder or zip at {path}; check --root.")
    if path.suffix.lower() != ".zip" and not zipfile.is_zipfile(path):
        raise DataError(f"{path} is neither a folder nor a zip file; check --root.")
    return _zip_store(path, path.stat().st_mtime_ns)


def is_picture(name: str) -> bool:
    """Whether a file is a picture by its name."""
    return os.path.splitext(name)[1].lower() in SUFFIXES  # noqa: PTH122 - called per file


def file_fingerprint(path: Path) -> str:
    """Name, size and time of change of one file."""
    stat = path.stat()
    return f"{path.name}\0{stat.st_size}\0{stat.st_mtime_ns}"


@lru_cache(maxsize=4)
def _zip_store(path: Path, mtime_ns: int) -> ZipStore:
    return ZipStore(path)


def _walk(folder: str, prefix: str = "") -> list[tuple[str, os.DirEntry[str]]]:
    """Files below a folder; os.scandir because CelebA has 200,000 of them."""
    found: list[tuple[str, os.DirEntry[str]]] = []
    try:
        with os.scandir(folder) as entries:
            inside = [entry for entry in entries if not _is_litter(entry.name)]
    except OSError as error:
        raise DataError(f"The folder {folder} cannot be read: {error.strerror}.") from error
    for entry in inside:
        if entry.is_dir(follow_symlinks=False):
            found += _walk(entry.path, f"{prefix}{entry.name}/")
        elif entry.is_file():
            found.append((prefix + entry.name, entry))
    return found


def _is_litter(name: str) -> bool:
    """What operating systems leave behind, and anything hidden."""
    return name.startswith(".") or name in ("Thumbs.db", "__MACOSX")
