"""A sweep from its axes to its bundles: finished cells are skipped, the others trained."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from explorer import data
from explorer.bundle import RESUME, BundleError
from explorer.bundle.atomic import replace_file
from explorer.bundle.format import CONFIG
from explorer.bundle.running import held, is_held
from explorer.bundle.sweeps import (
    INDEX,
    LOCK,
    NOTES,
    Cell,
    SweepIndex,
    failure_note,
    look,
    read_index,
    write_index,
)
from explorer.training import cell as process
from explorer.training import state
from explorer.training.engines import Engine, Started
from explorer.training.errors import TrainingError
from explorer.training.grid import Axes, Run, difference, runs_of
from explorer.training.settings import RunSettings, from_json, to_json
from explorer.training.sweep_table import Progress, Row, Table, progress_of
from explorer.vae.config import ConfigError

POLL_S = 0.1
PATIENCE_S = 20.0  # UMAP's compiled loop hears of an interruption at its end
KNOWN_FRACTION = 0.002  # of the work, before a guess at the rest means anything


@dataclass(frozen=True)
class Outcome:
    """What a sweep came to.

    Attributes:
        done: Bundles of the cells asked for, trained now or before.
        failures: A sentence for each of the others.
    """

    done: tuple[Path, ...]
    failures: tuple[str, ...]


def train_sweep(
    base: RunSettings, axes: Axes, *, command: str, open_engine: Callable[[int], Engine]
) -> Outcome:
    """Train all cells that are not done yet; one that fails does not stop the others.

    Args:
        base: What the cells share; its folder is the sweep's.
        axes: In what they differ. A sweep that is there already is extended.
        command: The command line, which is kept in the index.
        open_engine: Makes what runs the cells, given their number.

    Raises:
        ConfigError: The axes or settings cannot be, or are not those of the sweep there.
        DataError: The pictures cannot be used.
        TrainingError: The folder holds something else, or the disk refuses.
        BundleError: ``sweep.json`` does not fit, or another process trains the sweep.
    """
    runs = runs_of(base, axes)
    folder = base.folder
    _require_place(folder, runs)
    _merged(folder, runs, command=command)
    # Once for all cells, before they would all do it at the same time.
    pictures = data.load(base.data)
    steps = base.optimisation.epochs * base.optimisation.steps_per_epoch(
        len(pictures.where(data.TRAIN))
    )
    with held(folder / NOTES / LOCK, busy=_busy(folder)):
        index = _merged(folder, runs, command=command)
        _write(lambda: write_index(folder, index), folder / INDEX)
        return _Sweeping(folder, runs, steps=steps).complete(open_engine)


def _require_place(folder: Path, runs: Sequence[Run]) -> None:
    if is_held(folder / NOTES / LOCK):
        raise BundleError(_busy(folder))
    if not folder.is_dir():
        return
    if (folder / CONFIG).exists() or (folder / RESUME).exists():
        raise TrainingError(f"{folder}: a single run is there; choose another --name.")
    ours = {INDEX, NOTES, *(run.index.name for run in runs)}
    for path in sorted(folder.iterdir()):
        is_cell = (path / CONFIG).exists() or (path / RESUME).exists()
        if path.name not in ours and not is_cell:
            raise TrainingError(
                f"{folder}: holds {path.name}, which is no part of a sweep; choose another "
                "--name, or move it away."
            )


def _busy(folder: Path) -> str:
    return (
        f"{folder}: another process trains this sweep now; wait for it, or choose another --name."
    )


def _merged(folder: Path, runs: Sequence[Run], *, command: str) -> SweepIndex:
    """The index there, if any, with the cells asked for.

    Raises:
        BundleError: It cannot be read, or a cell of it is not what its name says.
        ConfigError: The cells there were trained with other settings.
    """
    there = read_index(folder) if (folder / INDEX).exists() else SweepIndex("", ())
    known = {cell.name: cell for cell in there.cells}
    for run in runs:
        found = known.get(run.index.name, run.index)
        if found != run.index:
            raise BundleError(
                f"{folder / INDEX}: says {found}, where the command says {run.index}: it was "
                "edited by hand. Restore it, or delete it: this command writes it anew."
            )
        _require_same(folder, run)
    new = tuple(run.index for run in runs if run.index.name not in known)
    commands = [there.command, command] if there.command and new else [there.command or command]
    return SweepIndex("\n".join(commands), there.cells + new)


def _require_same(folder: Path, run: Run) -> None:
    path = _settings_file(folder, run)
    if not path.is_file():
        return
    if changed := difference(run.settings, from_json(path.read_text(encoding="utf-8"))):
        raise ConfigError(
            f"{changed} in the sweep that is there ({folder}); repeat its command, or choose "
            "another --name."
        )


def _settings_file(folder: Path, run: Run) -> Path:
    return folder / NOTES / f"{run.index.name}.json"


def _write(write: Callable[[], None], path: Path) -> None:
    try:
        write()
    except OSError as error:
        raise TrainingError(
            f"{path}: cannot be written ({error.strerror or error}); free some space or choose "
            "another --out."
        ) from error


@dataclass
class _Job:
    """A cell that was started."""

    run: Run
    started: Started
    since: float
    from_fraction: float


class _Sweeping:
    def __init__(self, folder: Path, runs: Sequence[Run], *, steps: int) -> None:
        self.folder, self.runs, self.steps = folder, runs, steps
        self.table = Table()
        self.reasons: dict[str, str] = {}
        self.waiting: deque[Run] = deque()
        self.jobs: dict[int, _Job] = {}
        self.num_done = 0
        # Of the cells of this session that ended: seconds, and fractions of a run.
        self.spent = self.gained = 0.0

    def complete(self, open_engine: Callable[[int], Engine]) -> Outcome:
        self._sort_out()
        if self.waiting:
            self.table.say(f"{self.folder.name}: {self._counts()}.")
            engine = open_engine(len(self.waiting))
            try:
                self._train(engine)
            finally:
                self._stop()
                engine.close()
        paths = [run.settings.folder for run in self.runs if run.index.name not in self.reasons]
        return Outcome(
            tuple(paths), tuple(f"{name}: {reason}" for name, reason in self.reasons.items())
        )

    def _sort_out(self) -> None:
        """Which cells are done, which cannot be touched, and which wait."""
        for run in self.runs:
            found = look(self.folder, run.index)
            if found.status == "done":
                self.num_done += 1
            elif reason := _why_not_ours(found, run):
                self._fail(run, reason)
            else:
                self.waiting.append(run)

    def _train(self, engine: Engine) -> None:
        while self.waiting or self.jobs:
            for slot in range(engine.slots):
                if self.waiting and slot not in self.jobs:
                    self._start(engine, slot)
            time.sleep(POLL_S)
            for slot, job in list(self.jobs.items()):
                code = job.started.poll()
                if code is not None:
                    del self.jobs[slot]
                    self._end(job, code)
            self._show()
        self.table.clear()

    def _start(self, engine: Engine, slot: int) -> None:
        run = self.waiting.popleft()
        settings = _settings_file(self.folder, run)
        try:
            failure_note(self.folder, run.index.name).unlink(missing_ok=True)
            replace_file(settings, to_json(run.settings).encode(), staging=settings.parent)
            started = engine.start(settings, self._log(run), slot=slot)
        except OSError as error:
            self._fail(run, f"it cannot be started ({error.strerror or error}).")
            return
        fraction = self._progress(run).fraction
        self.jobs[slot] = _Job(run, started, time.monotonic(), fraction)

    def _end(self, job: _Job, code: int) -> None:
        seconds = time.monotonic() - job.since
        found = look(self.folder, job.run.index)
        if found.status == "done":
            self.num_done += 1
            self.spent += seconds
            self.gained += 1 - job.from_fraction
            self.table.say(_told(found, seconds))
        elif code == process.DONE:
            self._fail(job.run, _not_here(found))
        elif code < 0 or code == process.STOPPED:
            self._fail(job.run, _stopped(code))
        else:
            self._note(job.run, self._last_words(job.run))

    def _note(self, run: Run, reason: str) -> None:
        """Keep the reason beside the cells, for whoever looks at the sweep later."""
        self._fail(run, reason)
        with suppress(OSError):
            failure_note(self.folder, run.index.name).write_text(reason, encoding="utf-8")

    def _fail(self, run: Run, reason: str) -> None:
        self.reasons[run.index.name] = reason
        self.table.say(f"{run.index.name}: {reason}")

    def _log(self, run: Run) -> Path:
        return self.folder / NOTES / f"{run.index.name}.log"

    def _last_words(self, run: Run) -> str:
        path = self._log(run)
        with suppress(OSError):
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            if said := [line.strip() for line in lines if line.strip()]:
                return said[-1]
        return f"it ended without a word; see {path}."

    def _stop(self) -> None:
        for job in self.jobs.values():
            job.started.stop()
        until = time.monotonic() + PATIENCE_S
        for job in self.jobs.values():
            job.started.end(max(0.0, until - time.monotonic()))
        self.table.clear()

    def _progress(self, run: Run) -> Progress:
        return progress_of(run.settings.folder, steps=self.steps)

    def _show(self) -> None:
        now, epochs = time.monotonic(), self.runs[0].settings.optimisation.epochs
        jobs = list(self.jobs.values())
        rows = [
            Row(job.run.index.name, self._progress(job.run), epochs, now - job.since)
            for job in jobs
        ]
        self.table.show(f"{self.folder.name}: {self._counts()}; {self._left(jobs, rows)}", rows)

    def _counts(self) -> str:
        counts = {
            "being trained": len(self.jobs),
            "waiting": len(self.waiting),
            "failed": len(self.reasons),
        }
        told = [f"{number} {word}" for word, number in counts.items() if number]
        return ", ".join([f"{self.num_done} of {len(self.runs)} cells done", *told])

    def _left(self, jobs: Sequence[_Job], rows: Sequence[Row]) -> str:
        """How long the rest takes if it goes as fast as what this session has done."""
        fractions = [row.progress.fraction for row in rows]
        gained = self.gained + sum(fractions) - sum(job.from_fraction for job in jobs)
        if gained < KNOWN_FRACTION * len(self.runs):
            return "time left unknown"
        spent = self.spent + sum(row.seconds for row in rows)
        rest = len(self.waiting) + len(rows) - sum(fractions)
        seconds = rest * spent / gained / max(1, len(jobs))
        return f"about {tqdm.format_interval(seconds)} left"


def _why_not_ours(found: Cell, run: Run) -> str:
    """A sentence on a folder that was put there by hand; such a one is never replaced."""
    if (found.path / CONFIG).exists():
        return found.reason
    settings = found.path / RESUME / state.SETTINGS
    if not settings.is_file():
        return ""
    try:
        changed = difference(from_json(settings.read_text(encoding="utf-8")), run.settings)
    except ConfigError as error:
        return f"{settings}: {error}"
    if not changed:
        return ""
    return (
        f"{found.path}: the run stopped there is not the sweep's ({changed}); move it away and "
        "run the sweep again."
    )


def _not_here(found: Cell) -> str:
    if found.status == "failed":
        return found.reason
    return (
        f"it was trained, but {found.path} is not here; choose an --out that all machines share."
    )


def _stopped(code: int) -> str:
    how = f"killed (signal {-code})" if code < 0 else "stopped"
    memory = ", perhaps for want of memory" if code == -9 else ""
    return f"it was {how}{memory}; run the sweep again to go on with it."


def _told(found: Cell, seconds: float) -> str:
    assert found.config is not None
    results = found.config.results
    shown = [name for name in ("elbo", "rate", "distortion", "psnr") if name in results]
    told = ", ".join(f"{name} {results[name]:.1f}" for name in shown)
    return f"{found.index.name}: done in {tqdm.format_interval(seconds)}; {told}"
