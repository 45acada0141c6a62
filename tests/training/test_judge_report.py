from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import explorer
from explorer.latent import Effects
from explorer.training.judge_report import effects_json, effects_rows, effects_table
from tests.bundles import make_bundle

ALPHAS = np.array([-1, 0, 1, 2], np.float32)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str | float]]:
    """Of a bundle's first direction: nothing at 1, all at 2; another thing follows half-way."""
    bundle = explorer.load(make_bundle(tmp_path_factory.mktemp("report") / "faces"))
    first = bundle.directions[0]
    flips = np.zeros((1, 1, 4, 2), np.float32)
    flips[..., 0] = np.nan
    flips[0, 0, 3, 1] = 0.5
    effects = Effects(
        names=(first.name,),
        methods=(first.method,),
        judged=(first.name, "Other"),
        alphas=ALPHAS,
        success=np.array([[[0.3, 0.1, 0, 1]]], np.float32),
        flips=flips,
        counts=np.array([[10, 10]], np.int32),
        agreement=np.array([[0.9, 0.9]], np.float32),
        accuracy=np.array([0.85, 0.95], np.float32),
    )
    found = effects_rows(bundle, effects)
    assert effects_rows(bundle, effects, [first.name]) == found
    assert effects_rows(bundle, effects, ["Hat"]) == []
    expected = first.scores["auc"]
    assert found[0]["auc"] == expected or np.isnan(expected)
    return found


def test_a_row_holds_the_figures_at_1_and_2_and_where_90_percent_are_reached(
    rows: list[dict[str, str | float]],
) -> None:
    expected = {
        "success_1": 0,
        "success_2": 1,
        "leakage_1": 0,
        "leakage_2": 0.5,
        "alpha_90": 1.9,
        "leakage_90": 0.45,
        "judge": 0.85,
    }
    for name, value in expected.items():
        assert rows[0][name] == pytest.approx(value), name


def test_the_table_is_aligned_and_has_a_dash_for_nothing(
    rows: list[dict[str, str | float]],
) -> None:
    blank = {**rows[0], "method": "conditional", "alpha_90": float("nan")}
    head, first, second = effects_table([*rows, blank]).splitlines()
    assert len(head) == len(first) == len(second)
    for title in ("AUC", "success 1", "leakage 2", "judge"):
        assert title in head
    assert first.endswith("1.900         0.450  0.850")
    assert second.endswith("    -         0.450  0.850")


def test_json_has_null_for_nothing(rows: list[dict[str, str | float]]) -> None:
    blank = {**rows[0], "alpha_90": float("nan")}
    (found,) = json.loads(effects_json([blank]))
    assert found["alpha_90"] is None
    assert found["success_2"] == 1
    assert found["name"] == rows[0]["name"]


@pytest.mark.parametrize("name", ["faces", "toy-faces", "mnist"])
def test_the_shipped_bundles_were_judged(name: str) -> None:
    bundle = explorer.load(Path(__file__).parents[2] / "pretrained" / name)
    section, effects = bundle.config.data, bundle.effects
    assert effects is not None
    assert set(effects.names) == {*section.attribute_names, *section.label_names}
    rows = effects_rows(bundle, effects)
    assert {row["method"] for row in rows} == {"mean", "logistic", "conditional"}
    assert all(0 <= float(row["success_1"]) <= 1 for row in rows)
