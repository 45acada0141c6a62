from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import conv2d, conv_transpose2d

from explorer.lab.convolution import (
    AFTER,
    BETWEEN,
    BORDER,
    CUT,
    GIVEN,
    Settings,
    convolution_stages,
    convolved_size,
    transpose_convolve,
    transposed_size,
    transposed_stages,
)
from explorer.lab.errors import LabError
from explorer.lab.grids import Doubles, pattern

SHAPES = st.tuples(st.integers(1, 7), st.integers(1, 7))
ANY = st.builds(
    Settings, st.integers(1, 7), st.integers(1, 5), st.integers(0, 8), st.integers(0, 5)
)


def drawn(shape: tuple[int, int], settings: Settings) -> tuple[Doubles, Doubles]:
    rng = np.random.default_rng(0)
    return rng.standard_normal(shape), rng.standard_normal((settings.kernel, settings.kernel))


def tensor(values: Doubles) -> torch.Tensor:
    return torch.from_numpy(values)[None, None]


def torch_transposed(grid: Doubles, kernel: Doubles, settings: Settings) -> Doubles | None:
    """What torch gives; None where it refuses."""
    try:
        found = conv_transpose2d(
            tensor(grid),
            tensor(kernel),
            stride=settings.stride,
            padding=settings.padding,
            output_padding=settings.output_padding,
        )
    except RuntimeError:
        return None
    return found[0, 0].numpy()


def torch_convolved(grid: Doubles, kernel: Doubles, settings: Settings) -> Doubles | None:
    """What torch gives; None where it refuses."""
    try:
        found = conv2d(
            tensor(grid), tensor(kernel), stride=settings.stride, padding=settings.padding
        )
    except RuntimeError:
        return None
    return found[0, 0].numpy()


@given(SHAPES, ANY)
def test_transposed_is_torchs_and_refuses_what_torch_refuses(
    shape: tuple[int, int], settings: Settings
) -> None:
    grid, kernel = drawn(shape, settings)
    wanted = torch_transposed(grid, kernel, settings)
    if wanted is None:
        with pytest.raises(LabError):
            transpose_convolve(grid, kernel, settings)
        return
    found = transpose_convolve(grid, kernel, settings)
    np.testing.assert_allclose(found, wanted, atol=1e-12)
    assert found.shape == tuple(transposed_size(size, settings) for size in shape)


@given(SHAPES, ANY)
def test_convolution_is_torchs_and_refuses_what_torch_refuses(
    shape: tuple[int, int], settings: Settings
) -> None:
    grid, kernel = drawn(shape, settings)
    wanted = torch_convolved(grid, kernel, settings)
    if wanted is None:
        with pytest.raises(LabError):
            convolution_stages(grid, kernel, settings)
        return
    found = convolution_stages(grid, kernel, settings)[-1].after.values
    np.testing.assert_allclose(found, wanted, atol=1e-12)
    assert found.shape == tuple(convolved_size(size, settings) for size in shape)


@given(SHAPES, ANY)
def test_the_transposed_is_the_transpose_of_the_convolution(
    shape: tuple[int, int], settings: Settings
) -> None:
    # <conv(x), y> = <x, conv_transpose(y)>, whence the name.
    grid, kernel = drawn(shape, settings)
    try:
        back = transpose_convolve(grid, kernel, settings)
    except LabError:
        return
    other = np.random.default_rng(1).standard_normal(back.shape)
    forth = convolution_stages(other, kernel, settings)[-1].after.values
    assert forth.shape == shape
    assert np.vdot(forth, grid) == pytest.approx(np.vdot(other, back), abs=1e-9)


def test_the_stages_of_the_default_have_the_sizes_of_the_formula() -> None:
    stages = transposed_stages(pattern("Counting", 3, 3), np.ones((5, 5)), Settings())
    assert [stage.name for stage in stages] == [
        "input",
        "zeros",
        "output padding",
        "sweep",
        "crop",
    ]
    assert [len(stage.after.values) for stage in stages] == [3, 7, 8, 12, 10]
    assert stages[3].before.values.shape == (16, 16)


def test_the_kinds_tell_where_zeros_come_from_and_what_is_cut() -> None:
    stages = transposed_stages(np.ones((2, 2)), np.ones((2, 2)), Settings(2, 2, 1, 1))
    assert stages[1].after.kinds.tolist() == [
        [GIVEN, BETWEEN, GIVEN],
        [BETWEEN, BETWEEN, BETWEEN],
        [GIVEN, BETWEEN, GIVEN],
    ]
    assert stages[2].after.kinds[-1].tolist() == [AFTER] * 4
    assert stages[3].before.kinds[0].tolist() == [BORDER] * 6
    assert stages[4].before.kinds.tolist() == [
        [CUT] * 5,
        *[[CUT, GIVEN, GIVEN, GIVEN, CUT]] * 3,
        [CUT] * 5,
    ]


def test_one_point_draws_the_kernel_itself() -> None:
    kernel = pattern("Counting", 3, 3)
    found = transpose_convolve(pattern("One point", 1, 1), kernel, Settings(3, 2, 0, 0))
    np.testing.assert_array_equal(found, kernel)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (Settings(0, 1, 0, 0), "The kernel size K is 0; 1 or more is needed."),
        (Settings(3, 0, 0, 0), "The stride S is 0; 1 or more is needed."),
        (Settings(3, 1, -1, 0), "The padding P is -1; 0 or more is needed."),
        (Settings(3, 2, 0, -1), "The output padding OP is -1; 0 or more is needed."),
        (Settings(3, 2, 0, 2), "Output padding is 2 and the stride 2: OP < S is needed."),
        (Settings(3, 2, 4, 0), "the swept grid has 7 rows, and padding 4 takes 8 off. 2P < "),
        (Settings(60, 2, 0, 0), "at most 64 × 64 can be drawn"),
    ],
)
def test_a_refusal_names_the_constraint(settings: Settings, said: str) -> None:
    kernel = np.ones((max(settings.kernel, 1),) * 2)
    with pytest.raises(LabError) as caught:
        transposed_stages(np.ones((3, 3)), kernel, settings)
    assert said in str(caught.value)


def test_a_kernel_larger_than_the_padded_input_is_refused() -> None:
    with pytest.raises(LabError, match="5 columns, the padded input only 4: K ≤ in \\+ 2P"):
        convolution_stages(np.ones((9, 2)), np.ones((5, 5)), Settings(5, 1, 1))


def test_a_kernel_of_another_size_is_refused() -> None:
    with pytest.raises(LabError, match="has 2 × 3 numbers; a square of 3 × 3"):
        transposed_stages(np.ones((3, 3)), np.ones((2, 3)), Settings(3, 1, 0, 0))
