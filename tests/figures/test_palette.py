from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from explorer.figures.oklab import from_oklab, to_linear, to_oklab
from explorer.figures.palette import (
    CATEGORICAL,
    MISSING,
    categorical,
    categorical_rgb,
    ramp,
    ramp_rgb,
    to_rgb,
)

# Machado, Oliveira & Fernandes (2009), severity 1: what red-, green- and blue-blind eyes see of
# linear light.
SIGHT = {
    "full": np.eye(3),
    "red-blind": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "green-blind": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "blue-blind": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
LIGHT, DARK = "#ffffff", "#0e1117"  # the app's two backgrounds


def table(colours: tuple[str, ...]) -> np.ndarray:
    return np.stack([to_rgb(colour) for colour in colours])


def contrast(colours: tuple[str, ...], background: str) -> np.ndarray:
    """Contrast ratio of each colour with the background (WCAG 2.2)."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    luminance = to_linear(table(colours)) @ weights
    other = float(to_linear(to_rgb(background)[None])[0] @ weights)
    return (np.maximum(luminance, other) + 0.05) / (np.minimum(luminance, other) + 0.05)


@pytest.mark.parametrize("sight", SIGHT)
def test_no_two_classes_look_alike(sight: str) -> None:
    light = np.clip(to_linear(table(CATEGORICAL)) @ SIGHT[sight].T, 0, 1)
    encoded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    seen = to_oklab(np.rint(255 * encoded).astype(np.uint8))
    closest = min(np.linalg.norm(one - other) for one, other in combinations(seen, 2))
    assert closest > (0.10 if sight == "full" else 0.068)  # 0.02 is just noticeable


@pytest.mark.parametrize("colours", [CATEGORICAL, ramp(32), (MISSING,)])
def test_colours_are_legible_on_both_backgrounds(colours: tuple[str, ...]) -> None:
    assert contrast(colours, LIGHT).min() > 1.9
    assert contrast(colours, DARK).min() > 2.6


def test_the_ramp_rises_in_lightness_by_even_steps() -> None:
    lab = to_oklab(table(ramp(64)))
    assert (np.diff(lab[:, 0]) > 0).all()
    steps = np.linalg.norm(np.diff(lab, axis=0), axis=1)
    assert steps.max() < 1.5 * steps.mean()
    np.testing.assert_array_equal(from_oklab(lab), table(ramp(64)))


def test_classes_get_their_colour_and_the_unknown_grey() -> None:
    colours = categorical_rgb([0, 3, -1, 12])
    assert colours.dtype == np.uint8
    expected = (CATEGORICAL[0], CATEGORICAL[3], MISSING, CATEGORICAL[0])
    np.testing.assert_array_equal(colours, table(expected))
    assert categorical(3) == CATEGORICAL[:3]
    assert categorical(14)[12:] == CATEGORICAL[:2]
    assert categorical(0) == ()


def test_values_run_along_the_ramp() -> None:
    colours = ramp_rgb([-5, 0, 5, 10, 99, np.nan], low=0, high=10)
    whole = table(ramp())
    np.testing.assert_array_equal(colours[[0, 1]], whole[[0, 0]])
    np.testing.assert_array_equal(colours[[3, 4]], whole[[255, 255]])
    np.testing.assert_array_equal(colours[2], whole[128])
    np.testing.assert_array_equal(colours[5], to_rgb(MISSING))


def test_equal_values_are_no_error() -> None:
    colours = ramp_rgb([3.0, 3.0], low=3, high=3)
    np.testing.assert_array_equal(colours, table(ramp()[:1] * 2))


def test_bad_requests_are_refused() -> None:
    with pytest.raises(ValueError, match="count is -1"):
        categorical(-1)
    with pytest.raises(ValueError, match="size is 1; a ramp has at least 2"):
        ramp(1)
    with pytest.raises(ValueError, match="ramp goes from 2 to 1"):
        ramp_rgb([1.0], low=2, high=1)
    with pytest.raises(ValueError, match="ramp goes from 0 to nan"):
        ramp_rgb([1.0], low=0, high=float("nan"))
    with pytest.raises(ValueError, match="'blue' is no colour; write # and six"):
        to_rgb("blue")
    with pytest.raises(ValueError, match="'#12345g' is no colour"):
        to_rgb("#12345g")
