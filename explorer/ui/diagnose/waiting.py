"""How far a measurement is, looked at twice a second; the page is drawn anew when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from explorer.ui.diagnose.jobs import Job

POLL_S = 0.5


def wait(job: Job, what: str) -> None:
    """A bar with the time left; ``what`` says what is being done."""
    st.fragment(_look, run_every=POLL_S)(job, what)


def progress_text(job: Job, what: str) -> str:
    """What is being done, and how long it will take."""
    if job.is_waiting:
        return f"{what}: waiting for another model to be measured …"
    left = job.seconds_left
    return f"{what} …" if left is None else f"{what}: about {max(1, round(left))} s left"


def _look(job: Job, what: str) -> None:
    if job.done.is_set():
        st.rerun()
    st.progress(job.share, text=progress_text(job, what))
