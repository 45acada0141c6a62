"""The command line, halted at a chosen moment until it is interrupted or killed.

    python -m tests.training.halting MOMENT MARKER train --data digits ...

At the moment the file MARKER is made, so that whoever waits for it can send a signal.
"""

from __future__ import annotations

import io
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

import train_cli
from explorer import latent
from explorer.training.trainer import Trainer
from tests.training.quick_cli import flat_map


def halt(marker: Path) -> None:
    marker.touch()
    while True:
        time.sleep(60)


def in_the_fifth_step(marker: Path) -> None:
    """In the middle of the second epoch, where an epoch has three steps."""
    take = Trainer._take_step

    def step(self: Trainer, *given: Any) -> Any:
        if self.step == 4:
            halt(marker)
        return take(self, *given)

    Trainer._take_step = step  # type: ignore[method-assign]


def while_saving_the_second_epoch(marker: Path) -> None:
    """Half of the new state is on the disk: the one before training and one more came first."""
    save, calls = torch.save, []

    def half(state: Any, file: io.BufferedWriter) -> None:
        calls.append(state)
        buffer = io.BytesIO()
        save(state, buffer)
        content = buffer.getvalue()
        if len(calls) == 3:
            file.write(content[: len(content) // 2])
            file.flush()
            halt(marker)
        file.write(content)

    torch.save = half  # type: ignore[assignment]


MOMENTS: dict[str, Callable[[Path], None]] = {
    moment.__name__: moment for moment in (in_the_fifth_step, while_saving_the_second_epoch)
}

if __name__ == "__main__":
    # As in a terminal; a test run in the background passes on that SIGINT is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    latent.fit_umap = flat_map  # type: ignore[assignment]
    MOMENTS[sys.argv[1]](Path(sys.argv[2]))
    sys.exit(train_cli.main(sys.argv[3:]))
