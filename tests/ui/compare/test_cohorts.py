from __future__ import annotations

from dataclasses import replace

import numpy as np

from explorer.bundle import Bundle, Config
from explorer.ui.compare.cohorts import (
    Cohort,
    first_picture,
    make_cohorts,
    scale_of,
    shown_pictures,
    what_differs,
)
from explorer.ui.resources import Opened


def bundles(models: dict[str, Opened], *names: str) -> dict[int, Bundle]:
    return {number: models[name].bundle for number, name in enumerate(names)}


def one_cohort(models: dict[str, Opened]) -> tuple[Cohort, dict[int, Bundle]]:
    found = bundles(models, "one", "two")
    (cohort,) = make_cohorts(found)
    return cohort, found


def test_a_picture_has_one_place_in_all_models_that_hold_it(models: dict[str, Opened]) -> None:
    cohort, found = one_cohort(models)
    assert len(cohort.ids) == 90
    for member, bundle in found.items():
        rows = cohort.rows_of(member)
        assert bundle.items["id"].iloc[rows].tolist() == cohort.ids.tolist()
    assert cohort.place("toy-000007") == 7
    assert cohort.place("toy-000119") is None


def test_unseen_is_what_no_member_was_trained_on(models: dict[str, Opened]) -> None:
    cohort, found = one_cohort(models)
    trained = [
        bundle.items["split"].iloc[cohort.rows_of(member)].eq("train").to_numpy()
        for member, bundle in found.items()
    ]
    np.testing.assert_array_equal(cohort.unseen, ~(trained[0] | trained[1]))


def test_models_of_other_data_are_cohorts_of_their_own(models: dict[str, Opened]) -> None:
    found = make_cohorts(bundles(models, "one", "digits", "plain"))
    assert [cohort.members for cohort in found] == [(0, 2), (1,)]


def test_shown_pictures_are_unseen_and_the_seeds_own(models: dict[str, Opened]) -> None:
    (cohort,) = make_cohorts(bundles(models, "one", "plain"))
    bundle = models["one"].bundle
    shown = shown_pictures(cohort, bundle, seed=0, count=5)
    assert cohort.unseen[shown].all()
    assert len(set(shown.tolist())) == 5
    np.testing.assert_array_equal(shown, shown_pictures(cohort, bundle, seed=0, count=5))
    assert set(shown_pictures(cohort, bundle, seed=1, count=5)) != set(shown)


def test_where_few_are_unseen_any_pictures_are_shown(models: dict[str, Opened]) -> None:
    cohort, found = one_cohort(models)
    assert len(shown_pictures(cohort, found[0], seed=0, count=80)) == 80


def test_the_first_picture_lacks_what_the_slider_adds(models: dict[str, Opened]) -> None:
    cohort, found = one_cohort(models)
    place = first_picture(cohort, found[0], without=("Smiling",))
    assert found[0].items["Smiling"].iloc[cohort.rows_of(0)[place]] in (0, 1)
    (own,) = make_cohorts(bundles(models, "one"))
    place = first_picture(own, found[0], without=("Smiling",))
    assert found[0].items["Smiling"].iloc[place] == 0


# ---- what is told ----


def configs(models: dict[str, Opened], *names: str) -> list[Config]:
    return [models[name].bundle.config for name in names]


def test_equal_settings_need_no_words(models: dict[str, Opened]) -> None:
    assert what_differs(["one", "two"], configs(models, "one", "two")) == ""


def test_different_data_leave_what_needs_no_common_pictures(models: dict[str, Opened]) -> None:
    told = what_differs(["one", "digits"], configs(models, "one", "digits"))
    assert "**one** from procedural cartoon faces; **digits** from Digits" in told
    assert "Samples, traversals, maps" in told
    assert "errors and nats cannot" in told


def test_different_sizes_and_likelihoods_have_no_common_nats(models: dict[str, Opened]) -> None:
    one = models["one"].bundle.config
    size = {"image_size": 64}
    large = replace(one, data=replace(one.data, **size), model=replace(one.model, **size))
    told = what_differs(["small", "large"], [one, large])
    assert "32 × 32 colour (**small**); 64 × 64 colour (**large**)" in told
    assert "for one size only" in told
    squared = replace(one, objective=replace(one.objective, likelihood="squared"))
    told = what_differs(["a", "b"], [one, squared])
    assert "gaussian (**a**); squared (**b**)" in told
    assert scale_of(one) != scale_of(squared)
    assert scale_of(one) != scale_of(large)


def test_procedural_pictures_of_another_seed_are_others(models: dict[str, Opened]) -> None:
    one = models["one"].bundle.config
    assert scale_of(one) != scale_of(replace(one, data=replace(one.data, seed=1)))
    digits = models["digits"].bundle.config
    assert scale_of(digits) == scale_of(replace(digits, data=replace(digits.data, seed=1)))
