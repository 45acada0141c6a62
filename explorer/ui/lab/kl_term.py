"""Why the KL term: the same data at four strengths of it, and the KL of two Gaussians."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from explorer.lab.classes import pick_row
from explorer.latent.paths import lerp
from explorer.latent.rate import moment_gap
from explorer.ui.grids import grid_named
from explorer.ui.lab import columns, divergence
from explorer.ui.lab.columns import Column, Curve, Sheet
from explorer.ui.lab.commands import SHIPPED
from explorer.ui.lab.controls import choose_digit, choose_one, choose_seed
from explorer.ui.lab.experiment import Experiment
from explorer.ui.lab.labels import NO_CLASSES, Labels, labels_of
from explorer.ui.lab.pieces import explain, measured, need_cells
from explorer.ui.lab.planes import prior_plane

if TYPE_CHECKING:
    from explorer.ui.resources import Opened

GRID = "mnist-grid"
BETAS = (0.0, 0.075, 1.0, 10.0)
DIMS = (2, 8, 32)
ALL = "all four"
SAME, OWN = "the same", "its own"
NUM_SAMPLES, SAMPLE_COLUMNS, STEPS = 12, 6, 6
NOTES = {
    0.0: "an autoencoder with noise",
    0.075: "a little KL",
    1.0: "the ELBO",
    10.0: "much KL",
}


def draw() -> None:
    """The four models, then the divergence by itself."""
    explain(
        "Without the KL term the encoder may put codes wherever it likes and make each posterior "
        "as narrow as it likes; with it, every posterior pays for being unlike the prior, so "
        "codes gather within the prior's circles and overlap. **Point at a plane**: every model "
        "draws what it has there. With 2 numbers a code, samples hardly tell the models apart; "
        "**take 8 or 32**, and look at those of β = 0 again."
    )
    _draw_models()
    st.subheader("What one posterior pays", anchor=False)
    explain(
        "One dimension of one picture: the encoder says q = N(μ, σ²), the prior is p = N(0, 1). "
        "**Move the sliders**: a narrow posterior far out is a precise message, and every nat "
        "of it is paid for; at μ = 0, σ = 1 the code says nothing and costs nothing."
    )
    divergence.draw()
    grid = grid_named(GRID)
    measured(
        "Rate (mean KL of the posteriors to the prior) and distortion (−log p(x|z)), in nats per "
        "held-out picture. Of the codes of all pictures: the mean σ of their posteriors, and the "
        "KL in nats from all of them together, were they Gaussian in each dimension, to the "
        "prior: how foreign the prior's samples are to the decoder.",
        *([grid] if grid else []),
        command=SHIPPED[GRID],
    )


@st.fragment
def _draw_models() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        names = {f"{beta:g}": beta for beta in BETAS}
        dim = int(choose_one("Numbers a code", [str(dim) for dim in DIMS], "kl_dim"))
        chosen = choose_one("β", (ALL, *names), "kl_beta")
        axes = choose_one("Axes", (SAME, OWN), "kl_axes", help_text=_AXES_HELP)
    models = need_cells(GRID, *(cell_of(beta, dim) for beta in BETAS))
    if models is None:
        return
    labels = labels_of(models[0])
    if len(labels.present) < 2:
        st.info(NO_CLASSES)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        start = choose_digit("From", labels.present, "kl_from", "0")
        end = choose_digit("To", labels.present, "kl_to", "1")
        pair_seed = choose_seed("Other pictures", "kl_pair")
        seed = choose_seed("New samples", "kl_seed")
    rows = [
        pick_row(labels.classes, labels.split, labels.names.index(name), seed=pair_seed + number)
        for number, name in enumerate((start, end))
    ]
    shown = [
        (opened, beta)
        for opened, beta in zip(models, BETAS, strict=True)
        if chosen in (ALL, f"{beta:g}")
    ]
    widest = max(prior_plane(opened).half for opened in models)
    half = widest if axes == SAME else None
    columns.show(
        [_column(opened, beta, rows, labels, seed=seed, half=half) for opened, beta in shown],
        names=labels.names,
        key="lab_kl_models",
    )


def cell_of(beta: float, dim: int) -> dict[str, object]:
    """The place of a model in the grid."""
    return {"beta": beta, "latent_dim": dim, "architecture": "conv", "variational": True}


def _column(
    opened: Opened,
    beta: float,
    rows: Sequence[int],
    labels: Labels,
    *,
    seed: int,
    half: float | None,
) -> Column:
    first, last = opened.bundle.latents.mu[list(rows)]
    way = lerp(first, last, np.linspace(0, 1, STEPS))
    drawn = opened.bundle.sample(NUM_SAMPLES, sampler="prior", seed=seed)
    images = opened.bundle.decode(np.concatenate([drawn, way]))
    start, end = (labels.names[labels.classes[row]] for row in rows)
    plane = prior_plane(opened)
    line = Curve(way @ plane.axes.T)
    plane = replace(plane, half=half or plane.half, curves=(line, *plane.curves))
    return Column(
        opened,
        title=f"β = {beta:g}",
        note=NOTES[beta],
        facts=facts(opened),
        sheets=(
            Sheet("Samples from the prior", images[:NUM_SAMPLES], SAMPLE_COLUMNS),
            Sheet(f"From {start} to {end}", images[NUM_SAMPLES:], STEPS),
        ),
        plane=plane,
    )


def facts(opened: Opened) -> list[tuple[str, str]]:
    """What was measured of a model, for its column."""
    results = opened.bundle.config.results
    known = [(name, results.get(name.lower())) for name in ("Rate", "Distortion")]
    told = [(name, f"{nats:.1f} nats") for name, nats in known if nats is not None]
    return told + _counted(opened.identity, _opened=opened)


@st.cache_data(max_entries=64, show_spinner=False)
def _counted(identity: str, *, _opened: Opened) -> list[tuple[str, str]]:
    latents = _opened.bundle.latents
    sigma = float(np.exp(np.asarray(latents.logvar, np.float64) / 2).mean())
    gap = float(moment_gap(latents.mu, latents.logvar).sum())
    return [("Posterior σ", f"{sigma:.2g}"), ("All codes to prior", f"{gap:.2f} nats")]


_AXES_HELP = "The same axes for all models, or for each the axes that its codes need."
EXPERIMENT = Experiment(
    "kl_term", "Why the KL term?", "What does the KL term do to the codes?", draw
)
