"""What runs, waits and ended, looked up again and again while something does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st

from explorer.bundle.jobs import ACTIVE, Job, Listing, Queue, is_busy
from explorer.bundle.runs import Event, Progress, has_state, steps_per_epoch, unfinished
from explorer.bundle.runs import watch as watch_run
from explorer.bundle.sweeps import INDEX
from explorer.bundle.worker import is_starting
from explorer.figures.run_curves import Term, run_curves
from explorer.ui.train import actions
from explorer.ui.train.cells import offer_map, show_cells
from explorer.ui.train.pictures import enlarged
from explorer.ui.words import plain

POLL_S = 2.0
LOG_LINES = 30
TERMS = ("elbo", "rate", "distortion")
BADGES = {
    "waiting": ("waits", "gray", "schedule"),
    "running": ("runs", "green", "directions_run"),
    "stopping": ("stops", "orange", "hourglass_bottom"),
    "stopped": ("stopped", "orange", "pause"),
    "failed": ("failed", "red", "error"),
    "done": ("done", "blue", "check"),
}


def show(queue: Queue) -> None:
    """All of it; asked for again every two seconds as long as something is going on."""
    polls = _is_live(queue, queue.listing())
    st.fragment(_show, run_every=POLL_S if polls else None)(queue, polls=polls)


def _show(queue: Queue, *, polls: bool) -> None:
    actions.show_refusal()
    listing = queue.listing()
    if _is_live(queue, listing) != polls:
        st.rerun()  # of the page: polling begins or ends, and the form's button changes
    foreign = _foreign(queue, listing)
    if not (listing.jobs or listing.damaged or foreign):
        st.info(
            "Nothing runs. Choose something and press Start: the run goes on when this page, or "
            "the app, is closed.",
            icon=":material/rocket_launch:",
        )
    _show_idle_queue(listing)
    for job in sorted(listing.jobs, key=_order_shown):
        _show_job(job)
    for path in foreign:
        _show_foreign(path)
    for damaged in listing.damaged:
        with st.container(border=True):
            st.error(plain(damaged.reason))
            _button("Remove", "remove", damaged.number, actions.remove, "delete")


def terms_of(events: Sequence[Event]) -> list[Term]:
    """The curves of a run so far; epochs with fractions, values in nats per picture."""
    steps = steps_per_epoch(events)
    return [
        Term(name, *(_values(events, name, split, steps) for split in ("train", "valid")))
        for name in TERMS
    ]


def pace(progress: Progress) -> str:
    """Epoch, speed and time left, as far as they are known."""
    parts = []
    if progress.epoch:
        of = f" of {progress.epochs}" if progress.epochs else ""
        parts.append(f"epoch **{progress.epoch}**{of}")
    if progress.images_per_s is not None:
        parts.append(f"**{progress.images_per_s:,.0f}** images/s")
    if progress.seconds_left is not None:
        parts.append(f"about **{duration(progress.seconds_left)}** left")
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """A length of time in the unit that suits it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"


def _is_live(queue: Queue, listing: Listing) -> bool:
    return any(job.is_active for job in listing.jobs) or any(
        is_busy(path) for path in _foreign(queue, listing)
    )


def _foreign(queue: Queue, listing: Listing) -> list[Path]:
    """Runs of this folder that go on or were stopped without the queue, as in a terminal."""
    ours = {job.order.name for job in listing.jobs}
    sweeps = [path.parent for path in queue.out.glob(f"*/{INDEX}") if is_busy(path.parent)]
    return [path for path in (*sweeps, *unfinished(queue.out)) if path.name not in ours]


def _order_shown(job: Job) -> tuple[int, int]:
    """What goes on first, then what waits in its turn, then what ended, the latest first."""
    number = int(job.number)
    return (ACTIVE[::-1].index(job.status), number) if job.is_active else (9, -number)


def _show_idle_queue(listing: Listing) -> None:
    if listing.is_worked_on or not any(job.status == "waiting" for job in listing.jobs):
        return
    if is_starting():
        st.caption("The queue is being started …")
        return
    st.warning("Runs wait, but nothing works through the queue, perhaps since a restart.")
    st.button("Start the queue", key="train_wake", on_click=actions.wake)


