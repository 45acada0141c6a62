from __future__ import annotations

import numpy as np
import pytest

from explorer.latent.codes import LatentError
from explorer.latent.decoding import difference, sensitivity, unexplained, variety, way


def draw(z: np.ndarray) -> np.ndarray:
    """Pictures 1 x 2: the left pixel follows the first number, the right half the second."""
    left, right = 100 + 20 * z[:, 0], 100 + 10 * z[:, 1]
    return np.stack([left, right], axis=1).round().astype(np.uint8)[:, None, :, None]


def draw_nothing(z: np.ndarray) -> np.ndarray:
    return np.full((len(z), 1, 2, 1), 7, np.uint8)


def test_sensitivity_is_the_mean_change_of_a_pixel() -> None:
    told: list[float] = []
    found = sensitivity(draw, np.zeros((2, 3)), progress=told.append)
    assert found == pytest.approx([10, 5, 0])
    assert sensitivity(draw, np.zeros((2, 3)), reach=2) == pytest.approx([20, 10, 0])
    assert told[-1] == 1
    assert told == sorted(told)


def test_sensitivity_goes_up_and_down_in_turn() -> None:
    seen: list[np.ndarray] = []

    def spy(z: np.ndarray) -> np.ndarray:
        seen.append(z)
        return draw_nothing(z)

    assert sensitivity(spy, np.zeros((2, 2))).tolist() == [0, 0]
    assert [part.tolist() for part in seen] == [
        [[0, 0]],
        [[1, 0], [0, 1]],
        [[0, 0]],
        [[-1, 0], [0, -1]],
    ]


def test_identical_pictures_have_no_variety() -> None:
    codes = np.random.default_rng(0).normal(size=(9, 2))
    assert variety(draw_nothing(codes)) == 0
    assert variety(draw(np.array([[0.0, 0], [1, 0]]))) == 10
    assert np.isnan(variety(draw(codes[:1])))


def test_a_way_that_leads_nowhere() -> None:
    found = way(draw_nothing, np.zeros((3, 2)), np.ones((3, 2)))
    assert found.change == 0
    assert np.isnan(found.jump)


def test_an_even_way_and_one_that_jumps() -> None:
    even = way(draw, [[-2.0, 0]], [[2.0, 0]])
    assert even.change == pytest.approx(40)
    assert even.jump == pytest.approx(1 / 4)
    jumping = way(lambda z: draw(np.where(z > 0.1, 2.0, -2.0)), [[-2.0, 0]], [[2.0, 0]])
    assert jumping.jump == 1


def test_differences_do_not_wrap_around() -> None:
    low, high = np.zeros((1, 2, 2, 1), np.uint8), np.full((1, 2, 2, 1), 200, np.uint8)
    assert difference(low, high) == difference(high, low) == 200


def test_what_is_not_explained_is_the_share_of_the_variance() -> None:
    pictures = np.array([0, 255] * 4, np.uint8).reshape(-1, 1, 1, 1)
    # Reconstructions vary by 1/4; an error of 1/12 leaves a quarter of the whole.
    assert unexplained(pictures, np.full(5, 1 / 12)) == pytest.approx(0.25)
    assert unexplained(pictures, [0.0]) == 0
    assert unexplained(np.full_like(pictures, 9), [0.1]) == 1
    assert unexplained(np.full_like(pictures, 9), [0.0]) == 0


def test_codes_are_needed() -> None:
    with pytest.raises(LatentError, match="codes has 0 rows"):
        sensitivity(draw, np.zeros((0, 2)))
    with pytest.raises(LatentError, match="ends has 3 numbers per row; 2 are needed"):
        way(draw, np.zeros((1, 2)), np.zeros((1, 3)))
