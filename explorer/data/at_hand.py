"""Which sources of pictures can be used here without a download, and what the others lack."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from explorer.data.download import CLASSES
from explorer.data.sources import SOURCES

ANY_FOLDER = "folder"


@dataclass(frozen=True)
class AtHand:
    """A source of pictures as it is found.

    Attributes:
        source: Its name.
        title: For people.
        root: Where its pictures are; None when nothing is read from disk.
        missing: What to do before it can be used, in a sentence; empty when it can.
    """

    source: str
    title: str
    root: Path | None = None
    missing: str = ""


def at_hand(folder: Path) -> tuple[AtHand, ...]:
    """Sources that need no disk, those that are or should be in a folder, and its other folders.

    Only names are looked at; whether the pictures are whole shows when they are loaded.

    Args:
        folder: Where data sets lie, each in a folder of its own name.
    """
    found = [_known(name, folder) for name in SOURCES if name != ANY_FOLDER]
    return (*found, *(_any(path) for path in _others(folder)))


def _known(name: str, folder: Path) -> AtHand:
    info = SOURCES[name]
    if info.folder is None:
        return AtHand(name, info.title)
    root = folder / info.folder
    if _holds_something(root):
        return AtHand(name, info.title, root)
    how = (
        f"a run in a terminal (python train_cli.py train --data {name}) downloads it"
        if name in CLASSES
        else "it has to be fetched by hand"
    )
    return AtHand(name, info.title, root, f"{info.title} is not in {root}; {how}.")


def _any(path: Path) -> AtHand:
    return AtHand(ANY_FOLDER, f"Pictures in {path.name}", path)


def _others(folder: Path) -> list[Path]:
    """Folders and zips of pictures of one's own."""
    known = {info.folder for name, info in SOURCES.items() if name != ANY_FOLDER}
    try:
        found = sorted(folder.iterdir())
    except OSError:  # not there, or not ours to read
        return []
    return [
        path
        for path in found
        if path.name not in known
        and not path.name.startswith(".")
        and (path.suffix.lower() == ".zip" if path.is_file() else _holds_something(path))
    ]


def _holds_something(folder: Path) -> bool:
    try:
        return any(not path.name.startswith(".") for path in folder.iterdir())
    except OSError:
        return False
