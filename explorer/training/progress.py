"""Progress on stderr: a bar with an ETA, and sentences."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm


def say(sentence: str) -> None:
    """One line on stderr, above any bar."""
    tqdm.write(sentence, file=sys.stderr)


def picture_bar(total: int, *, done: int = 0, title: str = "") -> Any:
    """A bar that counts pictures, so that its rate is images/s."""
    return tqdm(
        total=total,
        initial=done,
        desc=title,
        unit="img",
        unit_scale=True,
        smoothing=0.05,
        dynamic_ncols=True,
        file=sys.stderr,
        mininterval=0.5,
        # A log file gets a line now and then instead of a redrawn one.
        maxinterval=10 if sys.stderr.isatty() else 60,
    )


@contextmanager
def counting(total: int, title: str) -> Iterator[Callable[[int], object]]:
    """A bar for one stretch of work; yields what is to be called with the pictures done."""
    with picture_bar(total, title=title) as bar:
        yield bar.update
