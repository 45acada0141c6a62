"""The KL divergence of two Gaussians, drawn as sliders move."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import streamlit as st

from explorer.lab.gaussians import kl_parts
from explorer.ui import components

PIECE = "lab_kl"
MU, SIGMA = "mu", "sigma"  # in the link
RANGES = {MU: (-4.0, 4.0), SIGMA: (0.05, 3.0)}
STEP = 0.05
FIRST = {MU: 1.5, SIGMA: 0.5}
SOURCE = "Kingma & Welling (2014), *Auto-Encoding Variational Bayes*, appendix B"

_piece = components.declare(PIECE, "theme.js")


@st.fragment
def draw() -> None:
    """Both curves, the sliders, and the formula with the numbers in it."""
    numbers = _numbers()
    _piece(key=PIECE, data=_told(numbers), on_numbers_change=components.listen)
    st.latex(formula(numbers[MU], numbers[SIGMA]))
    st.caption(
        f"{SOURCE}. The KL of a whole code is the sum over its dimensions, and the rate of a "
        "model is the mean of that over pictures."
    )


def formula(mu: float, sigma: float) -> str:
    """The closed form with these numbers, in LaTeX."""
    return (
        r"\mathrm{KL}(q\,\|\,p)=\tfrac12\big(\mu^2+\sigma^2-1-\ln\sigma^2\big)"
        rf"={kl_parts(mu, sigma).total:.2f}\ \text{{nats}}"
    )


def read_number(name: str, value: object) -> float:
    """A number from a link or a browser within its slider's range; its first value if it is none.

    Args:
        name: ``mu`` or ``sigma``.
        value: Anything.
    """
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return FIRST[name]
    low, high = RANGES[name]
    return min(max(number, low), high) if math.isfinite(number) else FIRST[name]


def _numbers() -> dict[str, float]:
    """Where the sliders were let go, or at first what the link says."""
    news = components.message(PIECE, "numbers")
    source: Mapping[str, Any] = news if isinstance(news, Mapping) else st.query_params.to_dict()
    numbers = {name: read_number(name, source.get(name, FIRST[name])) for name in RANGES}
    if source is news:
        for name, number in numbers.items():
            st.query_params[name] = f"{number:.2f}"
    return numbers


def _told(numbers: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """What the browser is sent: where the sliders began, so that none is moved under a hand."""
    key = f"{PIECE}_told"
    if components.message(PIECE, "numbers") is None or key not in st.session_state:
        st.session_state[key] = dict(numbers)
    return {
        name: {"low": low, "high": high, "step": STEP, "value": st.session_state[key][name]}
        for name, (low, high) in RANGES.items()
    }
