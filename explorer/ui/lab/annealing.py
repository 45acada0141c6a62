"""KL annealing and free bits: a posterior that collapsed, and what rescues it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from explorer.figures.training_curves import Run, training_curves
from explorer.ui.grids import grid_named
from explorer.ui.lab import columns, pictures
from explorer.ui.lab.columns import Column
from explorer.ui.lab.controls import choose_one, choose_seed
from explorer.ui.lab.experiment import Experiment
from explorer.ui.lab.pieces import explain, measured, need_cells

if TYPE_CHECKING:
    import pandas as pd
    from plotly import graph_objects as go

    from explorer.ui.resources import Opened

GRID = "mnist-warmup"
FREE_BITS = 0.25  # nats per dimension, of the run with a threshold
COUNT, SAMPLES, FEW, MANY = 8, 8, 4, 8
CURVE_HEIGHT = 220
ALL = "all four"
FADED = (
    ".st-key-lab_curves .scatterlayer .trace:not(:nth-child({number})), "
    ".st-key-lab_curves .legend .traces:not(:nth-child({number})) {{ opacity: 0.13 !important; }}"
)


@dataclass(frozen=True)
class Schedule:
    """One way of easing the KL term in; ``name`` is also that in the link."""

    name: str
    note: str
    warmup: str
    free_bits: float = 0.0


SCHEDULES = (
    Schedule("none", "the full β from the first step", "none"),
    Schedule("linear", "β grows from 0, once", "linear"),
    Schedule("cyclical", "β grows from 0, again and again", "cyclical"),
    Schedule("free bits", f"{FREE_BITS:g} nats a dimension cost nothing", "none", FREE_BITS),
)
# What is drawn: which events of the log tell it, and the title with the unit.
CURVES = {
    "beta": ("train", "β in force"),
    "rate": ("train", "Rate (nats)"),
    "active_units": ("valid", "Active units"),
    "elbo": ("valid", "ELBO (nats)"),
}


def draw() -> None:
    """The four runs: their curves, and what each can tell apart."""
    explain(
        "At the start the decoder cannot use the code yet, while the KL term already charges for "
        "it: the cheapest posterior is the prior itself, and once every code says nothing there "
        "is nothing for the decoder to learn from. That is **posterior collapse**. A warm-up "
        "lets the decoder learn to listen before the code is charged for; free bits make the "
        "first nats of each dimension free. **Choose a run**, then other digits."
    )
    _draw_runs()
    grid = grid_named(GRID)
    if grid is None:
        return
    measured(
        "β in force and rate (KL, nats per picture) on the training batches of each quarter of "
        "an epoch; ELBO (at β = 1, nats per picture) and active units on the validation pictures "
        "after each epoch. The runs share everything but the schedule. Bowman et al. 2016 "
        "(linear), Fu et al. 2019 (cyclical), Kingma et al. 2016 (free bits).",
        grid,
    )


@st.fragment
def _draw_runs() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        chosen = choose_one("Warm-up", (ALL, *(one.name for one in SCHEDULES)), "warmup")
        seed = choose_seed("Other digits", "warmup_seed")
    models = need_cells(GRID, *(cell_of(schedule) for schedule in SCHEDULES))
    if models is None:
        return
    ids = pictures.unseen_ids(models[0], count=COUNT, seed=seed)
    shown = [
        (schedule, opened)
        for schedule, opened in zip(SCHEDULES, models, strict=True)
        if chosen in (ALL, schedule.name)
    ]
    _draw_curves(models)
    _set_off(chosen)
    columns.show(
        [
            _column(schedule, opened, ids, seed=seed, alone=len(shown) == 1)
            for schedule, opened in shown
        ],
        names=(),
        key="lab_warmups",
    )


def cell_of(schedule: Schedule) -> dict[str, object]:
    """The place of a run in the grid."""
    return {"warmup": schedule.warmup, "free_bits": schedule.free_bits, "variational": True}


def curve_of(metrics: pd.DataFrame, name: str, split: str) -> tuple[list[float], list[float]]:
    """A figure of a training log over (fractional) epochs.

    Args:
        metrics: A row per event; ``step`` counts from the start, ``epoch`` is the one it is in.
        name: Of the figure.
        split: Which events tell it.
    """
    if name not in metrics:
        return [], []
    rows = metrics[(metrics["split"] == split) & metrics[name].notna()]
    per_epoch = metrics["step"].max() / metrics["epoch"].max()
    return list(rows["step"] / per_epoch), list(rows[name].astype(float))


def _column(
    schedule: Schedule, opened: Opened, ids: Sequence[str], *, seed: int, alone: bool
) -> Column:
    wide = MANY if alone else FEW
    return Column(
        opened,
        title=schedule.name.capitalize(),
        note=schedule.note,
        facts=pictures.facts(opened),
        sheets=pictures.asked(opened, ids, samples=SAMPLES, seed=seed, columns=wide),
    )


def _draw_curves(models: Sequence[Opened]) -> None:
    known = tuple(opened.identity for opened in models)
    with st.container(key="lab_curves"):
        for number, name in enumerate(CURVES):
            if number % 2 == 0:
                places = st.columns(2)
            places[number % 2].plotly_chart(
                _curve(known, name, _models=models),
                key=f"lab_curve_{name}",
                config={"displayModeBar": False},
            )


@st.cache_resource(max_entries=8, show_spinner=False)
def _curve(identities: tuple[str, ...], name: str, *, _models: Sequence[Opened]) -> go.Figure:
    split, title = CURVES[name]
    runs = [
        Run(schedule.name, *map(np.array, curve_of(opened.bundle.metrics, name, split)))
        for schedule, opened in zip(SCHEDULES, _models, strict=True)
    ]
    figure = training_curves(runs, title=title)
    # One legend above all: the colours are the same in each.
    figure.update_layout(height=CURVE_HEIGHT, showlegend=name in list(CURVES)[:2])
    return figure


def _set_off(chosen: str) -> None:
    """Fades the other runs; to draw all curves anew would take the browser half a second."""
    number = (ALL, *(one.name for one in SCHEDULES)).index(chosen)
    others = FADED.format(number=number) if number else ""
    st.html(f"<style>{others}</style>")


EXPERIMENT = Experiment(
    "annealing",
    "KL annealing and free bits",
    "Why is the KL term eased in, and what if it is not?",
    draw,
)
