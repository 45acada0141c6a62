from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from explorer.data import DataSpec
from explorer.training import Optimisation, RunSettings
from explorer.training.settings import from_json, to_json
from explorer.vae import ConfigError, ModelConfig, ObjectiveConfig, Warmup
from tests.training.runs import make_settings


def test_everything_survives_being_saved() -> None:
    settings = RunSettings(
        name="my faces",
        out=Path("some") / "where",
        data=DataSpec(
            source="folder",
            root=Path("pictures.zip"),
            image_size=32,
            channels=1,
            crop=20,
            limit=99,
            attributes=Path("table.csv"),
            factors=Path("factors.csv"),
            seed=3,
        ),
        model=ModelConfig("mlp", 32, 1, latent_dim=5, variational=False, width=16, depth=2),
        objective=ObjectiveConfig(beta=0.25, likelihood="squared", free_bits=0.1),
        warmup=Warmup(kind="cyclical", epochs=2.5, cycles=3),
        optimisation=Optimisation(7, 9, 1e-4, 11, 0.5, 2.0, 0.9, flip=True),
        seed=4,
        precision="bf16",
        device="cpu",
        compile=False,
        threads=2,
        preset="small",
    )
    assert from_json(to_json(settings)) == settings


@pytest.mark.parametrize(("num_images", "steps"), [(64, 4), (79, 4), (15, 1)])
def test_steps_are_whole_batches_and_at_least_one(num_images: int, steps: int) -> None:
    assert Optimisation(batch_size=16).steps_per_epoch(num_images) == steps


def test_nothing_given_stays_nothing(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, threads=None, preset=None)
    again = from_json(to_json(settings))
    assert again == settings
    assert again.data.root is None


def test_the_folder_is_the_name_in_out(tmp_path: Path) -> None:
    assert make_settings(tmp_path).folder == tmp_path / "run"


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../a", "/a"])
def test_a_name_that_is_not_a_folder_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"name is '.*'; choose a plain folder name\."):
        make_settings(tmp_path, name=name)


def test_no_threads_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="threads is 0; choose a number at least 1"):
        make_settings(tmp_path, threads=0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"epochs": 0}, "epochs is 0; choose a number at least 1."),
        ({"batch_size": -1}, "batch_size is -1; choose a number at least 1."),
        ({"learning_rate": 0.0}, "learning_rate is 0.0; choose a number above 0."),
        ({"learning_rate": math.nan}, "learning_rate is nan; choose a number above 0."),
        ({"learning_rate": math.inf}, "learning_rate is inf; choose a number above 0."),
        ({"lr_warmup_steps": -1}, "lr_warmup_steps is -1; choose a number at least 0."),
        ({"weight_decay": -0.1}, "weight_decay is -0.1; choose a number at least 0."),
        ({"grad_clip": 0.0}, "grad_clip is 0.0; choose a number above 0."),
        ({"ema_decay": 1.0}, "ema_decay is 1.0; choose a number at least 0 and below 1."),
    ],
)
def test_what_no_run_can_have_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Optimisation(**change)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw.pop("model"),
        lambda raw: raw.update(surprise=1),
        lambda raw: raw["optimisation"].update(surprise=1),
        lambda raw: raw["data"].pop("root"),
        lambda raw: raw["data"].pop("source"),
    ],
)
def test_settings_of_another_version_are_a_sentence(
    damage: Callable[[dict[str, Any]], None], tmp_path: Path
) -> None:
    raw = json.loads(to_json(make_settings(tmp_path)))
    damage(raw)
    with pytest.raises(ConfigError, match="Resume with the version that started the run"):
        from_json(json.dumps(raw))


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_text_that_is_no_settings_is_a_sentence(text: str) -> None:
    with pytest.raises(ConfigError, match="the saved settings do not fit this version"):
        from_json(text)


def test_a_value_out_of_range_is_named(tmp_path: Path) -> None:
    raw = json.loads(to_json(make_settings(tmp_path)))
    raw["model"]["latent_dim"] = 0
    with pytest.raises(ConfigError, match="latent_dim is 0"):
        from_json(json.dumps(raw))


def test_a_run_can_be_moved(tmp_path: Path) -> None:
    moved = replace(make_settings(tmp_path), out=Path("elsewhere"), name="other")
    assert moved.folder == Path("elsewhere") / "other"


def test_settings_of_before_there_were_factors_are_read(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    raw = json.loads(to_json(settings))
    del raw["data"]["factors"]
    assert from_json(json.dumps(raw)) == settings
