"""Where the cells of a sweep run: as processes of this machine, several at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol

import torch

from explorer.training import cell
from explorer.training.settings import RunSettings
from explorer.vae.config import ConfigError

ROOT = Path(__file__).resolve().parents[2]
VISIBLE = "CUDA_VISIBLE_DEVICES"


class Started(Protocol):
    """A cell that was handed to an engine."""

    def poll(self) -> int | None:
        """Its exit code, negative when it was killed; None while it runs or waits."""

    def stop(self) -> None:
        """Ask it to stop so that it can be resumed."""

    def end(self, patience_s: float) -> None:
        """Wait for it to stop, then kill it."""


class Engine(Protocol):
    """Something that runs cells.

    Attributes:
        slots: How many cells it takes at once.
    """

    slots: int

    def start(self, settings: Path, log: Path, *, slot: int) -> Started:
        """Start the cell whose settings are in a file; its output is added to ``log``."""

    def close(self) -> None:
        """Give back what the engine holds."""


def usable_cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def local_engine(settings: RunSettings, *, jobs: int | None) -> LocalEngine:
    """One process per core, or per GPU where runs use one.

    Args:
        settings: What the cells share; ``threads`` are those of one cell.
        jobs: Cells at once, if not as many as cores or GPUs allow.

    Raises:
        ConfigError: ``jobs`` is less than 1.
    """
    require_jobs(jobs)
    gpus = visible_gpus() if settings.device != "cpu" else ()
    threads = threads_of(settings)
    slots = jobs or len(gpus) or max(1, usable_cores() // threads)
    if gpus and settings.threads is None:
        threads = max(1, usable_cores() // slots)
    return LocalEngine(slots, gpus=gpus, threads=threads)


def threads_of(settings: RunSettings) -> int:
    """CPU threads of one cell: two processes of one thread beat one process of two."""
    return settings.threads or 1


def require_jobs(jobs: int | None) -> None:
    """Refuse a number of cells at once that is none.

    Raises:
        ConfigError: Naming it.
    """
    if jobs is not None and jobs < 1:
        raise ConfigError(f"jobs is {jobs}; choose 1 or more, or leave --jobs out.")


def visible_gpus(environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The GPUs this process may use, by the names that ``CUDA_VISIBLE_DEVICES`` takes."""
    if not torch.cuda.is_available():
        return ()
    given = [name.strip() for name in environ.get(VISIBLE, "").split(",") if name.strip()]
    return tuple(given or map(str, range(torch.cuda.device_count())))


class LocalEngine:
    """Cells as processes of this machine; on GPUs each has one, in turn."""

    def __init__(self, slots: int, *, gpus: tuple[str, ...] = (), threads: int = 1) -> None:
        self.slots, self.gpus, self.threads = slots, gpus, threads

    def start(self, settings: Path, log: Path, *, slot: int) -> CellProcess:
        """Start the cell whose settings are in a file; its output is added to ``log``.

        Raises:
            OSError: The log cannot be written, or there is no room for another process.
        """
        with log.open("ab") as output:
            return CellProcess(settings, output, environ=self.environ(slot))

    def environ(self, slot: int) -> dict[str, str]:
        """The environment of the process in a slot: its GPU, and no more threads than it has."""
        threads = str(self.threads)
        chosen = {"OMP_NUM_THREADS": threads, "NUMBA_NUM_THREADS": threads}
        if self.gpus:
            chosen[VISIBLE] = self.gpus[slot % len(self.gpus)]
        return os.environ | chosen | {"PYTHONPATH": search_path()}

    def close(self) -> None:
        """Nothing is held."""


class CellProcess:
    """A process that ends with the pipe it reads from, even when this one is killed."""

    def __init__(self, settings: Path, output: IO[bytes], *, environ: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", cell.MODULE, str(settings)],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            env=environ,
            # Ctrl-C in a terminal reaches the sweep alone, which then stops its cells.
            start_new_session=True,
        )

    def poll(self) -> int | None:
        """The exit code, negative when it was killed; None while it runs."""
        code = self._process.poll()
        if code is not None:
            self.stop()
        return code

    def stop(self) -> None:
        """Close the pipe: the cell stops as after Ctrl-C."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()

    def end(self, patience_s: float) -> None:
        """Wait for the process, then kill it, which costs its run at most an epoch."""
        try:
            self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def search_path(environ: Mapping[str, str] = os.environ) -> str:
    """``PYTHONPATH`` with this program in it, wherever the command was given."""
    rest = environ.get("PYTHONPATH")
    return os.pathsep.join([str(ROOT), *([rest] if rest else [])])
