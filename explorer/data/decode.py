"""Decoding in parallel, with a progress bar."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import numpy as np
from tqdm import tqdm

from explorer.data.dataset import Indices, Pixels
from explorer.data.listing import Draw, Failure
from explorer.data.pictures import Frame, decode, quiet_decoding
from explorer.data.store import Store

BLOCK = 64  # pictures per task


def fill(out: Pixels, draw: Draw, *, label: str, progress: bool) -> list[Failure]:
    """Draw every picture into an array (N, H, W, C), on all cores.

    Threads suffice: Pillow and numpy leave the interpreter free while they work.

    Returns:
        The pictures that failed, in order.
    """
    blocks = [np.arange(i, min(i + BLOCK, len(out))) for i in range(0, len(out), BLOCK)]
    failures: list[Failure] = []
    with (
        quiet_decoding(),
        tqdm(total=len(out), desc=label, unit="img", file=sys.stderr, disable=not progress) as bar,
        ThreadPoolExecutor(max_workers=num_workers()) as pool,
    ):
        waiting: dict[Future[Sequence[Failure]], int] = {}
        try:
            for block in blocks:
                task = pool.submit(draw, block, out[block[0] : block[-1] + 1])
                waiting[task] = len(block)
                if len(waiting) >= 2 * num_workers():
                    failures += _collect(waiting, bar)
            while waiting:
                failures += _collect(waiting, bar)
        except BaseException:
            pool.shutdown(cancel_futures=True)  # Ctrl-C must not wait for the rest
            raise
    return sorted(failures, key=lambda failure: failure.index)


def num_workers() -> int:
    """Threads to use: the cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def draw_files(store: Store, names: Sequence[str], frame: Frame) -> Draw:
    """A `Draw` that decodes files of a store; what cannot be decoded is a `Failure`."""

    def draw(indices: Indices, out: Pixels) -> list[Failure]:
        failures = []
        for row, index in enumerate(indices):
            try:
                out[row] = decode(_bytes(store, names[index]), frame)
            except Exception as error:  # decoders raise anything on hostile bytes
                failures.append(Failure(int(index), f"{names[index]}: {_reason(error)}"))
        return failures

    return draw


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


def _collect(waiting: dict[Future[Sequence[Failure]], int], bar: tqdm[None]) -> list[Failure]:
    finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
    failures: list[Failure] = []
    for task in finished:
        bar.update(waiting.pop(task))
        failures += task.result()
    return failures
