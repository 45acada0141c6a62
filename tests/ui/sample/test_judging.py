from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import explorer
from explorer.bundle import Bundle
from explorer.latent import CodeIndex, Mixture
from explorer.ui.resources import Opened
from explorer.ui.sample.judging import (
    NUM_JUDGED,
    Judges,
    explanation,
    judge,
    make_judges,
    mixture_caution,
    samplers,
    table,
)
from explorer.ui.sample.plan import CLASS, MIXTURE, PRIOR, Plan
from tests.bundles import make_bundle


@pytest.fixture(scope="module")
def judges(bundle: Bundle) -> Judges:
    return make_judges(Opened(bundle, CodeIndex(bundle.latents.mu), "abc"))


def test_all_samplers_are_compared_at_the_same_settings(bundle: Bundle) -> None:
    plan = Plan(PRIOR, "Smiling", "Eyeglasses", temperature=0.5, seed=9)
    found = samplers(plan, bundle)
    assert [one.source for one in found] == [MIXTURE, PRIOR, CLASS]
    assert [one.kind for one in found] == ["", "", "Smiling"]
    assert {one.temperature for one in found} == {0.5}
    assert found == samplers(replace(plan, seed=10, source=MIXTURE), bundle)


def test_an_autoencoder_has_no_prior_to_compare(tmp_path: Path) -> None:
    plain = explorer.load(make_bundle(tmp_path / "plain", variational=False))
    assert [one.source for one in samplers(Plan(), plain)] == [MIXTURE]


def test_hot_samples_are_far_from_the_data_and_cold_ones_alike(
    bundle: Bundle, judges: Judges
) -> None:
    plan = Plan(PRIOR, temperature=1.0)
    hot = judge(replace(plan, temperature=6.0), bundle, judges).realism
    cold = judge(replace(plan, temperature=0.1), bundle, judges).realism
    assert hot.near == 0
    assert hot.diversity > 4
    assert cold.near == NUM_JUDGED
    assert cold.diversity < 0.2


def test_the_table_has_a_row_per_sampler(bundle: Bundle, judges: Judges) -> None:
    plans = samplers(Plan(kind="Smiling"), bundle)
    found = table([judge(plan, bundle, judges) for plan in plans])
    assert list(found.index) == ["Mixture", "Prior", "Class “Smiling”"]
    assert all(text.endswith("%") for text in found["Near the data"])
    assert set(found["Copies"]) == {"0 of 128"}


def test_every_column_is_explained(bundle: Bundle, judges: Judges) -> None:
    columns = table([judge(Plan(), bundle, judges)]).columns
    assert all(f"**{column}**" in explanation("face") for column in columns)


def mixture(**changes: object) -> Mixture:
    arrays = {
        "weights": np.array([0.5, 0.5], np.float32),
        "means": np.array([[0, 0], [1, 1]], np.float32),
        "cholesky": np.tile(np.eye(2, dtype=np.float32), (2, 1, 1)),
    }
    return Mixture(**(arrays | changes))  # type: ignore[arg-type]


def test_a_settled_mixture_needs_no_caution() -> None:
    assert mixture_caution(mixture(converged=True), count=100) == ""
    assert mixture_caution(mixture(), count=100) == ""


def test_a_mixture_that_did_not_converge_says_so() -> None:
    assert "before it had settled" in mixture_caution(mixture(converged=False), count=100)


def test_a_component_of_nothing_is_told() -> None:
    empty = mixture(weights=np.array([0.9999, 0.0001], np.float32))
    assert mixture_caution(empty, count=100).startswith("1 of its 2 components")


def test_a_component_shrunk_to_a_point_is_told() -> None:
    points = mixture(cholesky=1e-4 * np.tile(np.eye(2, dtype=np.float32), (2, 1, 1)))
    assert "shrunk to a point" in mixture_caution(points, count=100)
