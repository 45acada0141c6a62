"""Experiment 2: the reparameterisation trick on a real face's posterior."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from explorer.ui import components, live
from explorer.ui.face_picker import choose_face
from explorer.ui.facts import noun
from explorer.ui.frame import sentences
from explorer.ui.lab import gradient
from explorer.ui.lab.experiment import Experiment
from explorer.ui.lab.pieces import LINKED, explain, measured
from explorer.ui.lab.posterior import Posterior, find_model, posterior_of
from explorer.ui.state import session
from explorer.ui.wire import pack_floats, pack_picture

if TYPE_CHECKING:
    from explorer.ui.faces import Face
    from explorer.ui.resources import Opened

TRICK, GRADIENT, CERTAIN = "The trick", "The gradient", "How certain?"
PARTS = (TRICK, GRADIENT, CERTAIN)
PIECE, SLOT = "lab_posterior", "face"
VALUES = ("mu", "sigma", "eps")  # in the link, and of the sliders
BOUNDS = {"mu": (-4.0, 4.0), "sigma": (0.01, 2.0), "eps": (-3.0, 3.0)}
COUNTS = (16, 36, 64)
SURE, OPEN = 0.1, 0.9  # of a posterior's σ
WORDS = {
    TRICK: (
        "The encoder does not give a code but a Gaussian for each of its numbers: a mean μ and a "
        "spread σ. A code is drawn as z = μ + σ·ε with ε from N(0, 1), so that all chance is in "
        "ε. Move the three sliders, or drag in the plot, and see what the decoder draws for z."
    ),
    GRADIENT: (
        "Training needs the gradient of a mean over random codes, E[f(z)], with respect to μ and "
        "σ. Written as μ + σ·ε, a draw can be differentiated; without the trick only the density "
        "can, which gives an estimate that scatters far more. Move σ and the number of draws."
    ),
    CERTAIN: (
        "Many draws from one {noun}'s posterior, decoded. What all of them share the code holds "
        "for certain; where they differ, the spread is bright: there the model leaves it open."
    ),
}
ESTIMATES = (
    "Two estimates of the gradient of E[f(z)] with respect to μ, 2,000 times each from the same "
    "draws. Kingma and Welling 2014, *Auto-encoding variational Bayes*, section 2.4; the "
    "score-function estimate: Williams 1992 (REINFORCE)."
)
POSTERIORS = (
    "μ and σ as this model's encoder gives them for the {noun} shown, and what its decoder draws "
    "for z = μ + σ·ε."
)

_posterior = components.declare("posterior", *components.LIVE)
_draws = components.declare("draws", *components.LIVE)


@st.fragment
def draw() -> None:
    """The experiment; a fragment, so that a control does not draw the page again."""
    part = st.segmented_control(
        "Part",
        PARTS,
        default=TRICK,
        required=True,
        key="part",
        label_visibility="collapsed",
        **LINKED,
    )
    if part == GRADIENT:
        explain(WORDS[part])
        with sentences():
            gradient.draw()
        measured(ESTIMATES)
        return
    opened = find_model()
    if opened is None:
        return
    kind = noun(opened.bundle.config)
    explain(WORDS[part].format(noun=kind))
    with sentences():
        _draw_face(part, opened)
    measured(POSTERIORS.format(noun=kind), opened)


def _draw_face(part: str, opened: Opened) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        with st.container(width="content"):
            face = choose_face(opened, slot=SLOT)
        posterior = posterior_of(face, opened.bundle)
        if part == TRICK:
            dim = _choose_dim(posterior)
    if part == TRICK:
        _draw_trick(opened, face, posterior, dim)
    else:
        _draw_certain(opened, face, posterior)


# ---- one number, live ----


def _draw_trick(opened: Opened, face: Face, posterior: Posterior, dim: int) -> None:
    name = f"{opened.identity}:{_name_of(face)}:{dim}"
    # The picture of a row is its mean decoded already.
    is_row = face.index is not None
    picture = face.image if is_row else opened.bundle.decode(posterior.mu[None])[0]
    message = posterior_message(opened, posterior, dim, picture=picture, name=name)
    message |= {"start": _start(name)}
    _posterior(key=PIECE, data=message, on_at_change=components.listen)
    st.caption(certainty(float(posterior.sigma[dim]), noun(opened.bundle.config)))
    _tell_link(components.message(PIECE, "at"), name)


def certainty(sigma: float, noun: str) -> str:
    """What the spread of one number of a code means for the picture."""
    if sigma < SURE:
        meaning = (
            "it is so sure of this number that ε changes little one can see. Pull σ up to 1: what "
            "would a draw from the prior do?"
        )
    elif sigma < OPEN:
        meaning = "it is sure of this number to some degree, and ε changes the picture a little."
    else:
        meaning = "it says next to nothing in this number, and the decoder hardly listens to it."
    return f"Of this {noun} the encoder says σ = {sigma:.2g}, where the prior has 1: {meaning}"


def posterior_message(
    opened: Opened, posterior: Posterior, dim: int, *, picture: np.ndarray, name: str
) -> dict[str, Any]:
    """What the browser needs to draw from the posterior; the server only decodes.

    Args:
        opened: The model.
        posterior: Of the face.
        dim: Which number of its code is looked at.
        picture: (H, W, C) uint8, the posterior's mean decoded.
        name: Tells one face and number from another.
    """
    return {
        "id": name,
        "bundle": opened.identity,
        "socket": live.path(),
        "dim": dim,
        "mu": pack_floats(posterior.mu),
        "sigma": pack_floats(posterior.sigma),
        "picture": pack_picture(picture),
    }


def _choose_dim(posterior: Posterior) -> int:
    """One number of the code; those that tell most about the picture come first."""
    order = np.argsort(-posterior.kl, kind="stable")
    names = {str(dim): f"{dim} · {posterior.kl[dim]:.1f} nats" for dim in order.tolist()}
    asked = st.query_params.get("number", "")
    first = asked if asked in names else next(iter(names))
    chosen = st.selectbox(
        "Number of the code, with what it tells",
        list(names),
        index=list(names).index(first),
        format_func=names.__getitem__,
        key="lab_number",
        width=260,
    )
    st.query_params["number"] = str(chosen)
    return int(chosen)


def _start(name: str) -> dict[str, float] | None:
    """Where the sliders of the link are; None once another number or picture is looked at."""
    held = session().handled.get(f"{PIECE}_start")
    if not isinstance(held, tuple):
        asked = {key: _in_bounds(key, st.query_params.get(key, "")) for key in VALUES}
        start = None if None in asked.values() else asked
        held = (name, start)
        session().handled[f"{PIECE}_start"] = held
    if held[0] == name:
        return dict(held[1]) if held[1] else None
    session().handled[f"{PIECE}_start"] = (name, None)
    for key in VALUES:
        if key in st.query_params:
            del st.query_params[key]
    return None


def _in_bounds(key: str, text: str) -> float | None:
    low, high = BOUNDS[key]
    try:
        value = float(text)
    except ValueError:
        return None
    return min(high, max(low, value)) if math.isfinite(value) else None


def _tell_link(news: Any, name: str) -> None:
    if (
        not isinstance(news, Mapping)
        or news.get("id") != name
        or not session().is_new(PIECE, news)
    ):
        return
    for key in VALUES:
        value = _in_bounds(key, str(news.get(key)))
        if value is not None:
            st.query_params[key] = f"{value:.2f}"


# ---- many draws ----


def _draw_certain(opened: Opened, face: Face, posterior: Posterior) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        width = st.slider(
            "Times σ",
            0.0,
            4.0,
            1.0,
            0.25,
            key="times",
            width=200,
            help="1 is the posterior itself; more shows what lies beyond it.",
            **LINKED,
        )
        count = st.select_slider("Draws", COUNTS, value=36, key="many", width=150, **LINKED)
        seed = st.number_input("Seed", 0, 9_999, step=1, key="seed", width=130, **LINKED)
    codes = posterior.draw(int(count), width=float(width), seed=int(seed))
    message = {
        "id": f"{opened.identity}:{_name_of(face)}:{width}:{count}:{seed}",
        "bundle": opened.identity,
        "socket": live.path(),
        "count": int(count),
        "codes": pack_floats(codes),
    }
    _draws(key="lab_draws", data=message)


def _name_of(face: Face) -> str:
    return face.link or str(hash(face.code.tobytes()))


EXPERIMENT = Experiment(
    key="reparameterisation",
    title="The reparameterisation trick",
    question="How can a network learn through a random draw?",
    draw=draw,
)