def _show_job(job: Job) -> None:
    with st.container(border=True, key=f"train_job_{job.number}"):
        _show_head(job.order.name, job.status, job.order.title)
        if job.reason:
            st.markdown(plain(job.reason))
        if job.order.task == "sweep":
            if job.status != "waiting":
                show_cells(job.folder)
        elif job.status in ("running", "stopping", "stopped", "failed"):
            _show_run(job.folder, is_live=job.is_active)
        _show_buttons(job)


def _show_head(name: str, status: str, title: str) -> None:
    word, colour, icon = BADGES[status]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(name)}**", width="content")
        st.badge(word, color=colour, icon=f":material/{icon}:")  # type: ignore[arg-type]
    st.caption(plain(title))


def _show_run(run: Path, *, is_live: bool) -> None:
    watched = watch_run(run)
    progress = watched.progress
    if is_live:
        ready = progress.fraction >= 1
        text = "fitting maps and directions …" if ready else pace(progress)
        st.progress(progress.fraction, text or "loading the pictures …")
    if not watched.events:
        return
    curves, pictures = st.columns([1.5, 1], vertical_alignment="center")
    figure = run_curves(terms_of(watched.events), epochs=progress.epochs)
    curves.plotly_chart(figure, key=f"train_curves_{run.name}", config={"displayModeBar": False})
    sheet = enlarged(watched.sheet)
    if sheet is None:
        pictures.caption("The first pictures come at the end of the first epoch.")
    else:
        pictures.image(sheet, width="stretch")
        pictures.caption(
            "Pictures it does not learn from, below them what it makes of them, and what it "
            "makes up (a plain autoencoder makes nothing up)."
        )


def _show_buttons(job: Job) -> None:
    with st.container(horizontal=True):
        if job.status == "done" and job.order.task != "sweep":
            offer_map(job.folder, label="Open the map", kind="primary")
        if job.status == "running":
            _button("Stop", "stop", job.number, actions.stop, "stop")
        if job.status == "waiting":
            _button("Remove", "stop", job.number, actions.stop, "delete")
        if job.status in ("stopped", "failed"):
            goes_on = job.order.task == "sweep" or has_state(job.folder)
            label = "Resume" if goes_on else "Try again"
            _button(label, "go_on", job.number, actions.go_on, "play_arrow")
        if not job.is_active:
            _button("Dismiss", "remove", job.number, actions.remove, "close")
    if job.status != "waiting":
        _show_log(job.log)


def _show_log(log: Path) -> None:
    with st.expander("What it says"):
        try:
            text = log.read_bytes().decode("utf-8", errors="replace")
        except OSError:
            text = ""
        # A progress bar redraws its line; what counts is what it showed last.
        lines = [line.rpartition("\r")[2] for line in text.replace("\r\n", "\n").split("\n")]
        st.code("\n".join(lines[-LOG_LINES:]).strip() or "Nothing yet.", language=None)


def _show_foreign(path: Path) -> None:
    """A run that somebody started, or stopped, in a terminal."""
    is_live, is_sweep = is_busy(path), (path / INDEX).is_file()
    with st.container(border=True, key=f"train_foreign_{path.name}"):
        _show_head(path.name, "running" if is_live else "stopped", "not started on this page")
        if is_sweep:
            show_cells(path)
        else:
            _show_run(path, is_live=is_live)
        if is_live:
            st.caption("It can be stopped where it was started (Ctrl-C); it can go on later.")
        else:
            _button("Resume", "adopt", path.name, actions.adopt, "play_arrow")


def _button(label: str, act: str, what: str, callback: object, icon: str) -> None:
    st.button(
        label,
        key=f"train_{act}_{what}",
        on_click=callback,  # type: ignore[arg-type]
        args=(what,),
        icon=f":material/{icon}:",
    )


def _values(events: Sequence[Event], name: str, split: str, steps: float) -> np.ndarray:
    found = [
        (event["step"] / steps, event[name])
        for event in events
        if event["split"] == split and name in event
    ]
    return np.array(found, np.float64).reshape(-1, 2)
