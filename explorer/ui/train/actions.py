"""What the buttons of the train page do; each asks the switch before anything else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from explorer.bundle import BundleError
from explorer.bundle.jobs import Queue
from explorer.bundle.orders import Order
from explorer.bundle.worker import start_worker
from explorer.ui.folders import bundle_folders
from explorer.ui.train.switch import require_on
from explorer.ui.words import plain

REFUSAL = "train_refusal"  # why the last button did nothing
SCRIPT: Path | None = None  # the command line; another one in tests


def queue() -> Queue:
    """The queue of the folder that new bundles go to: the last of the configured ones."""
    return Queue(bundle_folders()[-1])


def submit(order: Order) -> bool:
    """Queue an order; whether it was taken."""
    return _do(lambda found: found.submit(order), works=True)


def go_on(number: str) -> None:
    """Go on with a job that ended."""
    _do(lambda found: found.go_on(number), works=True)


def adopt(name: str) -> None:
    """Go on with a run that was stopped in a terminal."""
    _do(lambda found: found.adopt(name), works=True)


def stop(number: str) -> None:
    """Stop a job, or take it out before it begins."""
    _do(lambda found: found.stop(number))


def remove(number: str) -> None:
    """Take a job that ended out of the list."""
    _do(lambda found: found.remove(number))


def wake() -> None:
    """Have the queue worked through again."""
    _do(lambda found: None, works=True)


def show_refusal() -> None:
    """Why the last button did nothing, once."""
    if refusal := st.session_state.pop(REFUSAL, ""):
        st.error(plain(refusal))


def _do(act: Callable[[Queue], object], *, works: bool = False) -> bool:
    try:
        require_on()
        act(queue())
        if works:
            start_worker(queue().out, script=SCRIPT)
    except BundleError as error:
        st.session_state[REFUSAL] = str(error)
        return False
    return True
