"""A sweep: a folder with a bundle for each cell of a grid, and `sweep.json`, which names them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from explorer.bundle import format as layout
from explorer.bundle.atomic import replace_file
from explorer.bundle.check import checked
from explorer.bundle.errors import BundleError
from explorer.bundle.running import is_held, is_running
from explorer.bundle.sections import Config
from explorer.bundle.strict import LATER, parse, plain

INDEX = "sweep.json"
NOTES = ".runs"  # settings and logs of the cells, and why one failed
LOCK = "sweep.lock"
SWEEP_VERSION = 1

Status = Literal["done", "running", "stopped", "failed", "missing"]


@dataclass(frozen=True)
class CellIndex:
    """One cell as ``sweep.json`` names it: its folder, and its place on each axis.

    To an autoencoder neither beta, warm-up nor free bits mean anything; they are 0, none and 0.
    """

    name: str
    beta: float
    latent_dim: int
    architecture: str
    variational: bool
    warmup: str
    free_bits: float = field(default=0.0, metadata=LATER)

    def __post_init__(self) -> None:
        if not self.name or self.name.startswith(".") or Path(self.name).name != self.name:
            raise ValueError(f"name is {self.name!r}; the plain name of a folder is needed.")


AXES = ("beta", "latent_dim", "architecture", "variational", "warmup", "free_bits")
VAE_AXES = ("beta", "warmup", "free_bits")  # which autoencoders do not have


@dataclass(frozen=True)
class SweepIndex:
    """What ``sweep.json`` holds; the folder's name is the name of the sweep.

    Attributes:
        command: The command lines that added cells to it, a line each, for people to repeat.
        cells: Of the grid, in the order they are trained in.
        format_version: Of the file.
    """

    command: str
    cells: tuple[CellIndex, ...]
    format_version: int = SWEEP_VERSION

    def __post_init__(self) -> None:
        names = [cell.name for cell in self.cells]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"cells names {twice[0]!r} twice; each folder is one cell.")
        if self.format_version != SWEEP_VERSION:
            raise ValueError(
                f"format_version is {self.format_version}; this Latent Explorer reads "
                f"{SWEEP_VERSION}."
            )


@dataclass(frozen=True)
class Cell:
    """A cell as it is on the disk.

    Attributes:
        index: Its place in the grid.
        path: Its folder.
        status: ``done`` (a bundle that opens), ``running``, ``stopped`` (resumable), ``failed``
            or ``missing``.
        reason: Why it is not done, in a sentence.
        config: Of the bundle, once it is done.
    """

    index: CellIndex
    path: Path
    status: Status
    reason: str = ""
    config: Config | None = None


@dataclass(frozen=True)
class Sweep:
    """A sweep and the state of each of its cells.

    Attributes:
        path: Its folder.
        index: What ``sweep.json`` says.
        cells: In the order of the index.
        running: Whether a process trains it now, or waits for those that do.
    """

    path: Path
    index: SweepIndex
    cells: tuple[Cell, ...]
    running: bool

    @property
    def name(self) -> str:
        """That of its folder."""
        return self.path.name

    def values(self, axis: str) -> tuple[Any, ...]:
        """The values of an axis in rising order, each once; autoencoders have no beta."""
        cells = [
            cell.index for cell in self.cells if cell.index.variational or axis not in VAE_AXES
        ]
        return tuple(sorted({getattr(cell, axis) for cell in cells}))

    def cell(self, **values: object) -> Cell | None:
        """The first cell with these values on these axes; None for a hole in the grid.

        Args:
            values: By the names in ``AXES``; ``variational`` tells an autoencoder from beta 0.
        """
        for cell in self.cells:
            if all(getattr(cell.index, axis) == value for axis, value in values.items()):
                return cell
        return None


@dataclass(frozen=True)
class Sweeps:
    """Sweeps found, and a sentence for each ``sweep.json`` that cannot be read."""

    found: tuple[Sweep, ...]
    problems: tuple[str, ...]


def find_sweeps(*folders: str | Path) -> Sweeps:
    """Look for sweeps in folders of bundles."""
    found: list[Sweep] = []
    problems: list[str] = []
    for path in _sweep_folders(folders):
        try:
            found.append(read_sweep(path))
        except BundleError as error:
            problems.append(str(error))
    return Sweeps(tuple(found), tuple(problems))


def read_sweep(folder: Path) -> Sweep:
    """A sweep with the state of its cells, some 10 ms a bundle: all that can be checked is.

    Raises:
        BundleError: ``sweep.json`` is missing, damaged, or says what cannot be.
    """
    index = read_index(folder)
    cells = tuple(look(folder, cell) for cell in index.cells)
    return Sweep(folder, index, cells, is_held(folder / NOTES / LOCK))


def read_index(folder: Path) -> SweepIndex:
    """What ``sweep.json`` says; the cells are not looked at.

    Raises:
        BundleError: It is missing, damaged, or says what cannot be.
    """
    path = folder / INDEX
    try:
        return parse(SweepIndex, json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise BundleError(f"{path}: cannot be read ({error.strerror}).") from error
    except ValueError as error:  # also StrictError, JSONDecodeError, UnicodeDecodeError
        raise BundleError(
            f"{path}: {str(error).rstrip('.')}. Restore the file, or delete it: the bundles "
            "beside it then stand for themselves, and the sweep's command writes it anew."
        ) from error


def write_index(folder: Path, index: SweepIndex) -> None:
    """Write ``sweep.json``, whole or not at all.

    Raises:
        OSError: The disk refuses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(plain(index), indent=2, ensure_ascii=False) + "\n"
    replace_file(folder / INDEX, text.encode(), staging=folder)


