"""A program that ends when whoever started it does, as after Ctrl-C.

    python -m explorer.bundle.tended SCRIPT ARGUMENT ...

The script runs as if it had been started itself, and hears of the end through its standard input:
a pipe that is closed on purpose, or by the death of the process at its other end.
"""

from __future__ import annotations

import _thread
import os
import runpy
import signal
import sys
from threading import Thread

MODULE = "explorer.bundle.tended"


def end_with_stdin() -> None:
    """Interrupt this process when whoever started it closes the pipe, or dies."""

    def wait() -> None:
        # Not through sys.stdin, whose lock would be held when the process ends.
        while os.read(sys.stdin.fileno(), 1):
            pass
        _thread.interrupt_main()

    # A process started in the background is told to ignore interruptions.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    end_with_stdin()
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")
