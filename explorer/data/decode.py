"""Decoding and drawing in parallel, with a progress bar.

Pillow holds the interpreter while it decodes a JPEG, and drawing is many short numpy calls that
wait for it (two threads were measured slower than one), so many pictures are made in worker
processes that write into the same memory map; few in threads, which start at once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, Protocol, runtime_checkable

import numpy as np
from tqdm import tqdm

import explorer
from explorer.data.dataset import DataError, Indices, Pixels
from explorer.data.listing import Draw, Failure
from explorer.data.pictures import Frame, decode, quiet_decoding
from explorer.data.store import Store

BLOCK = 64  # pictures per task
WORKER = "explorer.data.worker"
MANY_FILES = 4000  # from here on worker processes repay their start


@runtime_checkable
class PortableDraw(Protocol):
    """A `Draw` that a worker process can repeat from plain JSON values."""

    def job(self) -> dict[str, Any]:
        """Those values."""

    def __call__(self, indices: Indices, out: Pixels) -> list[Failure]:
        """Fill an array with the pictures of these indices."""


@dataclass(frozen=True, eq=False)
class FileDraw:
    """A `Draw` that decodes files of a store; what cannot be decoded is a `Failure`."""

    store: Store
    names: Sequence[str]
    frame: Frame

    def job(self) -> dict[str, Any]:
        """What a worker process needs to do the same."""
        frame = asdict(self.frame)
        return {"store": str(self.store.path), "frame": frame, "names": list(self.names)}

    def __call__(self, indices: Indices, out: Pixels) -> list[Failure]:
        """Decode the files of these indices into an array."""
        failures = []
        for row, index in enumerate(indices):
            name = self.names[index]
            try:
                frame = self.frame.moved(name.rsplit("/", 1)[-1])
                out[row] = decode(_bytes(self.store, name), frame)
            except Exception as error:  # decoders raise anything on hostile bytes
                failures.append(Failure(int(index), f"{name}: {_reason(error)}"))
        return failures


def fill(
    out: Pixels, draw: Draw, *, label: str, progress: bool, many_files: int = MANY_FILES
) -> list[Failure]:
    """Draw every picture into an array (N, H, W, C), on all cores.

    Args:
        out: a memory map when it is to be filled by processes.
        draw: what draws blocks of pictures.
        label: what the progress bar says.
        progress: whether to show it, on stderr.
        many_files: from this number of pictures on, worker processes make them.

    Returns:
        The pictures that failed, in order.
    """
    failures: list[Failure] = []
    with tqdm(
        total=len(out), desc=label, unit="img", file=sys.stderr, disable=not progress
    ) as bar:
        if _is_for_processes(out, draw, many_files):
            assert isinstance(out, np.memmap)
            assert isinstance(draw, PortableDraw)
            steps = _in_processes(out, draw)
        else:
            steps = _in_threads(out, draw)
        for step in steps:
            bar.update(step.count)
            failures += step.failures
    return sorted(failures, key=lambda failure: failure.index)


def num_workers() -> int:
    """Threads or processes to use: the cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def blocks(count: int, *, first: int = 0, stride: int = 1) -> Iterator[Indices]:
    """Consecutive indices in blocks; every `stride`-th block from the `first` on."""
    for start in range(first * BLOCK, count, stride * BLOCK):
        yield np.arange(start, min(start + BLOCK, count))


@dataclass(frozen=True)
class _Step:
    count: int
    failures: Sequence[Failure]


def _is_for_processes(out: Pixels, draw: Draw, many_files: int) -> bool:
    is_parallel = num_workers() > 1 and len(out) >= many_files
    return is_parallel and isinstance(draw, PortableDraw) and isinstance(out, np.memmap)


def _in_threads(out: Pixels, draw: Draw) -> Iterator[_Step]:
    with quiet_decoding(), ThreadPoolExecutor(max_workers=num_workers()) as pool:
        tasks = {
            pool.submit(draw, block, out[block[0] : block[-1] + 1]): len(block)
            for block in blocks(len(out))
        }
        try:
            for task in as_completed(tasks):
                yield _Step(tasks[task], task.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # Ctrl-C must not wait for the rest
            raise


def _in_processes(
    out: np.memmap[tuple[int, ...], np.dtype[np.uint8]], draw: PortableDraw
) -> Iterator[_Step]:
    job = {**draw.job(), "out": str(out.filename), "stride": num_workers()}
    lines: SimpleQueue[str | None] = SimpleQueue()
    with _workers([{**job, "first": first} for first in range(num_workers())]) as workers:
        for worker in workers:
            Thread(target=_forward, args=(worker, lines), daemon=True).start()
        for _ in workers:
            while (line := lines.get()) is not None:
                step = json.loads(line)
                failures = [Failure(**failure) for failure in step["failures"]]
                yield _Step(step["count"], failures)
        if any(worker.wait() != 0 for worker in workers):
            raise DataError(
                f"A process that made pictures of {job.get('store', 'toy-faces')} was stopped; "
                "start again, with fewer pictures if memory is short."
            )


def _forward(worker: subprocess.Popen[str], lines: SimpleQueue[str | None]) -> None:
    assert worker.stdin is not None
    assert worker.stdout is not None
    for line in worker.stdout:
        lines.put(line)
    lines.put(None)


@contextmanager
def _workers(jobs: Sequence[object]) -> Iterator[list[subprocess.Popen[str]]]:
    """Plain processes: multiprocessing would run the caller's main script once more."""
    here = str(Path(explorer.__file__).parents[1])
    paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-P", "-m", WORKER]
    started: list[subprocess.Popen[str]] = []
    try:
        for job in jobs:
            worker = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env=environment,
            )
            started.append(worker)
            assert worker.stdin is not None
            with suppress(BrokenPipeError):  # it died; its exit status will tell
                worker.stdin.write(json.dumps(job))
            with suppress(BrokenPipeError):
                worker.stdin.close()
        yield started
    finally:
        for worker in started:
            worker.kill()
            worker.wait()
            if worker.stdout is not None:
                worker.stdout.close()


def _bytes(store: Store, name: str) -> bytes:
    blob = store.read(name)
    if not blob:
        raise ValueError("the file is empty (0 bytes)")
    return blob


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    if "cannot identify image file" in text:
        return "not a picture"
    return text.rstrip(".")
