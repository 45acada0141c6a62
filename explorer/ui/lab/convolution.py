"""Experiment 1: a transposed convolution, step by step; the ordinary one; checkerboards."""

from __future__ import annotations

from typing import Any

import streamlit as st

from explorer.lab.convolution import Settings, convolution_stages, transposed_stages
from explorer.ui import components
from explorer.ui.frame import sentences
from explorer.ui.lab import checkerboard
from explorer.ui.lab.experiment import Experiment
from explorer.ui.lab.layer_controls import Defaults, choose_layer
from explorer.ui.lab.layer_words import (
    convolution_formula,
    convolution_message,
    transposed_formula,
    transposed_message,
)
from explorer.ui.lab.pieces import LINKED, explain, measured
from explorer.ui.state import session

TRANSPOSED, ORDINARY, CHECKERBOARD = "Transposed convolution", "Convolution", "Checkerboard"
PARTS = (TRANSPOSED, ORDINARY, CHECKERBOARD)
STENCIL, STEP = "lab_stencil", "step"
STARTS = {
    TRANSPOSED: Defaults("", Settings(5, 3, 1, 1), side=3),
    ORDINARY: Defaults("conv_", Settings(3, 2, 1, 0), side=7),
}
WORDS = {
    TRANSPOSED: (
        "A decoder ends in layers that make a small grid larger. A transposed convolution does it "
        "in five stages: the inputs move apart, zeros fill the gaps, a kernel is swept over all "
        "of it, and a border is taken off. Press play, or click a number of the result to see "
        "the sum behind it."
    ),
    ORDINARY: (
        "The encoder's layer goes the other way: the kernel stays on the grid and moves by the "
        "stride, so the grid shrinks. With the same settings the transposed convolution brings a "
        "grid back to the size it had, not to the numbers it held."
    ),
    CHECKERBOARD: (
        "Where the stride does not divide the kernel, the kernel's stamps overlap unevenly, and "
        "decoders draw checkerboards. Enlarge something flat: whatever is not flat afterwards "
        "comes from the layer."
    ),
}
MEASURED = {
    TRANSPOSED: (
        "Every number is computed as shown, and equals `torch.nn.functional.conv_transpose2d` "
        "with one channel (tested for all settings). After Dumoulin and Visin 2016, *A guide to "
        "convolution arithmetic for deep learning*."
    ),
    ORDINARY: (
        "Every number is computed as shown, and equals `torch.nn.functional.conv2d` with one "
        "channel (tested for all settings); as in every deep-learning library, the kernel is "
        "not turned."
    ),
    CHECKERBOARD: (
        "How many inputs reach each output cell, and the standard deviation of the enlarged grey, "
        "away from the border, over its mean. Odena, Dumoulin and Olah 2016, *Deconvolution and "
        "checkerboard artifacts*; ICNR: Aitken et al. 2017."
    ),
}

_stencil = components.declare("stencil", "theme.js", "cells.js")


@st.fragment
def draw() -> None:
    """The experiment; a fragment, so that a step does not draw the page again."""
    part = st.segmented_control(
        "Layer",
        PARTS,
        default=TRANSPOSED,
        required=True,
        key="layer",
        label_visibility="collapsed",
        **LINKED,
    )
    explain(WORDS[part])
    with sentences():
        if part == CHECKERBOARD:
            checkerboard.draw()
        else:
            _draw_layer(part)
    measured(MEASURED[part])


def _draw_layer(part: str) -> None:
    layer = choose_layer(STARTS[part], has_output_padding=part == TRANSPOSED)
    settings, grid, kernel = layer.settings, layer.grid, layer.kernel
    start = _start()
    message: dict[str, Any]
    if part == TRANSPOSED:
        stages = transposed_stages(grid, kernel, settings)
        message = transposed_message(stages, kernel, settings, start=start)
        formula = transposed_formula(settings, grid.shape)
    else:
        stages = convolution_stages(grid, kernel, settings)
        message = convolution_message(stages, kernel, settings, start=start)
        formula = convolution_formula(settings, grid.shape)
    st.markdown(f"**{formula}**")
    _stencil(key=f"{STENCIL}_{part}", data=message, on_at_change=components.listen)
    _tell_link(components.message(f"{STENCIL}_{part}", "at"))


def _start() -> int:
    """The link's step when it was opened; later steps are the browser's own business."""
    if STENCIL not in st.session_state:
        text = st.query_params.get(STEP, "0")
        st.session_state[STENCIL] = int(text) if text.isdecimal() and len(text) < 6 else 0
    return int(st.session_state[STENCIL])


def _tell_link(news: Any) -> None:
    if news is not None and session().is_new(STENCIL, news) and type(news.get("step")) is int:
        st.query_params[STEP] = str(news["step"])


EXPERIMENT = Experiment(
    key="convolution",
    title="Transposed convolution",
    question="How does a decoder make a small grid of numbers into a large picture?",
    draw=draw,
)
