"""Latent dimension: what is too small, what is too large, and how one tells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from explorer.figures.sizes import size_curves
from explorer.lab.sizes import SHARE, directions_in_use
from explorer.ui.grids import grid_named
from explorer.ui.lab import columns, pictures
from explorer.ui.lab.columns import Column
from explorer.ui.lab.controls import choose_one, choose_seed
from explorer.ui.lab.experiment import Experiment
from explorer.ui.lab.pieces import explain, measured, need_cells

if TYPE_CHECKING:
    from explorer.ui.resources import Opened

GRID = "toy-faces-grid"
DIMS = (2, 16, 64, 128)
BETAS = (0.0, 0.075, 1.0, 4.0, 10.0)
ALL = "all"
COUNT, SAMPLES, FEW, MANY = 8, 8, 4, 8  # pictures, and columns of sheets side by side or alone


def draw() -> None:
    """The four sizes side by side, and their figures."""
    explain(
        "Too **small** a code cannot hold what differs between the faces: reconstructions blur "
        "and look alike, and each number more is a large step in PSNR. Too **large** a one is "
        "harder to notice: the reconstructions hardly change, but the rate goes on growing, and "
        "the codes leave most of their space empty, where samples from the prior then land: "
        "they fall apart. **Take one latent_dim**, then another β, and watch which curves still "
        "rise."
    )
    _draw_models()
    grid = grid_named(GRID)
    if grid is None:
        return
    measured(
        "On the test pictures, which no model has seen: PSNR in dB of the reconstruction from the "
        "posterior mean; ELBO and rate in nats per picture. Directions in use: the fewest "
        f"principal directions that hold {SHARE:.0%} of the variance of the posterior means; "
        "dotted, as many as there are.",
        grid,
    )


@st.fragment
def _draw_models() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        chosen = choose_one("latent_dim", (ALL, *map(str, DIMS)), "size")
        beta = float(choose_one("β", [f"{beta:g}" for beta in BETAS], "size_beta", first="1"))
        seed = choose_seed("Other faces", "size_seed")
    models = need_cells(GRID, *(cell_of(dim, beta) for dim in DIMS))
    if models is None:
        return
    ids = pictures.unseen_ids(models[0], count=COUNT, seed=seed)
    shown = [
        (dim, opened)
        for dim, opened in zip(DIMS, models, strict=True)
        if chosen in (ALL, str(dim))
    ]
    columns.show(
        [_column(opened, dim, ids, seed=seed, alone=len(shown) == 1) for dim, opened in shown],
        names=(),
        key="lab_sizes",
    )
    _draw_figures(models, marked=None if chosen == ALL else int(chosen))


def cell_of(dim: int, beta: float) -> dict[str, object]:
    """The place of a model in the grid."""
    return {"latent_dim": dim, "beta": beta, "architecture": "conv", "variational": True}


def sign(dim: int, used: int) -> str:
    """What the codes say of their length, in a few words."""
    if used >= dim:
        return "every direction is in use"
    return f"{used} directions hold {SHARE:.0%} of the variance"


@st.cache_data(max_entries=64, show_spinner=False)
def _used(identity: str, *, _opened: Opened) -> int:
    return directions_in_use(_opened.bundle.latents.mu)


def _column(opened: Opened, dim: int, ids: Sequence[str], *, seed: int, alone: bool) -> Column:
    wide = MANY if alone else FEW
    return Column(
        opened,
        title=f"{dim} numbers",
        note=sign(dim, used := _used(opened.identity, _opened=opened)),
        facts=[*pictures.facts(opened), ("Directions in use", f"{used} of {dim}")],
        sheets=pictures.asked(opened, ids, samples=SAMPLES, seed=seed, columns=wide),
    )


def _draw_figures(models: Sequence[Opened], *, marked: int | None) -> None:
    results = [opened.bundle.config.results for opened in models]

    def values(name: str) -> list[float]:
        return [figures.get(name, float("nan")) for figures in results]

    used = [float(_used(opened.identity, _opened=opened)) for opened in models]
    plots = (
        size_curves(DIMS, {"PSNR": values("psnr")}, title="PSNR (dB)", marked=marked),
        size_curves(DIMS, {"ELBO": values("elbo")}, title="ELBO (nats)", marked=marked),
        size_curves(DIMS, {"Rate": values("rate")}, title="Rate (nats)", marked=marked),
        size_curves(
            DIMS, {"in use": used}, title="Directions in use", marked=marked, with_diagonal=True
        ),
    )
    for place, plot in zip(st.columns(len(plots)), plots, strict=True):
        title = plot.layout.yaxis.title.text
        place.plotly_chart(plot, key=f"lab_size_{title}", config={"displayModeBar": False})


EXPERIMENT = Experiment(
    "latent_dimension",
    "Latent dimension",
    "How many numbers does a face need?",
    draw,
)
