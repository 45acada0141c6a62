"""The controls of a layer: its settings, its input and its kernel, as numbers one can edit."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from explorer.lab.convolution import Settings
from explorer.lab.grids import (
    COUNT,
    EDGE,
    ONES,
    POINT,
    RANDOM,
    TENT,
    Doubles,
    pattern,
    read_grid,
    write_grid,
)
from explorer.ui.lab.pieces import LINKED

OWN = "Own numbers"
INPUTS = (COUNT, ONES, POINT, RANDOM, OWN)
KERNELS = (TENT, ONES, COUNT, EDGE, RANDOM, OWN)
MOST = 1_000_000  # what can be typed; what can be drawn is far less, and says so
HELP = {
    "kernel": "Side of the kernel.",
    "stride": "How far the window moves; in the transposed layer, how far the inputs move apart.",
    "padding": "Put around the input; in the transposed layer, taken off each border.",
    "output_padding": "Put at the bottom and the right. OP < S is needed.",
    "numbers": "A line is a row; numbers stand apart by spaces, commas or tabs.",
}


@dataclass(frozen=True)
class Defaults:
    """What a layer begins with.

    Attributes:
        prefix: Of its controls in the link.
        settings: The layer's.
        side: Of the square input.
    """

    prefix: str
    settings: Settings
    side: int


@dataclass(frozen=True, eq=False)
class Layer:
    """What was chosen: settings, input (rows, columns) and kernel (K, K)."""

    settings: Settings
    grid: Doubles
    kernel: Doubles


def choose_layer(defaults: Defaults, *, has_output_padding: bool) -> Layer:
    """All that decides a layer.

    Raises:
        LabError: The input or the kernel is no grid of numbers, or too large.
    """
    prefix, first = defaults.prefix, defaults.settings
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        is_own = st.session_state.get(f"{prefix}weights") == OWN
        side = _number("Kernel K", f"{prefix}kernel", first.kernel, is_off=is_own)
        stride = _number("Stride S", f"{prefix}stride", first.stride)
        extra = 0
        if has_output_padding:
            extra = _number("Output pad. OP", f"{prefix}output_padding", first.output_padding)
        padding = _number("Padding P", f"{prefix}padding", first.padding)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        source = _select("Input", INPUTS, f"{prefix}input")
        rows = columns = defaults.side
        if source != OWN:
            rows = _number("Rows", f"{prefix}rows", defaults.side)
            columns = _number("Columns", f"{prefix}columns", defaults.side)
        weights = _select("Kernel", KERNELS, f"{prefix}weights")
    with st.container(horizontal=True):
        grid = _grid_of(source, rows, columns, f"{prefix}numbers", "The input", COUNT)
        kernel = _grid_of(weights, side, side, f"{prefix}kernel_numbers", "The kernel", TENT)
    settings = Settings(max(kernel.shape), stride, padding, extra)
    return Layer(settings, grid, kernel)


def _grid_of(source: str, rows: int, columns: int, key: str, name: str, first: str) -> Doubles:
    if source != OWN:
        return pattern(source, rows, columns)
    size = min(max(rows, 1), 8), min(max(columns, 1), 8)
    text = st.text_area(
        f"{name}, row by row",
        write_grid(pattern(first, *size)),
        key=key,
        height=170,
        help=HELP["numbers"],
        **LINKED,
    )
    return read_grid(str(text), name=name)


def _number(label: str, key: str, value: int, *, is_off: bool = False) -> int:
    chosen = st.number_input(
        label,
        min_value=0,
        max_value=MOST,
        value=value,
        step=1,
        key=key,
        help=next((text for name, text in HELP.items() if key.endswith(name)), None),
        disabled=is_off,
        width=125,
        **LINKED,
    )
    return int(chosen)


def _select(label: str, options: tuple[str, ...], key: str) -> str:
    return str(st.selectbox(label, options, key=key, width=150, **LINKED))
