"""The second part of experiment 2: the gradient's way, and how far two estimates scatter."""

from __future__ import annotations

import streamlit as st

from explorer.figures.estimates import estimates_figure
from explorer.lab.gradients import REPEATS, SQUARE, STEP, TARGETS, WAVE, Estimates, estimate
from explorer.ui import components
from explorer.ui.lab.pieces import LINKED

SHOWN = {SQUARE: "z²", WAVE: "sin z", STEP: "1 if z > 0, else 0"}
DRAWS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
WITH, WITHOUT = "with the trick: f′(z)", "without: f(z)·(z − μ) / σ²"

_paths = components.declare("gradient_paths")


def draw() -> None:
    """The two ways, the controls and both estimates."""
    _paths(key="lab_paths", data={})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        name = st.segmented_control(
            "f(z)",
            list(TARGETS),
            default=SQUARE,
            required=True,
            key="f",
            help=" · ".join(f"{key}: {text}" for key, text in SHOWN.items()),
            **LINKED,
        )
        mu = st.slider("μ", -3.0, 3.0, 1.0, 0.1, key="g_mu", width=170, **LINKED)
        sigma = st.slider("σ", 0.1, 2.0, 0.5, 0.1, key="g_sigma", width=170, **LINKED)
        draws = st.select_slider(
            "Draws for an estimate", DRAWS, value=10, key="draws", width=200, **LINKED
        )
    found = estimate(str(name), mu=float(mu), sigma=float(sigma), draws=int(draws))
    st.markdown(verdict(str(name), found))
    figure = estimates_figure(
        {WITH: found.pathwise, WITHOUT: found.score},
        exact=found.exact,
        title=f"estimates of d/dμ E[f(z)], f(z) = {SHOWN[str(name)]}; dashed: exact",
    )
    st.plotly_chart(figure, key="lab_estimates", config={"displayModeBar": False})
    st.table(table(found))


def verdict(name: str, found: Estimates) -> str:
    """In words: which estimate is the better one here."""
    if name == STEP:
        return (
            "A step has no slope to go back along, so the trick finds **0, which is wrong**; the "
            "score function only needs values of f. The trick is for smooth f, such as a "
            "decoder's loss."
        )
    times = found.times_as_many
    if times < 1:
        return (
            f"Here the estimate without the trick scatters less: its variance is {times:.2f} "
            "times the other's."
        )
    return (
        f"Both are right on average. Without the trick the variance is **{times:,.1f} times** as "
        "large, so it takes that many times as many draws to know the gradient as well."
    )


def table(found: Estimates) -> dict[str, list[str]]:
    """Exact value, mean and spread, column by column."""
    rows = (("with the trick", found.pathwise), ("without it", found.score))
    return {
        "Estimate": [name for name, _ in rows],
        "Exact": [f"{found.exact:.3f}"] * 2,
        f"Mean of {REPEATS:,}": [f"{values.mean():.3f}" for _, values in rows],
        "Standard deviation": [f"{values.std():.3f}" for _, values in rows],
    }
