from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import explorer
from explorer.ui.folders import VARIABLE
from tests.app.pieces import floats, sent, tell
from tests.bundles import make_bundle
from tests.lab_models import DIGITS, make_models

OpenPage = Callable[..., AppTest]
LAB = "pages/understand/lab.py"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grid with the cells that experiments 3 and 4 need at first, and a model with classes."""
    folder = tmp_path_factory.mktemp("lab")
    make_models(folder)
    return folder


@pytest.fixture(autouse=True)
def _shelf(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(models))


def pictures(sheet: dict[str, Any]) -> np.ndarray:
    raw = np.frombuffer(base64.b64decode(sheet["pixels"]), np.uint8)
    return raw.reshape(sheet["count"], sheet["height"], sheet["width"], sheet["channels"])


# ---- why the KL term ----


def test_four_strengths_are_side_by_side_on_the_same_axes_or_their_own(
    open_page: OpenPage,
) -> None:
    app = open_page(LAB, experiment="kl_term", kl_axes="its own")
    assert not app.exception
    columns = sent(app, "lab_columns")["columns"]
    assert [column["title"] for column in columns] == ["β = 0", "β = 0.075", "β = 1", "β = 10"]
    assert ["Rate", "18.2 nats"] in columns[0]["facts"]
    own = [column["plane"]["half"] for column in columns]
    app.get("button_group")[3].set_value("the same").run()
    assert {column["plane"]["half"] for column in sent(app, "lab_columns")["columns"]} == {
        max(own)
    }


def test_samples_are_of_the_prior_and_the_way_joins_two_digits(
    open_page: OpenPage, models: Path
) -> None:
    app = open_page(LAB, experiment="kl_term", kl_beta="1", kl_seed="4")
    (column,) = sent(app, "lab_columns")["columns"]
    bundle = explorer.load(models / "mnist-grid" / "b1")
    samples, way = (pictures(sheet) for sheet in column["sheets"])
    expected = bundle.decode(bundle.sample(12, sampler="prior", seed=4))
    assert np.abs(samples.astype(int) - expected).max() <= 1
    line = floats(column["plane"]["curves"][0]["points"]).reshape(-1, 2)
    ends = bundle.decode(line[[0, -1]])
    assert np.abs(way[[0, -1]].astype(int) - ends).max() <= 1
    rows = [np.flatnonzero((bundle.latents.mu == end).all(axis=1))[0] for end in line[[0, -1]]]
    assert list(bundle.items["label"].iloc[rows]) == ["0", "1"]
    app.button(key="kl_seed_next").click().run()
    assert app.query_params["kl_seed"] == "5"
    (after,) = sent(app, "lab_columns")["columns"]
    assert after["sheets"][0] != column["sheets"][0]
    assert after["sheets"][1] == column["sheets"][1]


def test_a_place_that_was_clicked_is_in_the_link(open_page: OpenPage) -> None:
    app = open_page(LAB, experiment="kl_term", kl_beta="0", place="0.50,0.25")
    assert sent(app, "lab_columns")["place"] == [0.5, 0.25]
    app = tell(app, "lab_columns", place={"x": 0.5, "y": -1.25})
    assert app.query_params["place"] == "0.50,-1.25"
    app = tell(app, "lab_columns", place={"x": 2, "y": 0})
    assert app.query_params["place"] == "2.00,0.00"
    assert sent(app, "lab_columns")["place"] == [0.5, 0.25]  # the browser is there already


def test_without_a_model_the_divergence_still_follows_its_sliders(open_page: OpenPage) -> None:
    app = open_page(LAB, experiment="kl_term", kl_dim="8", mu="1", sigma="1")
    assert not app.exception
    assert "needs the grid of models **mnist-grid**" in app.info[0].value.replace("\\", "")
    assert app.code[0].value.startswith("python train_cli.py sweep")
    assert "=0.50" in app.latex[0].value
    app = tell(app, "lab_kl", numbers={"mu": 2, "sigma": 1})
    assert "=2.00" in app.latex[0].value
    assert (app.query_params["mu"], app.query_params["sigma"]) == ("2.00", "1.00")


# ---- autoencoder or VAE ----


def test_samples_come_from_the_prior_or_a_mixture_and_walks_from_pairs(
    open_page: OpenPage, models: Path
) -> None:
    app = open_page(LAB, experiment="autoencoder")
    assert not app.exception
    before = sent(app, "lab_columns")["columns"]
    bundles = [explorer.load(models / "mnist-grid" / name) for name in ("ae8", "b1d8")]
    for choice, sampler in (("N(0, I)", "prior"), ("a mixture fitted to them", "mixture")):
        app.get("button_group")[2].set_value(choice).run()
        for column, bundle in zip(sent(app, "lab_columns")["columns"], bundles, strict=True):
            expected = bundle.decode(bundle.sample(24, sampler=sampler, seed=0))
            shown = pictures(column["sheets"][0])
            assert np.abs(shown.astype(int) - expected).max() <= 1
    assert [sheet["caption"] for sheet in column["sheets"][1:]] == ["0 to 1", "3 to 8", "4 to 7"]
    app.button(key="ae_pair_next").click().run()
    for old, new in zip(before, sent(app, "lab_columns")["columns"], strict=True):
        assert old["sheets"][1:] != new["sheets"][1:]


def test_the_probes_are_told_with_their_numbers(open_page: OpenPage) -> None:
    app = open_page(LAB, experiment="autoencoder", ae_labels="50")
    assert app.get("plotly_chart")
    few = " ".join(one.value for one in app.markdown)
    assert "With 50 labels: Autoencoder **" in few
    assert "test pictures. Always naming the commonest digit gets" in few
    count = app.get("button_group")[3].options[-1]
    app.get("button_group")[3].set_value(count).run()
    assert f"With {count} labels: Autoencoder **" in " ".join(one.value for one in app.markdown)


# ---- a class as a cloud ----


def test_a_class_has_a_cloud_that_cools_down_to_its_mean(
    open_page: OpenPage, models: Path
) -> None:
    app = open_page(LAB, experiment="class_cloud")
    assert not app.exception
    (column,) = sent(app, "lab_columns")["columns"]
    bundle = explorer.load(models / "mnist")
    cloud = bundle.cloud("7")
    assert column["title"] == "The 7s"
    assert column["note"].startswith(f"{cloud.count} training pictures")
    assert column["plane"]["highlight"] == 1
    mean, new = (pictures(sheet) for sheet in column["sheets"])
    assert np.abs(mean.astype(int) - bundle.decode(cloud.mean[None])).max() <= 1
    assert np.abs(new.astype(int) - mean).mean() > 1
    app.slider(key="cloud_temperature").set_value(0.0).run()
    (column,) = sent(app, "lab_columns")["columns"]
    mean, new = (pictures(sheet) for sheet in column["sheets"])
    assert (new == mean).all()
    assert ["Drawn, nearest to their centroid", "1000 of 1,000"] in column["facts"]


def test_the_vector_leads_from_one_centroid_to_the_other(
    open_page: OpenPage, models: Path
) -> None:
    app = open_page(LAB, experiment="class_cloud", alpha="0.8")
    data = sent(app, "lab_way")
    bundle = explorer.load(models / "mnist")
    expected = bundle.cloud("9").mean - bundle.cloud("4").mean
    np.testing.assert_allclose(floats(data["vector"]), expected, atol=1e-6)
    row = np.flatnonzero(np.isclose(bundle.latents.mu, floats(data["code"])).all(axis=1))[0]
    assert (bundle.items["label"][row], bundle.items["split"][row]) == ("4", "test")
    assert data["alpha"] == 0.8
    np.testing.assert_allclose(
        np.sum([curve["values"] for curve in data["curves"]], axis=0), 1, atol=1e-3
    )
    app = tell(app, "lab_way", alpha={"value": 1.2, "version": data["version"]})
    assert app.query_params["alpha"] == "1.20"
    app.selectbox(key="way_to").set_value("4").run()
    assert not app.exception
    assert "Choose two different classes" in app.info[0].value


def test_a_model_without_classes_says_so(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_bundle(tmp_path / "mnist", name="mnist", **(DIGITS | {"label_names": ()}))
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    app = open_page(LAB, experiment="class_cloud")
    assert not app.exception
    assert "no classes" in app.info[0].value
