"""What the browser needs to show a layer stage by stage: grids, words and formulas."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from explorer.lab.convolution import (
    AFTER,
    BETWEEN,
    BORDER,
    CUT,
    GIVEN,
    Grid,
    Settings,
    Stage,
    convolved_size,
    transposed_size,
)
from explorer.lab.grids import Doubles

TITLES = {
    "input": "Input",
    "zeros": "Zeros between",
    "output padding": "Output padding",
    "padding": "Padding",
    "sweep": "Sweep",
    "crop": "Crop",
}
NEGATIVE = "negative"  # beside the kinds of cells, in the legend


def transposed_message(
    stages: tuple[Stage, ...], kernel: Doubles, settings: Settings, *, start: int
) -> dict[str, Any]:
    """All of a transposed convolution; ``start`` is the step shown first."""
    words = _transposed_words(settings, stages[0].after.values.shape)
    legend = [
        (BETWEEN, "zeros put between"),
        (AFTER, "output padding"),
        (BORDER, "beyond the grid: zeros"),
        (CUT, "taken off"),
    ]
    laid = kernel[::-1, ::-1]
    return _message(stages, kernel, laid, stride=1, words=words, legend=legend, start=start)


def convolution_message(
    stages: tuple[Stage, ...], kernel: Doubles, settings: Settings, *, start: int
) -> dict[str, Any]:
    """All of an ordinary convolution; ``start`` is the step shown first."""
    words = _convolution_words(settings, stages[0].after.values.shape)
    legend = [(BORDER, "padding: zeros")]
    stride = settings.stride
    return _message(stages, kernel, kernel, stride=stride, words=words, legend=legend, start=start)


def transposed_formula(settings: Settings, shape: tuple[int, ...]) -> str:
    """The size of the output, with the numbers put in."""
    s, p, k, op = settings.stride, settings.padding, settings.kernel, settings.output_padding
    return "out = (in − 1)·S − 2P + K + OP = " + _each(
        shape,
        lambda size: f"({size} − 1)·{s} − 2·{p} + {k} + {op} = {transposed_size(size, settings)}",
    )


def convolution_formula(settings: Settings, shape: tuple[int, ...]) -> str:
    """The size of the output, with the numbers put in."""
    s, p, k = settings.stride, settings.padding, settings.kernel
    return "out = ⌊(in + 2P − K) / S⌋ + 1 = " + _each(
        shape,
        lambda size: f"⌊({size} + 2·{p} − {k}) / {s}⌋ + 1 = {convolved_size(size, settings)}",
    )


def _transposed_words(settings: Settings, shape: tuple[int, ...]) -> dict[str, tuple[str, str]]:
    s, p, k, op = settings.stride, settings.padding, settings.kernel, settings.output_padding
    apart = tuple((size - 1) * s + 1 for size in shape)
    padded = tuple(size + op for size in apart)
    swept = tuple(size + k - 1 for size in padded)
    return {
        "input": ("The numbers that come in, and the kernel that goes over them.", ""),
        "zeros": (
            f"The inputs move apart: S − 1 = {s - 1} zeros between any two.",
            _each(shape, lambda size: f"({size} − 1)·{s} + 1 = {(size - 1) * s + 1}"),
        ),
        "output padding": (
            f"OP = {op}: so many rows of zeros at the bottom, and columns at the right.",
            _each(apart, lambda size: f"{size} + {op} = {size + op}"),
        ),
        "sweep": (
            "The kernel starts with one corner on the grid, so each side grows by K − 1.",
            _each(padded, lambda size: f"{size} + {k} − 1 = {size + k - 1}"),
        ),
        "crop": (
            f"P = {p}: so many rows and columns are taken off each border.",
            _each(swept, lambda size: f"{size} − 2·{p} = {size - 2 * p}"),
        ),
    }


def _convolution_words(settings: Settings, shape: tuple[int, ...]) -> dict[str, tuple[str, str]]:
    s, p, k = settings.stride, settings.padding, settings.kernel
    padded = tuple(size + 2 * p for size in shape)
    return {
        "input": ("The numbers that come in, and the kernel that goes over them.", ""),
        "padding": (
            f"P = {p}: so many rows and columns of zeros on each side.",
            _each(shape, lambda size: f"{size} + 2·{p} = {size + 2 * p}"),
        ),
        "sweep": (
            f"The kernel stays on the grid and moves by S = {s}.",
            _each(padded, lambda size: f"⌊({size} − {k}) / {s}⌋ + 1 = {(size - k) // s + 1}"),
        ),
    }


def _message(
    stages: tuple[Stage, ...],
    kernel: Doubles,
    laid: Doubles,
    *,
    stride: int,
    words: dict[str, tuple[str, str]],
    legend: list[tuple[int, str]],
    start: int,
) -> dict[str, Any]:
    content = {
        "stages": [_stage(stage, words[stage.name], stride) for stage in stages],
        "kernel": kernel.tolist(),
        "laid": laid.tolist(),
        "isTurned": laid is not kernel,
        "legend": _legend(stages, legend),
    }
    name = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]
    return content | {"id": name, "start": start}


def _stage(stage: Stage, words: tuple[str, str], stride: int) -> dict[str, Any]:
    text, formula = words
    return {
        "name": stage.name,
        "title": TITLES[stage.name],
        "text": text,
        "formula": formula,
        "captions": _captions(stage),
        "before": _grid(stage.before),
        "after": _grid(stage.after),
        "window": {"stride": stride} if stage.name == "sweep" else None,
    }


def _captions(stage: Stage) -> tuple[str, str]:
    if stage.name == "input":
        return "Input", "Input"
    if stage.name == "sweep":
        return "Swept over", "Result"
    return "Before", "Output" if stage.name == "crop" else "After"


def _grid(grid: Grid) -> dict[str, Any]:
    return {"values": grid.values.tolist(), "kinds": grid.kinds.tolist()}


def _legend(stages: tuple[Stage, ...], known: list[tuple[int, str]]) -> list[tuple[Any, str]]:
    grids = [grid for stage in stages for grid in (stage.before, stage.after)]
    entries: list[tuple[Any, str]] = [(GIVEN, "numbers above 0")]
    if any((grid.values < 0).any() for grid in grids):
        entries.append((NEGATIVE, "numbers below 0"))
    there = {int(kind) for grid in grids for kind in grid.kinds.flat}
    return entries + [(kind, text) for kind, text in known if kind in there]


def _each(shape: tuple[int, ...], say: Callable[[int], str]) -> str:
    """A formula for the rows and the columns; once where they are as many."""
    rows, columns = shape
    return say(rows) if rows == columns else f"{say(rows)} rows, {say(columns)} columns"
