from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

from explorer.latent import LatentError
from explorer.latent.probe import linear_probe

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray]


def two_clouds(count: int = 6000, *, apart: float = 2.0, scale: float = 1.0) -> Arrays:
    """Codes of two classes ``apart`` standard deviations from each other, on a slant, far out."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, count)
    codes = rng.standard_normal((count, 3))
    codes += apart / np.sqrt(2) * labels[:, None] * np.array([1, 1, 0])
    return scale * (codes + 7), labels, np.arange(count) % 3


def test_two_gaussians_are_told_as_well_as_can_be() -> None:
    found = linear_probe(*two_clouds())
    # The plane halfway errs for what lies more than half the distance out: Φ(1) is right.
    assert found.accuracy == pytest.approx(ndtr(1.0), abs=0.015)
    assert found.chance == pytest.approx(0.5, abs=0.03)
    assert (found.num_train, found.count) == (2000, 2000)


def test_probabilities_are_those_of_the_two_gaussians() -> None:
    planes = linear_probe(*two_clouds()).planes
    across = np.array([1, 1, 0]) / np.sqrt(2)
    middle = 7 + across  # halfway between the centres
    places = middle + np.array([[-1.0], [0], [1]]) * across
    # log odds of N(+1, 1) against N(-1, 1) at x are 2 x.
    expected = 1 / (1 + np.exp(-2 * np.array([-1.0, 0, 1])))
    np.testing.assert_allclose(planes.probabilities(places)[:, 1], expected, atol=0.02)
    assert list(planes.tell(places[[0, 2]])) == [0, 1]


def test_several_classes_keep_their_labels_and_unknown_ones_are_left_out() -> None:
    codes = np.repeat(10 * np.eye(3), 40, axis=0) + np.linspace(-1, 1, 120)[:, None]
    labels = np.repeat([2, 5, 9], 40)
    split = np.tile([0, 2], 60)
    labels[:4] = -1
    found = linear_probe(codes, labels, split)
    assert found.accuracy == 1
    assert (found.num_train, found.count) == (58, 58)
    assert list(found.planes.classes) == [2, 5, 9]
    np.testing.assert_allclose(found.planes.probabilities(codes).sum(axis=1), 1)


def test_codes_that_know_nothing_are_told_by_chance() -> None:
    rng = np.random.default_rng(0)
    labels = (rng.random(3000) < 0.2).astype(int)
    split = np.arange(3000) % 3
    found = linear_probe(rng.standard_normal((3000, 4)), labels, split)
    assert found.chance == (labels[split == 2] == 0).mean()
    assert found.accuracy == pytest.approx(found.chance, abs=0.02)


def test_the_scale_of_codes_does_not_matter() -> None:
    small, large = (linear_probe(*two_clouds(600, scale=scale)) for scale in (0.01, 100))
    assert small.accuracy == large.accuracy


def test_a_dimension_nothing_uses_does_no_harm() -> None:
    codes, labels, split = two_clouds(600)
    codes[:, 2] = 0
    assert linear_probe(codes, labels, split).accuracy > 0.8


def test_few_labels_are_of_all_classes_in_turn() -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [400, 30, 30])
    codes = np.eye(3)[labels] + 0.1 * rng.standard_normal((460, 3))
    split = np.where(np.arange(460) % 4, 0, 2)
    found = linear_probe(codes, labels, split, num_train=9)
    assert found.num_train == 9
    assert found.accuracy == 1
    first, again, other = (
        linear_probe(codes, labels, split, num_train=9, seed=seed).planes.weights
        for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    everything = linear_probe(codes, labels, split, num_train=10_000)
    assert everything.num_train == (split == 0).sum()


def test_no_more_than_ten_thousand_are_learnt_from() -> None:
    assert linear_probe(*two_clouds(36_000)).num_train == 10_000


def test_what_is_held_out_to_choose_by_is_left_alone() -> None:
    codes, labels, split = two_clouds(600)
    spoilt = codes.copy()
    spoilt[split == 1] = -1000
    first, second = (linear_probe(values, labels, split) for values in (codes, spoilt))
    np.testing.assert_array_equal(first.planes.weights, second.planes.weights)
    assert first.accuracy == second.accuracy


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": np.zeros(600)}, "there are 1 classes in 200 training pictures"),
        ({"labels": np.full(600, -1)}, "0 classes in 0 .* and 0 test pictures"),
        ({"split": np.zeros(600)}, "and 0 test pictures. Choose a model whose pictures have"),
        ({"labels": np.zeros(5)}, "labels has shape"),
        ({"mu": np.full((600, 3), np.nan)}, "mu holds NaN"),
        ({"num_train": 0}, "num_train is 0; a probe learns from at least 2"),
        ({"num_train": 1}, "num_train is 1; a probe learns from at least 2"),
    ],
)
def test_what_cannot_be_probed_says_why(changes: dict[str, object], message: str) -> None:
    codes, labels, split = two_clouds(600)
    given: dict[str, object] = {"mu": codes, "labels": labels, "split": split, **changes}
    with pytest.raises(LatentError, match=message):
        linear_probe(**given)  # type: ignore[arg-type]
