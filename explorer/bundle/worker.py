"""What works through the queue: a small process that outlives the app and starts the runs.

    python -m explorer.bundle.worker FOLDER_OF_BUNDLES

Each run is the command line in a process of its own. It hears of the worker's end, so that no run
is left that nobody watches: it stops as after Ctrl-C, and can go on.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from explorer.bundle import tended
from explorer.bundle.errors import BundleError
from explorer.bundle.jobs import WORKER_LOCK, Ending, Job, Queue
from explorer.bundle.orders import ROOT, SCRIPT
from explorer.bundle.running import held, is_held

POLL_S = 0.1
PATIENCE_S = 60.0  # UMAP's compiled loop hears of an interruption at its end
INTERRUPTED = 130
MAX_WORDS = 800
WORKER_LOG = "worker.log"
MODULE = "explorer.bundle.worker"

# Of this process: kept so that they are reaped when they end.
_started: list[subprocess.Popen[bytes]] = []


def start_worker(out: Path, *, script: Path | None = None) -> None:
    """Have somebody work through the queue of a folder, unless somebody does.

    The process belongs to no terminal and to no app: it stays when this one ends.

    Raises:
        BundleError: It cannot be started.
    """
    _started[:] = [process for process in _started if process.poll() is None]
    folder = Queue(out).folder
    if is_held(folder / WORKER_LOCK):
        return
    try:
        with (folder / WORKER_LOG).open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", MODULE, str(out.resolve()), str(script or ROOT / SCRIPT)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environ(),
                start_new_session=True,
            )
    except OSError as error:
        raise BundleError(
            f"{folder}: the queue cannot be worked through ({error.strerror or error}); free some "
            "space or memory and try again."
        ) from error
    _started.append(process)


def is_starting() -> bool:
    """Whether a worker that this process started may not have begun yet, or is at work."""
    return any(process.poll() is None for process in _started)


def work(out: Path, *, script: Path | None = None, at_once: int = 1) -> None:
    """Work through the queue of a folder until nothing waits in it.

    Args:
        out: The folder of bundles.
        script: The command line; by default this program's.
        at_once: Runs at once.

    Raises:
        BundleError: Somebody else works on it, or the disk refuses.
    """
    queue = Queue(out)
    # An order that arrives while the lock is being given back is seen by the second look.
    while queue.is_waiting():
        busy = f"{queue.folder}: another process works through this queue now."
        with held(queue.folder / WORKER_LOCK, busy=busy):
            queue.settle()
            _Work(queue, script or ROOT / SCRIPT, at_once=at_once).until_done()


def environ() -> dict[str, str]:
    """The environment of what is started: this program is found, and its words come at once."""
    rest = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([str(ROOT), *([rest] if rest else [])])
    return os.environ | {"PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}


@dataclass
class _Running:
    """A job and its process; ``asked_at`` is when it was asked to stop."""

    job: Job
    process: subprocess.Popen[bytes]
    asked_at: float | None = None


class _Work:
    def __init__(self, queue: Queue, script: Path, *, at_once: int) -> None:
        self.queue, self.script, self.at_once = queue, script, at_once
        self.running: list[_Running] = []

    def until_done(self) -> None:
        try:
            while self._begin() or self.running:
                time.sleep(POLL_S)
                self._look()
        finally:
            self._stop_all()

    def _begin(self) -> bool:
        """Start what waits, as far as there is room; whether anything was started."""
        if len(self.running) >= self.at_once:
            return False
        try:
            job = self.queue.take()
        except BundleError:
            if self.running:  # they go on; the next look may do better
                return False
            raise
        if job is None:
            return False
        try:
            self.running.append(_Running(job, self._start(job)))
        except OSError as error:
            reason = f"It cannot be started ({error.strerror or error})."
            self.queue.end(job.number, Ending("failed", reason))
        return True

    def _start(self, job: Job) -> subprocess.Popen[bytes]:
        words = job.order.words(self.queue.out)
        with job.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", tended.MODULE, str(self.script), *words],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=environ(),
                # Ctrl-C in a terminal reaches the worker alone, which then stops its runs.
                start_new_session=True,
            )

    def _look(self) -> None:
        for one in list(self.running):
            code = one.process.poll()
            if code is not None:
                self.running.remove(one)
                self._end(one, code)
            elif self.queue.is_stop_asked(one.job.number):
                self._stop(one)

    def _stop(self, one: _Running) -> None:
        """Ask it to stop; kill it when it does not hear, which costs at most an epoch."""
        if one.asked_at is None:
            one.asked_at = time.monotonic()
            _close(one.process)
        elif time.monotonic() - one.asked_at > PATIENCE_S:
            one.process.kill()

    def _end(self, one: _Running, code: int) -> None:
        _close(one.process)
        self.queue.end(one.job.number, _ending(code, one))

    def _stop_all(self) -> None:
        for one in self.running:
            one.asked_at = time.monotonic()
            _close(one.process)
        for one in self.running:
            try:
                one.process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                one.process.kill()
            self._end(one, one.process.wait())


def _close(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    with suppress(OSError):
        process.stdin.close()


def _ending(code: int, one: _Running) -> Ending:
    if code == 0:
        return Ending("done", "")
    if one.asked_at is not None:
        return Ending("stopped", "It was stopped.")
    if code < 0:
        memory = ", perhaps for want of memory" if code == -9 else ""
        return Ending("stopped", f"It was killed from outside (signal {-code}{memory}).")
    if code == INTERRUPTED:
        return Ending("stopped", "It was interrupted from outside.")
    return Ending("failed", last_words(one.job.log))


def last_words(log: Path) -> str:
    """The last paragraph of a log, which is where the command line says what went wrong."""
    with suppress(OSError):
        text = log.read_text(encoding="utf-8", errors="replace").replace("\r", "\n").strip()
        if words := text.rpartition("\n\n")[2].strip():
            return words[-MAX_WORDS:]
    return "It ended without a word."


def main(arguments: list[str]) -> int:
    """Work through the queue of the folder given, with the script given, if any.

    Returns:
        The exit code: 0 done, 1 it could not, 130 interrupted.
    """
    try:
        work(Path(arguments[0]), script=Path(arguments[1]) if arguments[1:] else None)
    except BundleError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
