"""The lab's experiments on sizes, warm-ups, preprocessing and networks, without a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from explorer.ui.folders import VARIABLE
from tests.lab_shelf import make_lab_shelf

OpenPage = Callable[..., AppTest]
LAB = "pages/understand/lab.py"
pytestmark = pytest.mark.usefixtures("lab_shelf")


@pytest.fixture(scope="module")
def lab_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_lab_shelf(tmp_path_factory.mktemp("lab"))


@pytest.fixture
def lab_shelf(lab_models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    st.cache_data.clear()
    monkeypatch.setenv(VARIABLE, str(lab_models))
    return lab_models


def models(app: AppTest) -> list[dict[str, Any]]:
    """What the browser is sent of each model."""
    assert not app.exception
    (element,) = app.get("bidi_component")
    found: list[dict[str, Any]] = json.loads(element.proto.json)["columns"]
    return found


def titles(app: AppTest) -> list[str]:
    return [model["title"] for model in models(app)]


def sheet(app: AppTest, number: int, caption: str) -> str:
    """The pixels of a model's sheet."""
    sheets = {one["caption"]: one["pixels"] for one in models(app)[number]["sheets"]}
    return str(sheets[caption])


def choose(app: AppTest, key: str, option: str) -> AppTest:
    app.session_state[key] = option
    return app.run()


def test_all_sizes_side_by_side_then_one(open_page: OpenPage) -> None:
    app = open_page(LAB, experiment="latent_dimension")
    assert titles(app) == ["2 numbers", "16 numbers", "64 numbers", "128 numbers"]
    assert models(app)[0]["note"] == "every direction is in use"
    assert ["Directions in use", "2 of 2"] in models(app)[0]["facts"]
    assert len(app.get("plotly_chart")) == 4
    app = open_page(LAB, experiment="latent_dimension", size="16")
    assert titles(app) == ["16 numbers"]
    assert any("train_cli.py sweep" in one.value for one in app.code)


def test_sizes_at_another_beta_and_with_other_faces(open_page: OpenPage) -> None:
    first = open_page(LAB, experiment="latent_dimension")
    other = open_page(LAB, experiment="latent_dimension", size_beta="0")
    assert sheet(first, 0, "Reconstructed") != sheet(other, 0, "Reconstructed")
    before = sheet(first, 0, "Unseen pictures")
    first.button(key="size_seed_next").click().run()
    assert sheet(first, 0, "Unseen pictures") != before
    assert first.query_params["size_seed"] == "1"


def test_a_hole_in_the_grid_is_told_with_the_command(open_page: OpenPage) -> None:
    app = open_page(LAB, experiment="latent_dimension", size_beta="10")
    assert not app.exception
    assert "no cell with latent_dim 2, beta 10" in app.info[0].value.replace("\\", "")
    assert "--name toy-faces-grid" in app.code[0].value


def test_runs_with_and_without_warm_up(open_page: OpenPage) -> None:
    app = open_page(LAB, experiment="annealing")
    assert titles(app) == ["None", "Linear", "Cyclical", "Free bits"]
    assert len(app.get("plotly_chart")) == 4
    sheets = {sheet(app, number, "Reconstructed") for number in range(4)}
    assert len(sheets) == 4
    app = open_page(LAB, experiment="annealing", warmup="free bits")
    assert titles(app) == ["Free bits"]


def test_faces_aligned_and_shifted(open_page: OpenPage) -> None:
    app = open_page(LAB, experiment="preprocessing")
    assert titles(app) == ["As usual", "Shifted"]
    assert sheet(app, 0, "Reconstructed") != sheet(app, 1, "Reconstructed")
    before = models(app)[0]["sheets"][0]
    app.slider(key="faces_in_mean").set_value(3).run()
    after = models(app)[0]["sheets"][0]
    assert (before["caption"][:16], after["caption"][:15]) == (
        "Mean of 50 faces",
        "Mean of 3 faces",
    )
    assert before["pixels"] != after["pixels"]
    assert any("--shift 0" not in one.value and "train" in one.value for one in app.code)


def test_a_model_of_faces_that_is_missing_is_explained(open_page: OpenPage) -> None:
    app = open_page(LAB, experiment="preprocessing", preprocessing="not resized")
    assert not app.exception
    assert "preprocessing" in app.info[0].value
    assert "--crop 64" in app.code[0].value


def test_two_networks_on_the_pictures_of_a_class(open_page: OpenPage) -> None:
    app = open_page(LAB, experiment="architecture")
    assert titles(app) == ["Convolutional", "Fully connected"]
    weights = [dict(model["facts"])["Weights"] for model in models(app)]
    assert weights[0] != weights[1]
    of_class = open_page(LAB, experiment="architecture", **{"class": "blond"})
    assert sheet(of_class, 0, "Reconstructed") != sheet(app, 0, "Reconstructed")
