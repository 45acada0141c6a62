"""The queue of runs: a folder of small files, so that nothing is lost with the app or the worker.

In ``OUT/.queue`` each job has a number and up to four files, each written whole by one side:

* ``000001.json``, the order, by whoever asks for the run;
* ``000001.log``, what the run says, by the worker: it is there as soon as the run was begun;
* ``000001.stop``, by whoever asks it to stop;
* ``000001.end``, how it ended, by the worker.

What a job is doing follows from these and from who holds the worker's lock, which dies with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from explorer.bundle.atomic import replace_file
from explorer.bundle.errors import BundleError
from explorer.bundle.format import CONFIG, FILES, RESUME
from explorer.bundle.orders import Order, check_order, from_bytes, require_name, to_bytes
from explorer.bundle.running import held, is_held, is_running
from explorer.bundle.runs import SETTINGS, has_state
from explorer.bundle.strict import parse, plain
from explorer.bundle.sweeps import INDEX, NOTES
from explorer.bundle.sweeps import LOCK as SWEEP_LOCK

QUEUE = ".queue"
LOCK, WORKER_LOCK = "queue.lock", "worker.lock"
ORDER, LOG, STOP, END = ".json", ".log", ".stop", ".end"
MAX_ACTIVE = 50
PATIENCE_S = 10.0  # a change takes milliseconds, on a slow disk perhaps a second
BUSY = "the queue is being changed by somebody else; try again in a moment."
ORPHANED = (
    "The program that ran it was ended, perhaps with the machine. Going on starts after the last "
    "epoch that was finished."
)

Status = Literal["waiting", "running", "stopping", "stopped", "failed", "done"]
ACTIVE: tuple[Status, ...] = ("waiting", "running", "stopping")


@dataclass(frozen=True)
class Ending:
    """How a job ended, as its file holds it."""

    status: Literal["stopped", "failed", "done"]
    reason: str


@dataclass(frozen=True)
class Job:
    """One order and what became of it.

    Attributes:
        number: By which it is called; a later one has a higher number.
        order: What was asked for.
        folder: Of the bundle or the sweep.
        log: What the run says, once it was begun.
        status: What it is doing.
        reason: Why it stopped or failed, in a sentence.
    """

    number: str
    order: Order
    folder: Path
    log: Path
    status: Status
    reason: str = ""

    @property
    def is_active(self) -> bool:
        """Whether it runs, stops or waits."""
        return self.status in ACTIVE


@dataclass(frozen=True)
class Damaged:
    """A job whose file cannot be read."""

    number: str
    reason: str


@dataclass(frozen=True)
class Listing:
    """All jobs in the order they are done in.

    Attributes:
        jobs: That can be read.
        damaged: That cannot.
        is_worked_on: Whether a worker is there to begin those that wait.
    """

    jobs: tuple[Job, ...]
    damaged: tuple[Damaged, ...]
    is_worked_on: bool


class Queue:
    """The queue of a folder of bundles; any number of programs may use it at once.

    Args:
        out: The folder; all runs are folders right in it.
    """

    def __init__(self, out: Path) -> None:
        self.out, self.folder = out, out / QUEUE

    def listing(self) -> Listing:
        """What there is now; a look, which changes nothing."""
        is_worked_on = is_held(self.folder / WORKER_LOCK)
        jobs, damaged = [], []
        for number in self._numbers(ORDER):
            try:
                jobs.append(self._job(number, is_worked_on=is_worked_on))
            except FileNotFoundError:  # removed meanwhile
                continue
            except (OSError, ValueError) as error:
                damaged.append(Damaged(number, self._damage(number, error)))
        return Listing(_without_followed(jobs), tuple(damaged), is_worked_on)

    def submit(self, order: Order) -> str:
        """Put an order at the end of the queue.

        Returns:
            The number of the job.

        Raises:
            BundleError: The order cannot be, its name is taken, or the disk refuses.
        """
        check_order(order)
        with self._alone():
            return self._add(order)

    def go_on(self, number: str) -> str:
        """Put a job that ended at the end of the queue again, to go on where it was.

        Returns:
            Its new number.

        Raises:
            BundleError: It did not end, is not there any more, or the disk refuses.
        """
        with self._alone():
            job = self._find(number)
            if job.is_active:
                raise BundleError(f"{job.order.name} is {job.status}; it has not ended.")
            return self._add(self._rest_of(job))

    def adopt(self, name: str) -> str:
        """Put a run that was stopped elsewhere, as in a terminal, into the queue to go on.

        Raises:
            BundleError: There is no such run, it goes on, or the disk refuses.
        """
        try:
            order = Order(name, task="resume")
        except ValueError as error:
            raise BundleError(str(error)) from error
        return self.submit(order)

    def stop(self, number: str) -> None:
        """Ask a job to stop so that it can go on later; one that waits is taken out.

        Raises:
            BundleError: It has ended, or the disk refuses.
        """
        with self._alone():
            job = self._find(number)
            if job.status == "waiting":
                self._forget(number)
            elif job.is_active:
                self._file(number, STOP).touch()
            else:
                raise BundleError(f"{job.order.name} has ended already.")

    def remove(self, number: str) -> None:
        """Take a job out of the list; what it left in its own folder stays there.

        Raises:
            BundleError: It is running, or the disk refuses.
        """
        _require_number(number)
        with self._alone():
            for job in self.listing().jobs:
                if job.number == number and job.status in ("running", "stopping"):
                    raise BundleError(f"{job.order.name} is {job.status}; stop it first.")
            self._forget(number)

    # ---- for the worker ----

    def take(self) -> Job | None:
        """The next job that waits, marked as begun; None when none does.

        Raises:
            BundleError: The disk refuses.
        """
        with self._alone():
            for job in self.listing().jobs:
                if job.status == "waiting":
                    job.log.touch(exist_ok=False)
                    return job
        return None

    def is_stop_asked(self, number: str) -> bool:
        """Whether the job should stop."""
        return self._file(number, STOP).exists()

    def end(self, number: str, ending: Ending) -> None:
        """Note how a job ended; where the disk refuses, it will be found orphaned."""
        blob = json.dumps(plain(ending)).encode()
        with suppress(OSError):
            replace_file(self._file(number, END), blob, staging=self.folder)

    def settle(self) -> None:
        """Note the end of jobs whose worker was killed; for the worker that follows."""
        for number in self._numbers(LOG):
            if not self._file(number, END).exists():
                self.end(number, Ending("stopped", ORPHANED))

    def is_waiting(self) -> bool:
        """Whether there is a job to begin."""
        return any(job.status == "waiting" for job in self.listing().jobs)

    # ---- files ----

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else changes the queue meanwhile.

        Raises:
            BundleError: The disk refuses, or somebody does not let go.
        """
        try:
            with held(self.folder / LOCK, busy=BUSY, patience_s=PATIENCE_S):
                yield
        except OSError as error:
            raise BundleError(
                f"{self.folder}: cannot be written ({error.strerror or error}); free some space "
                "or ask for the right to write there."
            ) from error

    def _add(self, order: Order) -> str:
        jobs = self.listing().jobs
        _require_room([job for job in jobs if job.is_active], order)
        require_place(self.out / order.name, order)
        numbers = self._numbers(ORDER) + self._numbers(LOG)
        number = f"{1 + max(map(int, numbers), default=0):06d}"
        replace_file(self._file(number, ORDER), to_bytes(order), staging=self.folder)
        for job in jobs:
            if job.order.name == order.name:  # ended, and followed by the new one
                self._forget(job.number)
        return number

    def _rest_of(self, job: Job) -> Order:
        """What is left of a job to do: a sweep skips what is done by itself."""
        if job.order.task == "sweep" or not self._is_begun_by(job):
            return job.order
        return replace(job.order, task="resume", overwrite=False)

    def _is_begun_by(self, job: Job) -> bool:
        """Whether the state in the run's folder is the job's own, and not one it was to replace.

        A run killed as it began has not touched the older one yet.
        """
        if not has_state(job.folder):
            return False
        if not job.order.overwrite:
            return True
        settings = job.folder / RESUME / SETTINGS
        return settings.stat().st_mtime > self._file(job.number, ORDER).stat().st_mtime

    def _find(self, number: str) -> Job:
        _require_number(number)
        for job in self.listing().jobs:
            if job.number == number:
                return job
        raise BundleError("This job is not in the queue any more.")

    def _job(self, number: str, *, is_worked_on: bool) -> Job:
        order = from_bytes(self._file(number, ORDER).read_bytes())
        job = Job(number, order, self.out / order.name, self._file(number, LOG), "waiting")
        if self._file(number, END).exists():
            ending = self._ending(number)
            return replace(job, status=ending.status, reason=ending.reason)
        if not job.log.exists():
            return job
        if is_worked_on:
            return replace(job, status="stopping" if self.is_stop_asked(number) else "running")
        if is_busy(job.folder):  # its worker was killed a moment ago
            return replace(job, status="stopping")
        return replace(job, status="stopped", reason=ORPHANED)

    def _ending(self, number: str) -> Ending:
        try:
            return parse(Ending, json.loads(self._file(number, END).read_bytes()))
        except ValueError:
            return Ending("stopped", "How it ended cannot be read.")

    def _damage(self, number: str, error: Exception) -> str:
        why = getattr(error, "strerror", None) or str(error)
        return f"{self._file(number, ORDER)}: {why.rstrip('.')}. It is passed over; remove it."

    def _forget(self, number: str) -> None:
        # The order first: without it there is no job, wherever a kill stops the rest.
        for suffix in (ORDER, STOP, LOG, END):
            self._file(number, suffix).unlink(missing_ok=True)

    def _numbers(self, suffix: str) -> list[str]:
        found = self.folder.glob(f"*{suffix}") if self.folder.is_dir() else ()
        return sorted(path.stem for path in found if path.stem.isdecimal())

    def _file(self, number: str, suffix: str) -> Path:
        return self.folder / f"{number}{suffix}"


