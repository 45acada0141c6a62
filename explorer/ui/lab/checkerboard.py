"""The third part of experiment 1: why transposed convolutions draw checkerboards; the cures."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from explorer.lab.checkerboard import (
    is_even,
    resized_then_convolved,
    subpixel,
    subpixel_weights,
    touch_counts,
    transposed,
    unevenness,
    weights,
)
from explorer.lab.grids import Doubles
from explorer.ui import components
from explorer.ui.lab.pieces import LINKED

COUNTED, PICTURED = 6, 12  # side of the input whose touches are counted; of the picture
FLAT, HILL = "A flat grey", "A soft hill"
GREY = 0.5  # of the flat picture: room above and below
SEED = 4

_boards = components.declare("boards", "theme.js", "cells.js")


def draw() -> None:
    """The controls, the counts and five pictures."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kernel = st.slider("Kernel K", 2, 7, 3, key="check_kernel", width=170, **LINKED)
        stride = st.slider("Stride S", 2, 4, 2, key="check_stride", width=170, **LINKED)
        spread = st.slider(
            "Spread of the weights",
            0.0,
            1.0,
            0.3,
            0.05,
            key="spread",
            width=200,
            help="0: all weights of a kernel are equal, so that only the overlap is seen.",
            **LINKED,
        )
        picture = st.segmented_control(
            "Picture", (FLAT, HILL), default=FLAT, required=True, key="picture", **LINKED
        )
    st.markdown(verdict(kernel, stride))
    boards = all_boards(kernel, stride, spread, str(picture))
    name = f"{kernel}-{stride}-{spread}-{picture}"
    _boards(key="lab_boards", data={"id": name, "boards": boards})


def verdict(kernel: int, stride: int) -> str:
    """In words: how often the output's cells are reached, and what to do."""
    counts = touch_counts(COUNTED + kernel, kernel=kernel, stride=stride)
    inside = counts[kernel:-kernel, kernel:-kernel]
    low, high = int(inside.min()), int(inside.max())
    if is_even(kernel, stride):
        return (
            f"S = {stride} divides K = {kernel}: away from the border every output cell is "
            f"reached by {high} inputs, so the overlap draws no pattern. Uneven *weights* still "
            "can: raise their spread."
        )
    cures = [size for size in range(kernel - stride, kernel + stride + 1) if size > 0]
    better = " or ".join(f"K = {size}" for size in cures if is_even(size, stride))
    return (
        f"S = {stride} does not divide K = {kernel}: as few as {low} and as many as {high} inputs "
        f"reach an output cell, and the pattern repeats every {stride} cells. "
        f"Try {better}."
    )


def all_boards(kernel: int, stride: int, spread: float, picture: str) -> list[dict[str, Any]]:
    """The counts, what a transposed convolution makes of a picture, and its cures."""
    counts = touch_counts(COUNTED, kernel=kernel, stride=stride)
    return [
        _board(
            "How many inputs reach each cell",
            f"{len(counts)} × {len(counts)}, from {COUNTED} × {COUNTED}",
            counts,
            "numbers",
        ),
        *(
            _board(title, _note(title, found, kernel, stride, picture), found, "picture")
            for title, found in enlargements(kernel, stride, spread, picture).items()
        ),
    ]


def enlargements(kernel: int, stride: int, spread: float, picture: str) -> dict[str, Doubles]:
    """The same picture enlarged in five ways; the kernels are drawn with the same spread."""
    small = source(picture)
    drawn = weights(kernel, spread=spread, seed=SEED)
    even = stride * max(1, round(kernel / stride))
    drawn_even = weights(even, spread=spread, seed=SEED)
    apart, alike = (
        subpixel_weights(kernel, stride, icnr=icnr, spread=spread, seed=SEED)
        for icnr in (False, True)
    )
    return {
        f"Transposed, K = {kernel}": transposed(small, drawn, stride=stride),
        f"Cure 1: K = {even}, divisible by S": transposed(small, drawn_even, stride=stride),
        "Cure 2: resize, then convolve": resized_then_convolved(small, drawn, factor=stride),
        "Sub-pixel, drawn at random": subpixel(small, apart),
        "Cure 3: sub-pixel with ICNR": subpixel(small, alike),
    }


def source(picture: str) -> Doubles:
    """The picture that is enlarged, (n, n) in [0, 1]."""
    if picture == FLAT:
        return np.full((PICTURED, PICTURED), GREY)
    along = np.linspace(-1, 1, PICTURED)
    return np.asarray(0.15 + 0.7 * np.exp(-1.5 * (along[:, None] ** 2 + along**2)))


def _note(title: str, found: Doubles, kernel: int, stride: int, picture: str) -> str:
    """How uneven the result is, apart from what the picture itself brings."""
    border = 2 * kernel if "K =" in title else 0
    if picture == FLAT:
        return f"Unevenness inside: {100 * unevenness(found, border=border):.1f} % of the grey"
    return f"{len(found)} × {len(found)}, from {PICTURED} × {PICTURED}"


def _board(title: str, note: str, values: Doubles, kind: str) -> dict[str, Any]:
    return {"title": title, "note": note, "values": values.round(4).tolist(), "kind": kind}
