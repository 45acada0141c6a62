"""The table of a sweep on stderr: redrawn on a terminal, lines now and then in a log."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from tqdm import tqdm

from explorer.bundle import RESUME
from explorer.training import state

REDRAWN_S, LOGGED_S = 0.5, 60.0
TAIL = 8_192  # bytes of a metrics log that surely hold its last event of training
# In all 79 characters, so that it fits the narrowest usual terminal.
NAME, EPOCH, TIME = 27, 8, 8
FIGURES = {"images_per_s": 7, "elbo": 10, "rate": 8, "distortion": 11}
TITLES = {name: name for name in FIGURES} | {"images_per_s": "img/s"}
HEADER = (
    f"{'cell':<{NAME}}{'epoch':>{EPOCH}}"
    + "".join(f"{TITLES[name]:>{width}}" for name, width in FIGURES.items())
    + f"{'time':>{TIME}}"
)


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Attributes:
        fraction: Of its steps, 0 to 1.
        figures: Of the last event of training: ``epoch``, ``images_per_s``, ``elbo`` and so on.
    """

    fraction: float
    figures: dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A cell that is being trained, since ``seconds``."""

    name: str
    progress: Progress
    epochs: int
    seconds: float

    def __str__(self) -> str:
        found = self.progress.figures
        epoch = f"{found['epoch']}/{self.epochs}" if found else "-"
        if self.progress.fraction >= 1:
            epoch = "finish"
        text = f"{self.name:<{NAME}}{epoch:>{EPOCH}}"
        for name, width in FIGURES.items():
            digits = 0 if name == "images_per_s" else 1
            text += f"{found[name]:>{width},.{digits}f}" if found else f"{'-':>{width}}"
        return text + f"{tqdm.format_interval(self.seconds):>{TIME}}"


class Table:
    """Writes the table; what was said stays above it."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self._is_terminal = self.stream.isatty()
        self._drawn = 0
        self._last = time.monotonic()

    def show(self, summary: str, rows: Sequence[Row]) -> None:
        """Draw the table, unless that was done a moment ago."""
        if time.monotonic() - self._last < (REDRAWN_S if self._is_terminal else LOGGED_S):
            return
        self._last = time.monotonic()
        lines = [summary, HEADER, *map(str, rows)]
        self.clear()
        if self._is_terminal:
            size = shutil.get_terminal_size()
            # A wrapped line, or one above the top, could not be taken back.
            lines = [line[: size.columns - 1] for line in lines[: size.lines - 1]]
            self._drawn = len(lines)
        self._write(lines)

    def say(self, sentence: str) -> None:
        """One line that stays."""
        self.clear()
        self._write([sentence])

    def clear(self) -> None:
        """Take the table off the terminal."""
        if self._drawn:
            self.stream.write(f"\x1b[{self._drawn}F\x1b[J")
        self._drawn = 0

    def _write(self, lines: Sequence[str]) -> None:
        self.stream.write("".join(f"{line}\n" for line in lines))
        self.stream.flush()


def progress_of(bundle: Path, *, steps: int) -> Progress:
    """How far the run in a folder is, by the end of its metrics log.

    Args:
        bundle: The folder of the run.
        steps: Of the whole run.
    """
    for line in reversed(_last_lines(bundle / RESUME / state.METRICS)):
        try:
            event = json.loads(line)
        except ValueError:  # cut by the beginning of the tail, or not whole yet
            continue
        if event.get("split") == "train":
            return Progress(min(1.0, event["step"] / steps), event)
    return Progress(0.0, {})


def _last_lines(path: Path) -> list[bytes]:
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - TAIL))
            return file.read().splitlines()
    except OSError:  # not there yet, or not any more
        return []
