"""Autoencoder or VAE: samples, interpolation, and what the codes are worth to others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from explorer.figures.learning_curve import learning_curves
from explorer.lab.classes import pick_row
from explorer.latent.paths import lerp
from explorer.latent.places import FAR
from explorer.ui.grids import grid_named
from explorer.ui.lab import columns
from explorer.ui.lab.columns import Column, Mark, Sheet
from explorer.ui.lab.commands import SHIPPED
from explorer.ui.lab.controls import choose_one, choose_seed
from explorer.ui.lab.experiment import Experiment
from explorer.ui.lab.labels import NO_CLASSES, Labels, labels_of
from explorer.ui.lab.pieces import explain, measured, need_cells
from explorer.ui.lab.planes import on_plane, prior_plane
from explorer.ui.lab.probes import Difference, LearningCurve, difference, learning_curve

if TYPE_CHECKING:
    from explorer.ui.resources import Opened

GRID = "mnist-grid"
DIMS = ("2", "8", "32")
NAMES = ("Autoencoder", "VAE, β = 1")
PRIOR, MIXTURE = "N(0, I)", "a mixture fitted to them"
SAMPLERS = {PRIOR: "prior", MIXTURE: "mixture"}
PAIRS = ((0, 1), (3, 8), (4, 7))  # classes walked between
NUM_SAMPLES, SAMPLE_COLUMNS, STEPS = 24, 8, 8
DRAWS = 300  # samples judged by where they land


def draw() -> None:
    """Both models side by side, then the probes."""
    explain(
        "A plain autoencoder is only asked to give its pictures back; a VAE also to keep its "
        "codes where the prior is. **Draw codes from N(0, I)** and see which of them has "
        "something there; then from a mixture fitted to each model's own codes, which is fair to "
        "both. Walks between two digits show whether what lies between codes is a digit too."
    )
    _draw_models()
    grid = grid_named(GRID)
    measured(
        f"Of {DRAWS} samples, how many are farther from the codes than {FAR:.0%} of these are "
        "from one another; PSNR on held-out pictures. The probe is a multinomial logistic "
        "regression on standardised posterior means, learnt from training pictures and tried on "
        "test pictures no model has seen; few labels are chosen three times, and the whiskers "
        "reach from the worst choice to the best.",
        *([grid] if grid else []),
        command=SHIPPED[GRID],
    )


@st.fragment
def _draw_models() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        dim = int(choose_one("Numbers a code", DIMS, "ae_dim", first="8"))
        sampler = choose_one("Draw codes from", tuple(SAMPLERS), "ae_sampler")
        seed = choose_seed("New samples", "ae_seed")
        pair_seed = choose_seed("Other pairs", "ae_pair")
    models = need_cells(GRID, *cells_of(dim))
    if models is None:
        return
    labels = labels_of(models[0])
    if len(labels.present) < 2:
        st.info(NO_CLASSES)
        return
    pairs = pick_pairs(labels, seed=pair_seed)
    columns.show(
        [
            _column(opened, name, pairs, labels, sampler=sampler, seed=seed)
            for opened, name in zip(models, NAMES, strict=True)
        ],
        names=labels.names,
        key="lab_ae_models",
    )
    st.subheader("What are the codes worth to somebody else?", anchor=False)
    _draw_probes(models)


def cells_of(dim: int) -> list[dict[str, object]]:
    """The places in the grid of the autoencoder and of the VAE."""
    place: dict[str, object] = {"latent_dim": dim, "architecture": "conv"}
    return [place | {"variational": False}, place | {"variational": True, "beta": 1.0}]


def pick_pairs(labels: Labels, *, seed: int) -> list[tuple[int, int]]:
    """The rows of up to three pairs of digits: of those that there are pictures of."""
    classes, split = labels.classes, labels.split
    there = set(np.unique(classes).tolist())
    return [
        (
            pick_row(classes, split, start, seed=2 * seed),
            pick_row(classes, split, end, seed=2 * seed + 1),
        )
        for start, end in PAIRS
        if {start, end} <= there
    ]


def _column(
    opened: Opened,
    name: str,
    pairs: Sequence[tuple[int, int]],
    labels: Labels,
    *,
    sampler: str,
    seed: int,
) -> Column:
    bundle = opened.bundle
    mu = bundle.latents.mu
    share = np.linspace(0, 1, STEPS)
    drawn = bundle.sample(NUM_SAMPLES, sampler=SAMPLERS[sampler], seed=seed)
    ways = [lerp(mu[start], mu[end], share) for start, end in pairs]
    images = bundle.decode(np.concatenate([drawn, *ways]))
    walks = [
        Sheet(
            " to ".join(labels.names[labels.classes[row]] for row in pair),
            images[NUM_SAMPLES + STEPS * number :][:STEPS],
            STEPS,
        )
        for number, pair in enumerate(pairs)
    ]
    plane = prior_plane(opened)
    far = _off_data(opened.identity, sampler, _opened=opened)
    psnr = bundle.config.results.get("psnr")
    told = [] if psnr is None else [("Reconstruction", f"{psnr:.1f} dB")]
    return Column(
        opened,
        title=name,
        note="rings: these samples",
        facts=[*told, ("Samples off the data", far)],
        sheets=(Sheet(f"Samples from {sampler}", images[:NUM_SAMPLES], SAMPLE_COLUMNS), *walks),
        plane=replace(plane, marks=(Mark(on_plane(drawn, plane), "ring"),)),
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _off_data(identity: str, sampler: str, *, _opened: Opened) -> str:
    drawn = _opened.bundle.sample(DRAWS, sampler=SAMPLERS[sampler], seed=0)
    far = int((_opened.index.typicality(drawn).percentile >= FAR).sum())
    return f"{far} of {DRAWS}"


def _draw_probes(models: Sequence[Opened]) -> None:
    curves = [learning_curve(opened) for opened in models]
    counts = [point.labels for point in curves[0].points]
    explain(
        "Somebody with a few labels learns the digits from the codes alone, by planes between "
        "them (a **linear probe**). The codes of both models were learnt without any label."
    )
    left, right = st.columns([3, 2], gap="large", vertical_alignment="center")
    with left:
        figure = learning_curves(
            counts,
            {
                name: [point.accuracies for point in curve.points]
                for name, curve in zip(NAMES, curves, strict=True)
            },
            chance=curves[0].chance,
        )
        st.plotly_chart(figure, width="stretch", key="lab_ae_probes")
    with right:
        names = [f"{count:,}" for count in counts]
        number = names.index(choose_one("Labels", names, "ae_labels"))
        st.markdown(figures_text(curves, number))
        st.markdown(verdict(difference(curves[0].right, curves[1].right), curves[0]))


def figures_text(curves: Sequence[LearningCurve], number: int) -> str:
    """What both probes reach with one number of labels."""
    told = ", ".join(
        f"{name} **{curve.points[number].mean:.1%}**"
        for name, curve in zip(NAMES, curves, strict=True)
    )
    return (
        f"With {curves[0].points[number].labels:,} labels: {told} of {len(curves[0].right):,} "
        f"test pictures. Always naming the commonest digit gets {curves[0].chance:.1%}."
    )


def verdict(found: Difference, curve: LearningCurve) -> str:
    """Which codes are worth more, if that can be said."""
    labels, count = curve.points[-1].labels, len(curve.right)
    gain = f"{100 * abs(found.gain):.1f} points (± {200 * found.error:.1f})"
    if found.is_chance:
        return (
            f"With all {labels:,} labels they differ by {gain}: on {count:,} pictures that may "
            "be chance. To this reader the KL term made the codes neither better nor worse; what "
            "it buys are the samples above."
        )
    winner = NAMES[found.gain > 0]
    return (
        f"With all {labels:,} labels, the codes of the **{winner}** win by {gain} on the same "
        f"{count:,} pictures, which is more than chance."
    )


EXPERIMENT = Experiment(
    "autoencoder", "Autoencoder or VAE?", "What can a VAE do that an autoencoder cannot?", draw
)