def failure_note(folder: Path, name: str) -> Path:
    """Where the reason is kept why a cell failed."""
    return folder / NOTES / f"{name}.failed"


def look(folder: Path, index: CellIndex) -> Cell:
    """The state of one cell of the sweep in ``folder``."""
    path = folder / index.name
    if (path / layout.CONFIG).is_file():
        return _look_into(path, index)
    if is_running(path):
        return Cell(index, path, "running", "It is being trained.")
    note = failure_note(folder, index.name)
    if note.is_file():
        return Cell(index, path, "failed", note.read_text(encoding="utf-8", errors="replace"))
    if (path / layout.RESUME).is_dir():
        return Cell(index, path, "stopped", "Its training was stopped; run the sweep again.")
    return Cell(index, path, "missing", "It has not been trained yet; run the sweep again.")


def _look_into(path: Path, index: CellIndex) -> Cell:
    try:
        config = checked(path)
    except BundleError as error:
        return Cell(index, path, "failed", str(error))
    found = place_of(config, name=index.name)
    for axis in AXES:
        if getattr(found, axis) != getattr(index, axis):
            return Cell(
                index,
                path,
                "failed",
                f"{path}: {axis} is {getattr(found, axis)} in its config.json, but "
                f"{getattr(index, axis)} in {INDEX}: the folder was replaced. Move it away and "
                "run the sweep again.",
            )
    return Cell(index, path, "done", config=config)


def place_of(config: Config, *, name: str) -> CellIndex:
    """Where a bundle stands on the axes."""
    return CellIndex(
        name=name,
        beta=config.objective.beta,
        latent_dim=config.model.latent_dim,
        architecture=config.model.architecture,
        variational=config.model.variational,
        warmup=config.objective.warmup,
        free_bits=config.objective.free_bits,
    )


def _sweep_folders(folders: tuple[str | Path, ...]) -> Iterator[Path]:
    for folder in map(Path, folders):
        if (folder / INDEX).is_file():
            yield folder
        elif folder.is_dir():
            yield from sorted(path.parent for path in folder.glob(f"*/{INDEX}"))
