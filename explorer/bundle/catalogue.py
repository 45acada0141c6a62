"""What can be opened in some folders, and why the rest cannot; no torch, milliseconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from explorer.bundle import format as layout
from explorer.bundle.check import checked
from explorer.bundle.errors import BundleError
from explorer.bundle.sections import Config
from explorer.bundle.sweeps import INDEX, read_index


@dataclass(frozen=True)
class Entry:
    """A bundle that opens.

    Attributes:
        path: Its folder.
        config: Of it.
        sweep: Name of the sweep it is a cell of, if it is one.
    """

    path: Path
    config: Config
    sweep: str | None = None

    @property
    def name(self) -> str:
        """The name it was trained under."""
        return self.config.name


@dataclass(frozen=True)
class Problem:
    """A folder that does not open, and the sentence that says why."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Catalogue:
    """Bundles and problems, in the order of the folders given, then by folder name."""

    bundles: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def catalogue(*folders: str | Path) -> Catalogue:
    """Look for bundles in folders of bundles; a folder that is itself a bundle counts too.

    Those of a sweep are found in its folder, in its order; a cell that is not done yet is no
    problem here.
    A folder that does not exist holds nothing, which is no problem: ``checkpoints`` appears with
    the first training. Hidden and empty folders are passed over, and so is a folder in another
    when it is among those given: it is looked into itself.
    """
    given = {Path(folder) for folder in folders}
    found = [
        _open(path) for path in dict.fromkeys(_candidates(folders)) if not _is_shelf(path, given)
    ]
    return Catalogue(
        tuple(item for item in found if isinstance(item, Entry)),
        tuple(item for item in found if isinstance(item, Problem)),
    )


def _candidates(folders: tuple[str | Path, ...]) -> Iterator[Path | Problem]:
    for folder in map(Path, folders):
        if (folder / layout.CONFIG).is_file():
            yield folder
        elif (folder / INDEX).is_file():
            yield from _cells(folder)
        elif folder.is_dir():
            for child in _children(folder):
                if isinstance(child, Path) and (child / INDEX).is_file():
                    yield from _cells(child)
                else:
                    yield child


def _children(folder: Path) -> Iterator[Path | Problem]:
    try:
        yield from sorted(path for path in folder.iterdir() if _is_candidate(path))
    except OSError as error:
        yield Problem(folder, f"{folder}: cannot be read ({error.strerror}).")


def _cells(folder: Path) -> Iterator[Path | Problem]:
    """The bundles of a sweep, those that its index does not name last."""
    try:
        named = [folder / cell.name for cell in read_index(folder).cells]
    except BundleError as error:
        named = []
        yield Problem(folder, str(error))
    for path in dict.fromkeys([*named, *_children(folder)]):
        if isinstance(path, Problem) or (path / layout.CONFIG).is_file():
            yield path


def _is_shelf(path: Path | Problem, given: set[Path]) -> bool:
    return path in given and isinstance(path, Path) and not (path / layout.CONFIG).is_file()


def _is_candidate(path: Path) -> bool:
    # Hidden folders are the writer's own, on their way to a name.
    return path.is_dir() and not path.name.startswith(".")


def _open(path: Path | Problem) -> Entry | Problem | None:
    if isinstance(path, Problem):
        return path
    try:
        if not any(path.iterdir()):
            return None
        sweep = path.parent.name if (path.parent / INDEX).is_file() else None
        return Entry(path, checked(path), sweep)
    except BundleError as error:
        return Problem(path, str(error))
    except OSError as error:
        return Problem(path, f"{path}: cannot be read ({error.strerror}).")
