from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from explorer.latent.codes import LatentError
from explorer.latent.fitting import logistic_normal, mean_difference
from explorer.latent.own import checked, clean_name, from_groups, from_marks, marks

DIM = 4


def codes(count: int, *, at: float = 0.0, seed: int = 0) -> np.ndarray:
    moved = np.random.default_rng(seed).normal(size=(count, DIM)).astype(np.float32)
    moved[:, 0] += at
    return moved


def test_two_groups_make_the_difference_of_their_means() -> None:
    with_, without = codes(30, at=2), codes(40, seed=1)
    direction = from_groups(with_, without, name="Sunny")
    means = with_.mean(axis=0), without.mean(axis=0)
    np.testing.assert_allclose(direction.vector, means[0] - means[1], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(direction.position(np.stack(means)), [1, 0], atol=1e-5)
    assert (direction.name, direction.kind, direction.method) == ("Sunny", "own", "mean")
    assert direction.scores == {"num_with": 30, "num_without": 40}
    assert direction.made == "From two groups of uploaded pictures: 30 with, 40 without."
    assert direction.caution == ""


@pytest.mark.parametrize(("count", "is_told"), [(2, True), (19, True), (20, False)])
def test_few_pictures_make_a_direction_with_a_caution(count: int, is_told: bool) -> None:
    caution = from_groups(codes(count, at=2), codes(50, seed=1), name="x").caution
    assert caution.startswith("Made from fewer than 20 pictures on a side") is is_told


def test_groups_from_the_map_carry_a_caution() -> None:
    direction = from_groups(codes(30, at=2), codes(40, seed=1), name="x", source="map")
    assert direction.made.startswith("From two selections on the map: 30 with")
    assert direction.caution.startswith("Its groups were chosen by where they lie")


@pytest.mark.parametrize(
    ("with_", "without", "message"),
    [
        (codes(1), codes(9), "The group “with” has 1 picture; a direction needs at least 2 in ea"),
        (codes(9), codes(1), "The group “without” has 1 picture; a"),
        (codes(0), codes(9), "The group “with” has 0 pictures; a"),
        (codes(9), codes(9), "Both groups have the same mean code; choose pictures that differ"),
    ],
)
def test_groups_that_make_no_direction(
    with_: np.ndarray, without: np.ndarray, message: str
) -> None:
    with pytest.raises(LatentError, match=message):
        from_groups(with_, without, name="x")


# Marks on the bundle's own pictures.

SPLIT = np.where(np.arange(400) % 4 == 0, 2, 0)


def marked() -> tuple[np.ndarray, np.ndarray]:
    """100 with, 200 without, 100 not marked; a quarter of each held out."""
    has = np.repeat([1, 0, 0, -1], 100)
    return codes(400) + 2 * np.outer(has == 1, np.eye(DIM)[0]).astype(np.float32), has


@pytest.mark.parametrize(
    ("method", "find"), [("mean", mean_difference), ("logistic", logistic_normal)]
)
def test_many_marks_are_scored_on_held_out_pictures(method: str, find: Any) -> None:
    mu, has = marked()
    direction = from_marks(mu, has, split=SPLIT, name="Sunny", method=method)
    expected = find(mu, has, split=SPLIT)
    np.testing.assert_array_equal(direction.vector, expected.vector)
    assert direction.scores == expected.scores
    assert direction.scores["num_held_out_with"] == 25
    assert (direction.kind, direction.method, direction.caution) == ("own", method, "")
    assert direction.made == "From a table of labels: 75 with, 150 without."


def test_few_marks_use_all_pictures_and_are_not_scored() -> None:
    mu, has = marked()
    has[15:100] = -1
    direction = from_marks(mu, has, split=SPLIT, name="Sunny", source="map")
    expected = from_groups(mu[has == 1], mu[has == 0], name="Sunny")
    np.testing.assert_array_equal(direction.vector, expected.vector)
    assert "auc" not in direction.scores
    assert direction.caution.startswith("Made from fewer than 20")
    assert "chosen by where they lie" in direction.caution
    with pytest.raises(LatentError, match="Sunny: 11 training pictures with it; at least 20"):
        from_marks(mu, has, split=SPLIT, name="Sunny", method="logistic")


def test_one_mark_is_refused() -> None:
    mu, has = marked()
    has[1:100] = -1
    with pytest.raises(LatentError, match="“with” has 1 picture; a direction needs at least 2"):
        from_marks(mu, has, split=SPLIT, name="x")
    with pytest.raises(LatentError, match="method is 'guess'; choose one of mean, logistic"):
        from_marks(*marked(), split=SPLIT, name="x", method="guess")


def test_two_selections_are_marks() -> None:
    assert marks([3, 1, 3], [0], count=5).tolist() == [0, 1, -1, 1, -1]
    with pytest.raises(LatentError, match="2 pictures are in both groups; select groups that do"):
        marks([1, 2, 3], [2, 3, 4], count=5)
    with pytest.raises(LatentError, match="1 picture is in both groups"):
        marks([1], [1], count=5)
    with pytest.raises(LatentError, match="rows reach 5; there are 5 pictures"):
        marks([5], [1], count=5)


# Names, and what comes from outside.


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Sunny \n  side\t up ", "Sunny side up"),
        ("Lächeln", "Lächeln"),
        ("a\u202eb\x00c\u200bd", "abcd"),
        ("../../etc/passwd", "../../etc/passwd"),  # a name, never a path
        ("微笑", "微笑"),
    ],
)
def test_names_are_one_visible_line(text: str, name: str) -> None:
    assert clean_name(text) == name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The direction has no name"),
        (" \u200b\n", "The direction has no name"),
        ("x" * 61, "The name has 61 characters; choose at most 60"),
    ],
)
def test_names_that_cannot_be(text: str, message: str) -> None:
    with pytest.raises(LatentError, match=message):
        clean_name(text)


def test_a_sound_direction_from_outside_becomes_ones_own() -> None:
    direction = replace(from_groups(codes(30, at=2), codes(40), name="x"), kind="attribute")
    same = checked(replace(direction, name=" Sunny\n"), dim=DIM)
    assert (same.name, same.kind) == ("Sunny", "own")
    np.testing.assert_array_equal(same.vector, direction.vector)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"vector": np.ones(3, "f4")}, "x: the vector must be 4 finite numbers"),
        ({"vector": np.full(4, np.nan, "f4")}, "x: the vector must be 4 finite numbers"),
        ({"normal": np.full(4, np.inf, "f4")}, "x: the normal must be 4 finite numbers"),
        ({"normal": np.ones(5, "f4")}, "x: the normal must be 4 finite numbers"),
        ({"normal": np.zeros(4, "f4")}, "x: what reads positions does not fit the vector"),
        ({"origin": float("nan")}, "x: what reads positions does not fit the vector"),
        ({"vector": np.zeros(4, "f4"), "scale": 0.0}, "x: its length is 0; nothing can be moved"),
        ({"scale": 1e9}, "x: its length is 1e"),
        ({"method": "guess"}, "x: method is 'guess', which is not known"),
        ({"name": "\n"}, "The direction has no name"),
    ],
)
def test_unsound_directions_are_refused(changes: dict[str, Any], message: str) -> None:
    direction = from_groups(codes(30, at=2), codes(40), name="x")
    with pytest.raises(LatentError, match=message):
        checked(replace(direction, **changes), dim=DIM)
