from __future__ import annotations

import numpy as np

from explorer.lab.convolution import Settings, convolution_stages, transposed_stages
from explorer.ui.lab.layer_words import (
    convolution_formula,
    convolution_message,
    transposed_formula,
    transposed_message,
)

SETTINGS = Settings(3, 2, 1, 1)
GRID = np.arange(8.0).reshape(2, 4)
KERNEL = np.arange(9.0).reshape(3, 3)


def test_the_formula_has_the_numbers_put_in_for_rows_and_columns() -> None:
    assert transposed_formula(SETTINGS, (2, 4)) == (
        "out = (in − 1)·S − 2P + K + OP = (2 − 1)·2 − 2·1 + 3 + 1 = 4 rows, "
        "(4 − 1)·2 − 2·1 + 3 + 1 = 8 columns"
    )
    assert convolution_formula(SETTINGS, (7, 7)) == (
        "out = ⌊(in + 2P − K) / S⌋ + 1 = ⌊(7 + 2·1 − 3) / 2⌋ + 1 = 4"
    )


def test_every_stage_says_the_size_it_comes_to() -> None:
    square = np.ones((3, 3))
    stages = transposed_stages(square, KERNEL, SETTINGS)
    told = transposed_message(stages, KERNEL, SETTINGS, start=0)
    for stage in told["stages"][1:]:
        assert stage["formula"].endswith(f"= {len(stage['after']['values'])}")


def test_the_window_lies_over_the_grid_turned_in_the_transposed_layer_only() -> None:
    stages = transposed_stages(GRID, KERNEL, SETTINGS)
    told = transposed_message(stages, KERNEL, SETTINGS, start=7)
    assert told["start"] == 7
    assert told["isTurned"]
    assert told["laid"][0] == [8, 7, 6]
    assert [stage["window"] for stage in told["stages"]] == [None] * 3 + [{"stride": 1}, None]
    other = convolution_message(
        convolution_stages(GRID, KERNEL, SETTINGS), KERNEL, SETTINGS, start=0
    )
    assert not other["isTurned"]
    assert other["laid"] == KERNEL.tolist()
    assert other["stages"][-1]["window"] == {"stride": 2}


def test_the_legend_names_what_is_there_and_nothing_else() -> None:
    plain = Settings(1, 1, 0, 0)
    one = np.ones((1, 1))
    told = transposed_message(transposed_stages(GRID, one, plain), one, plain, start=0)
    assert [text for _, text in told["legend"]] == ["numbers above 0"]
    stages = transposed_stages(-GRID, KERNEL, SETTINGS)
    told = transposed_message(stages, KERNEL, SETTINGS, start=0)
    assert [text for _, text in told["legend"]] == [
        "numbers above 0",
        "numbers below 0",
        "zeros put between",
        "output padding",
        "beyond the grid: zeros",
        "taken off",
    ]


def test_other_numbers_are_another_message() -> None:
    one, other = (
        transposed_message(transposed_stages(grid, KERNEL, SETTINGS), KERNEL, SETTINGS, start=0)
        for grid in (GRID, GRID + 1)
    )
    assert one["id"] != other["id"]
