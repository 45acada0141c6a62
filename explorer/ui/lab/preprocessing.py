"""Preprocessing: the same faces aligned, shifted, cut out without resizing, or as raw numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer.ui.lab import columns, pictures
from explorer.ui.lab.columns import Column, Sheet
from explorer.ui.lab.controls import choose_one, choose_seed
from explorer.ui.lab.experiment import Experiment
from explorer.ui.lab.pieces import LINKED, explain, measured, need
from explorer.ui.rows import unseen_rows

if TYPE_CHECKING:
    from explorer.ui.resources import Opened

Pictures = NDArray[np.uint8]
COUNT, SAMPLES, WIDE = 8, 8, 4
MOST = 200  # faces in the mean
ALIGNED = "preprocessing-aligned"


@dataclass(frozen=True)
class Case:
    """One change of preprocessing, and the models with and without it.

    Attributes:
        name: For the chooser and the link.
        usual: Name of the bundle without the change.
        changed: Name of the bundle with it.
        note: What was done to the pictures.
        lesson: What is to be seen, in a few sentences.
    """

    name: str
    usual: str
    changed: str
    note: str
    lesson: str


CASES = (
    Case(
        "shifted",
        ALIGNED,
        "preprocessing-shifted",
        "each face moved by up to a quarter of the picture",
        "Where the eyes are is now one more thing to encode, and the code has no room for it. "
        "The mean of many faces has eyes everywhere, so it is fog, and whatever the code does "
        "not say is drawn from that fog.",
    ),
    Case(
        "not resized",
        ALIGNED,
        "preprocessing-unresized",
        "the middle cut out at full resolution",
        "As many pixels without resizing show a piece of each face: finer skin, but no outline, "
        "hair or background. What was cut away cannot be learnt.",
    ),
    Case(
        "not normalised",
        ALIGNED,
        "preprocessing-raw",
        "the encoder is given pixels from 0 to 255",
        "The first layer sees numbers a hundred times as large and all of one sign. This "
        "convolutional network normalises within (GroupNorm), which undoes the scale: compare "
        "the figures with those of the fully connected one, which does not.",
    ),
    Case(
        "not normalised, fully connected",
        "preprocessing-mlp",
        "preprocessing-mlp-raw",
        "the encoder is given pixels from 0 to 255",
        "Nothing in this network normalises: the large numbers go straight into means and "
        "log-variances, the KL term punishes them at once, and the code is given up. Every face "
        "is drawn as the mean one: look at the rate and the active units.",
    ),
)


def draw() -> None:
    """The aligned model beside one with another preprocessing."""
    explain(
        "A network of the same shape, trained as long, on the same faces; one thing was done "
        "differently to the pictures. **Choose what**, and **average more faces** with the "
        "slider: what remains of the mean is what the faces share at each pixel, and a model "
        "that has no better idea draws just that."
    )
    _draw_pair()


@st.fragment
def _draw_pair() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        chosen = choose_one("What differs", [case.name for case in CASES], "preprocessing")
        count = st.slider(
            "Faces in the mean", 1, MOST, 50, key="faces_in_mean", width=260, **LINKED
        )
        seed = choose_seed("Other faces", "preprocessing_seed")
    case = next(case for case in CASES if case.name == chosen)
    usual = need(case.usual)
    changed = need(case.changed) if usual else None
    if usual is None or changed is None:
        return
    ids = pictures.unseen_ids(usual, count=COUNT, seed=seed)
    columns.show(
        [
            _column(usual, "As usual", "aligned, resized, from −1 to 1", ids, count, seed),
            _column(changed, case.name.capitalize(), case.note, ids, count, seed),
        ],
        names=(),
        key="lab_pair",
    )
    explain(case.lesson)
    measured(
        "PSNR in dB, ELBO and rate in nats per picture, on test faces that no model has seen, "
        "each in the model's own preprocessing: a close-up is another picture, and its figures "
        "are not those of whole faces. CelebA is for non-commercial research only.",
        usual,
        changed,
    )


def mean_pictures(opened: Opened, *, count: int) -> Pictures:
    """Two pictures (2, H, W, C): the mean of ``count`` decoded faces, and the mean code's face."""
    return _mean_pictures(opened.identity, count, _opened=opened)


def _column(
    opened: Opened, title: str, note: str, ids: Sequence[str], count: int, seed: int
) -> Column:
    means = mean_pictures(opened, count=count)
    word = "face" if count == 1 else "faces"
    sheets = (
        Sheet(f"Mean of {count} {word} · face of the mean code", means, WIDE),
        *pictures.asked(opened, ids, samples=SAMPLES, seed=seed, columns=WIDE, sampler="mixture"),
    )
    return Column(opened, title=title, note=note, facts=pictures.facts(opened), sheets=sheets)


@st.cache_data(max_entries=512, show_spinner=False)
def _mean_pictures(identity: str, count: int, *, _opened: Opened) -> Pictures:
    faces = _faces(identity, _opened=_opened)[:count]
    middle = _opened.bundle.decode(_opened.bundle.latents.mu.mean(axis=0, keepdims=True))
    mean = np.rint(faces.mean(axis=0, dtype=np.float64)).astype(np.uint8)
    return np.stack([mean, middle[0]])


@st.cache_resource(max_entries=8, show_spinner=False)
def _faces(identity: str, *, _opened: Opened) -> Pictures:
    """Decoded test faces, enough for the slider's whole range, (n, H, W, C)."""
    ids = _opened.bundle.items["id"].iloc[unseen_rows(_opened.bundle)[:MOST]]
    return pictures.rebuilt(_opened, tuple(map(str, ids)))


EXPERIMENT = Experiment(
    "preprocessing",
    "Preprocessing",
    "What does it take away from a model when faces are not prepared?",
    draw,
)
