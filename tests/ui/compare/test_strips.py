from __future__ import annotations

import numpy as np

from explorer.ui.compare.cohorts import Cohort, make_cohorts
from explorer.ui.compare.strips import COLUMNS, Spots, same_pictures, samples, traversals, walks
from explorer.ui.resources import Opened
from explorer.ui.traverse_page import rows_of
from explorer.ui.traverse_rows import DIMENSIONS

SPOTS = Spots(picture=5, end=80, shown=tuple(range(10, 10 + COLUMNS)))


def scene(models: dict[str, Opened]) -> tuple[dict[int, Opened], Cohort]:
    chosen = {0: models["one"], 1: models["two"]}
    (cohort,) = make_cohorts({number: model.bundle for number, model in chosen.items()})
    return chosen, cohort


def mu(model: Opened, name: str) -> np.ndarray:
    items = model.bundle.items
    return np.asarray(model.bundle.latents.mu[items["id"].eq(name).to_numpy()][0], np.float32)


def test_each_model_draws_the_same_pictures_from_its_own_codes(models: dict[str, Opened]) -> None:
    chosen, cohort = scene(models)
    for row in same_pictures(chosen, cohort, SPOTS):
        assert row.codes is not None
        own = mu(chosen[row.member], "toy-000010")
        np.testing.assert_array_equal(row.codes[0], own)


def test_walks_go_straight_between_the_same_two(models: dict[str, Opened]) -> None:
    chosen, cohort = scene(models)
    for row in walks(chosen, cohort, SPOTS):
        assert row.codes is not None
        ends = mu(chosen[row.member], "toy-000005"), mu(chosen[row.member], "toy-000080")
        np.testing.assert_allclose(row.codes[[0, -1]], ends, rtol=1e-6)
        np.testing.assert_allclose(row.codes[COLUMNS // 2], np.mean(ends, axis=0), rtol=1e-5)


def test_samples_are_the_seeds_and_an_autoencoder_is_told_to_have_no_prior(
    models: dict[str, Opened],
) -> None:
    chosen = {0: models["one"], 1: models["plain"]}
    first, second = (
        samples(chosen, sampler="prior", seed=3),
        samples(chosen, sampler="prior", seed=3),
    )
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.codes, other.codes)
    # Equal latent_dim: the same noise.
    np.testing.assert_array_equal(first[0].codes, first[1].codes)
    assert [row.note for row in first] == ["", "has no prior; this is what N(0, I) gives"]
    assert [row.note for row in samples(chosen, sampler="mixture", seed=3)] == ["", ""]


def test_traversals_change_one_number_or_say_that_there_is_none(models: dict[str, Opened]) -> None:
    chosen, cohort = scene(models)
    eight, four = traversals(chosen, cohort, SPOTS, rank=5)
    assert eight.codes is not None
    number = rows_of(chosen[0], DIMENSIONS).numbers[4]
    np.testing.assert_allclose(eight.codes[:, number], np.linspace(-3, 3, COLUMNS), atol=1e-5)
    others = np.delete(eight.codes, number, axis=1)
    np.testing.assert_allclose(others, np.tile(others[0], (COLUMNS, 1)), atol=1e-6)
    assert f"dimension {number}" in eight.note
    assert four.codes is None
    assert four.note == "has 4 dimensions, so none of rank 5"
