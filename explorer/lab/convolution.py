"""Convolution and transposed convolution of a grid, stage by stage.

Both follow torch (``conv2d``, ``conv_transpose2d``) with one channel and dilation 1, and Dumoulin
and Visin 2016, "A guide to convolution arithmetic for deep learning".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from explorer.lab.errors import LabError
from explorer.lab.grids import Doubles, require_side

Kinds = NDArray[np.int8]
StageName = Literal["input", "zeros", "output padding", "padding", "sweep", "crop"]

# What a cell of a grid is.
GIVEN, BETWEEN, AFTER, BORDER, CUT = range(5)


@dataclass(frozen=True)
class Settings:
    """Of one layer, the same in both dimensions, in cells.

    Attributes:
        kernel: Side K of the kernel.
        stride: S, how far the window moves; in the transposed layer, how far inputs move apart.
        padding: P, rows and columns put around; in the transposed layer, taken off each border.
        output_padding: OP, rows and columns put at the bottom and right; transposed only.
    """

    kernel: int = 5
    stride: int = 3
    padding: int = 1
    output_padding: int = 1


@dataclass(frozen=True, eq=False)
class Grid:
    """Numbers (rows, columns) and, for each cell, what it is."""

    values: Doubles
    kinds: Kinds


@dataclass(frozen=True, eq=False)
class Stage:
    """One step of the way from the input to the output.

    Attributes:
        name: Of the step.
        before: What it begins with; in a sweep, the grid with room for the window at the borders.
        after: What it ends with.
    """

    name: StageName
    before: Grid
    after: Grid


def transposed_size(size: int, settings: Settings) -> int:
    """Cells along one dimension of a transposed convolution: (in - 1) S - 2P + K + OP."""
    grown = (size - 1) * settings.stride + settings.kernel + settings.output_padding
    return grown - 2 * settings.padding


def convolved_size(size: int, settings: Settings) -> int:
    """Cells along one dimension of a convolution: floor((in + 2P - K) / S) + 1."""
    return (size + 2 * settings.padding - settings.kernel) // settings.stride + 1


def transpose_convolve(grid: Doubles, kernel: Doubles, settings: Settings) -> Doubles:
    """The output of a transposed convolution.

    Raises:
        LabError: As :func:`transposed_stages`.
    """
    return transposed_stages(grid, kernel, settings)[-1].after.values


def transposed_stages(grid: Doubles, kernel: Doubles, settings: Settings) -> tuple[Stage, ...]:
    """All stages of a transposed convolution of a grid (rows, columns) with a kernel (K, K).

    The kernel lies over the grid turned by 180 degrees, which is the same as laying the kernel
    itself, times each input number, on the output.

    Raises:
        LabError: A setting torch refuses, no cell left, or a grid too large to draw.
    """
    check_transposed(len(grid), grid.shape[1], settings)
    _require_kernel(kernel, settings)
    start = Grid(grid, np.full(grid.shape, GIVEN, np.int8))
    apart = insert_zeros(start, settings.stride - 1)
    padded = pad_after(apart, settings.output_padding)
    room = pad_around(padded, settings.kernel - 1)
    swept = _given(sweep(room.values, kernel[::-1, ::-1]))
    cut = _mark_border(swept, settings.padding)
    return (
        Stage("input", start, start),
        Stage("zeros", start, apart),
        Stage("output padding", apart, padded),
        Stage("sweep", room, swept),
        Stage("crop", cut, _given(swept.values[cut.kinds == GIVEN].reshape(_inside(cut)))),
    )


def convolution_stages(grid: Doubles, kernel: Doubles, settings: Settings) -> tuple[Stage, ...]:
    """All stages of a convolution of a grid (rows, columns) with a kernel (K, K).

    As in every deep-learning library the kernel is not turned (a cross-correlation).

    Raises:
        LabError: A setting torch refuses, no cell left, or a grid too large to draw.
    """
    check_convolution(len(grid), grid.shape[1], settings)
    _require_kernel(kernel, settings)
    start = Grid(grid, np.full(grid.shape, GIVEN, np.int8))
    padded = pad_around(start, settings.padding)
    swept = _given(sweep(padded.values, kernel, stride=settings.stride))
    return (
        Stage("input", start, start),
        Stage("padding", start, padded),
        Stage("sweep", padded, swept),
    )


def check_transposed(rows: int, columns: int, settings: Settings) -> None:
    """Refuse what a transposed convolution cannot have.

    Raises:
        LabError: Naming the constraint that fails.
    """
    _check_common(settings)
    stride, extra = settings.stride, settings.output_padding
    if extra >= stride:
        raise LabError(
            f"Output padding is {extra} and the stride {stride}: OP < S is needed. Output padding "
            "chooses among the S output sizes that a convolution of stride S shrinks to the same "
            "input; from OP = S on, it would be the next size's. torch refuses it too."
        )
    require_side(rows, columns, name="The input")
    longest = (max(rows, columns) - 1) * stride + 1 + extra + 2 * (settings.kernel - 1)
    require_side(longest, longest, name="The grid that the kernel sweeps over")
    for size, name in ((rows, "rows"), (columns, "columns")):
        if transposed_size(size, settings) < 1:
            grown = transposed_size(size, settings) + 2 * settings.padding
            raise LabError(
                f"No output is left: the swept grid has {grown} {name}, and padding "
                f"{settings.padding} takes {2 * settings.padding} off. 2P < (in − 1)·S + K + OP "
                "is needed."
            )


def check_convolution(rows: int, columns: int, settings: Settings) -> None:
    """Refuse what a convolution cannot have.

    Raises:
        LabError: Naming the constraint that fails.
    """
    _check_common(settings)
    require_side(rows, columns, name="The input")
    longest = max(rows, columns) + 2 * settings.padding
    require_side(longest, longest, name="The padded input")
    for size, name in ((rows, "rows"), (columns, "columns")):
        if size + 2 * settings.padding < settings.kernel:
            raise LabError(
                f"The kernel has {settings.kernel} {name}, the padded input only "
                f"{size + 2 * settings.padding}: K ≤ in + 2P is needed."
            )


def insert_zeros(grid: Grid, count: int) -> Grid:
    """The grid with ``count`` rows and columns of zeros between any two of its own."""
    shape = tuple((size - 1) * (count + 1) + 1 for size in grid.values.shape)
    values, kinds = np.zeros(shape), np.full(shape, BETWEEN, np.int8)
    values[:: count + 1, :: count + 1] = grid.values
    kinds[:: count + 1, :: count + 1] = grid.kinds
    return Grid(values, kinds)


def pad_after(grid: Grid, count: int) -> Grid:
    """The grid with ``count`` rows and columns of zeros at its bottom and right."""
    return _pad(grid, (0, count), AFTER)


def pad_around(grid: Grid, count: int) -> Grid:
    """The grid with ``count`` rows and columns of zeros on each of its four sides."""
    return _pad(grid, (count, count), BORDER)


def sweep(grid: Doubles, kernel: Doubles, *, stride: int = 1) -> Doubles:
    """Sum of kernel times window, for each place of the window that lies in the grid."""
    windows = sliding_window_view(grid, kernel.shape)[::stride, ::stride]
    return np.asarray(np.einsum("ijkl,kl->ij", windows, kernel))


def _pad(grid: Grid, widths: tuple[int, int], kind: int) -> Grid:
    return Grid(
        np.pad(grid.values, widths), np.pad(grid.kinds, widths, constant_values=np.int8(kind))
    )


def _given(values: Doubles) -> Grid:
    return Grid(values, np.full(values.shape, GIVEN, np.int8))


def _mark_border(grid: Grid, count: int) -> Grid:
    rows, columns = grid.values.shape
    kinds = np.full((rows, columns), CUT, np.int8)
    kinds[count : rows - count, count : columns - count] = GIVEN
    return Grid(grid.values, kinds)


def _inside(grid: Grid) -> tuple[int, int]:
    kept = grid.kinds == GIVEN
    return int(kept.any(axis=1).sum()), int(kept.any(axis=0).sum())


def _check_common(settings: Settings) -> None:
    for name, value, least in (
        ("The kernel size K", settings.kernel, 1),
        ("The stride S", settings.stride, 1),
        ("The padding P", settings.padding, 0),
        ("The output padding OP", settings.output_padding, 0),
    ):
        if value < least:
            raise LabError(f"{name} is {value}; {least} or more is needed.")


def _require_kernel(kernel: Doubles, settings: Settings) -> None:
    if kernel.shape != (settings.kernel, settings.kernel):
        rows, columns = kernel.shape
        raise LabError(
            f"The kernel has {rows} × {columns} numbers; a square of {settings.kernel} × "
            f"{settings.kernel} is needed."
        )