def _require_room(active: Sequence[Job], order: Order) -> None:
    if len(active) >= MAX_ACTIVE:
        raise BundleError(f"{len(active)} runs wait already; let some of them end first.")
    for job in active:
        if job.order.name.casefold() == order.name.casefold():
            raise BundleError(
                f"{job.order.name} is in the queue already ({job.status}); choose another name, "
                "or take it out first."
            )


def is_busy(folder: Path) -> bool:
    """Whether a process trains a run or a sweep there now."""
    return is_running(folder) or is_held(folder / NOTES / SWEEP_LOCK)


def require_place(folder: Path, order: Order) -> None:
    """Refuse a name that is taken, in the words of a page; the command line looks again.

    Raises:
        BundleError: Saying what is there and what to do.
    """
    require_name(folder.name)
    name = folder.name
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise BundleError(f"{name} is a link or a file; choose another name.")
    if is_busy(folder):
        raise BundleError(f"{name} is being trained now; wait for it, or choose another name.")
    if order.task == "resume":
        if not has_state(folder):
            raise BundleError(f"{name} has no run to go on with; start it anew.")
        return
    found = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if order.task == "sweep":
        if found & {CONFIG, RESUME}:
            raise BundleError(f"{name} is a single model; choose another name for the grid.")
        return
    _require_free(name, found, has_run=has_state(folder), overwrite=order.overwrite)


def _require_free(name: str, found: set[str], *, has_run: bool, overwrite: bool) -> None:
    if INDEX in found:
        raise BundleError(f"{name} is a grid of models; choose another name.")
    if has_run and not overwrite:
        raise BundleError(
            f"{name} is a run that was stopped; go on with it, replace it, or choose another name."
        )
    if CONFIG in found and not overwrite:
        raise BundleError(f"{name} is a model already; replace it, or choose another name.")
    if foreign := sorted(found - {*FILES, RESUME}):
        raise BundleError(
            f"{name} holds {foreign[0]}, which is no part of a model; choose another name, or "
            "move it away."
        )


def _without_followed(jobs: Sequence[Job]) -> tuple[Job, ...]:
    """Without jobs that ended and were queued again; a kill between the two leaves both."""
    newest = {job.order.name: job.number for job in jobs}
    return tuple(job for job in jobs if job.is_active or newest[job.order.name] == job.number)


def _require_number(number: str) -> None:
    if not number.isdecimal():
        raise BundleError("This job is not in the queue.")
