from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import explorer
from explorer.bundle import write_bundle
from explorer.latent import label_clouds
from explorer.ui.folders import VARIABLE
from explorer.ui.sample.page import codes_json
from explorer.ui.sample.plan import Plan
from explorer.ui.sample.sheet import make_sheet
from tests.app.pieces import sent, tell
from tests.bundles import make_bundle, make_contents

OpenPage = Callable[..., AppTest]
SAMPLE = "pages/explore/sample.py"


@pytest.fixture
def app(open_page: OpenPage, shelf: Path) -> AppTest:
    return open_page(SAMPLE, model="faces")


def sheet(app: AppTest) -> dict[str, Any]:
    return sent(app, "sample")


def chosen(app: AppTest) -> dict[str, Any]:
    return sent(app, "sample_chosen")


def found(app: AppTest) -> dict[str, Any]:
    return sent(app, "sample_found")


def pictures(app: AppTest) -> np.ndarray:
    data = sheet(app)
    raw = np.frombuffer(base64.b64decode(data["pixels"]), np.uint8)
    return raw.reshape(-1, data["height"], data["width"], data["channels"])


def draw_from(app: AppTest, source: str) -> AppTest:
    return app.get("button_group")[0].set_value(source).run()


def choose(app: AppTest, number: object, name: str | None = None) -> AppTest:
    told = {"sheet": name or sheet(app)["sheet"], "number": number, "serial": 1}
    return tell(app, "sample", choice=told)


def test_the_page_opens_with_a_sheet_and_its_first_sample_large(app: AppTest) -> None:
    assert not app.exception
    assert not app.error
    assert len(pictures(app)) == 36
    data = chosen(app)
    assert data["title"] == "Sample 1 of the mixture, seed 0"
    assert len(found(app)["near"]) == 6
    assert found(app)["memorised"].startswith("Not a copy")


def test_a_click_shows_another_sample_and_is_in_the_link(app: AppTest) -> None:
    first = chosen(app)["picture"]["pixels"]
    choose(app, 7)
    assert chosen(app)["number"] == found(app)["number"] == 7
    assert chosen(app)["picture"]["pixels"] != first
    assert app.query_params["sample"] == "7"


@pytest.mark.parametrize("number", [-1, 36, "x", None, True, 1.5])
def test_nonsense_from_the_browser_changes_nothing(app: AppTest, number: object) -> None:
    choose(app, number)
    assert not app.exception
    assert chosen(app)["number"] == 0


def test_a_click_on_an_old_sheet_is_ignored(app: AppTest) -> None:
    choose(app, 7, name="old")
    assert chosen(app)["number"] == 0


def test_a_reroll_draws_others_and_the_old_seed_the_same_again(app: AppTest) -> None:
    first = pictures(app)
    app.button(key="reroll").click().run()
    seed = app.number_input(key="seed").value
    assert not np.array_equal(pictures(app), first)
    assert chosen(app)["title"] == f"Sample 1 of the mixture, seed {seed}"
    app.number_input(key="seed").set_value(0).run()
    np.testing.assert_array_equal(pictures(app), first)


def test_a_class_at_temperature_0_is_one_picture(app: AppTest) -> None:
    draw_from(app, "A class")
    app.slider(key="temperature").set_value(0.0).run()
    assert not app.exception
    images = pictures(app)
    assert np.abs(images.astype(int) - images[0]).max() <= 1


@pytest.mark.parametrize("count", [16, 64])
def test_as_many_as_asked_for(app: AppTest, count: int) -> None:
    app.select_slider(key="count").set_value(count).run()
    assert len(pictures(app)) == count


@pytest.mark.parametrize("source", ["Prior", "Rings", "Corners", "Between classes"])
def test_every_source_draws(app: AppTest, source: str) -> None:
    before = pictures(app)
    draw_from(app, source)
    assert not app.exception
    assert not app.error
    assert not np.array_equal(pictures(app), before)


def test_samplers_stand_beside_one_another(app: AppTest) -> None:
    compared = app.table[0].value
    assert list(compared.index) == ["Mixture", "Prior", "Class “Smiling”"]
    assert app.get("plotly_chart")


@pytest.mark.usefixtures("shelf")
def test_a_link_brings_everything_back(open_page: OpenPage) -> None:
    query = {"sampler": "A class", "class": "Eyeglasses", "temperature": "0.5"}
    query |= {"truncation": "1.5", "count": "25", "seed": "4294967295", "sample": "3"}
    app = open_page(SAMPLE, model="faces", **query)
    assert not app.exception
    assert app.selectbox(key="class").value == "Eyeglasses"
    assert app.slider(key="temperature").value == 0.5
    assert app.select_slider(key="truncation").value == "1.5"
    assert app.number_input(key="seed").value == 2**32 - 1
    assert len(pictures(app)) == 25
    assert chosen(app)["title"] == "New “Eyeglasses”, number 4 of seed 4294967295"


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("seed", ["-1", "4294967296", "seven", "1e99", "0.5"])
def test_a_link_with_a_seed_out_of_range_opens_with_a_usable_one(
    open_page: OpenPage, seed: str
) -> None:
    app = open_page(SAMPLE, model="faces", seed=seed)
    assert not app.exception
    assert not app.error
    assert 0 <= app.number_input(key="seed").value <= 2**32 - 1
    assert len(pictures(app)) == 36


@pytest.mark.usefixtures("shelf")
def test_a_damaged_link_opens_the_page_all_the_same(open_page: OpenPage) -> None:
    query = {"sampler": "Magic", "class": "Hats", "temperature": "-3", "truncation": "x"}
    app = open_page(SAMPLE, model="faces", count="17", sample="999", **query)
    assert not app.exception
    assert not app.error
    assert len(pictures(app)) == 36
    assert chosen(app)["number"] == 0


@pytest.mark.usefixtures("shelf")
def test_an_autoencoder_is_said_to_have_no_prior(open_page: OpenPage) -> None:
    app = open_page(SAMPLE, model="digits", sampler="Prior")
    assert not app.exception
    assert "has no prior" in app.warning[0].value
    assert len(pictures(app)) == 36
    assert "Prior" not in app.table[0].value.index


def test_another_bundle_has_other_classes(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_bundle(tmp_path / "faces", name="faces")
    contents = make_contents(name="digits", attribute_names=(), label_names=("1", "7"))
    labels = np.where(contents.mu[:, 0] > 0, 1, 0)
    items = contents.items.assign(label=np.array(["1", "7"])[labels])
    clouds = label_clouds(contents.mu, labels, names=("1", "7"), split=contents.split).found
    write_bundle(tmp_path / "digits", replace(contents, items=items, clouds=clouds))
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    app = open_page(SAMPLE, model="faces", sampler="A class")
    assert app.selectbox(key="class").value == "Smiling"
    app.selectbox(key="model").select("digits").run()
    assert not app.exception
    assert app.selectbox(key="class").value == "7"
    assert len(pictures(app)) == 36


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes a bundle the only one there is."""

    def put_it(**changes: Any) -> None:
        make_bundle(tmp_path / "only", name="only", **changes)
        monkeypatch.setenv(VARIABLE, str(tmp_path))

    return put_it


def test_two_dimensions(open_page: OpenPage, put: Callable[..., None]) -> None:
    put(latent_dim=2)
    app = open_page(SAMPLE)
    assert not app.exception
    assert len(pictures(app)) == 36


def test_without_classes_it_says_so(open_page: OpenPage, put: Callable[..., None]) -> None:
    put(attribute_names=(), factor_names=(), label_names=())
    app = open_page(SAMPLE, sampler="A class")
    assert not app.exception
    assert "knows no classes" in app.error[0].value
    draw_from(app, "Mixture")
    assert not app.error
    assert len(pictures(app)) == 36


def test_one_class_alone_says_so(open_page: OpenPage, put: Callable[..., None]) -> None:
    put(attribute_names=("Smiling",), label_names=())
    app = open_page(SAMPLE, sampler="A class")
    assert len(pictures(app)) == 36
    draw_from(app, "Between classes")
    assert not app.exception
    assert "only one class, Smiling" in app.error[0].value


def test_a_mixture_that_did_not_converge_is_told(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = make_contents(name="hasty")
    mixture = replace(contents.mixture, converged=False)
    write_bundle(tmp_path / "hasty", replace(contents, mixture=mixture))
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    app = open_page(SAMPLE)
    assert not app.exception
    assert "before it had settled" in app.warning[0].value
    assert len(pictures(app)) == 36


def test_a_sample_is_kept_with_its_code(app: AppTest) -> None:
    choose(app, 5)
    app.button(key="keep_sample").click().run()
    assert not app.exception
    kept = next(iter(app.session_state["explorer"].kept.values()))
    assert kept[0].title == "Sample 6 of the mixture, seed 0"
    assert kept[0].link.startswith("code:")


def test_the_file_of_codes_says_how_to_draw_them_again(bundles: Path) -> None:
    bundle = explorer.load(bundles / "faces")
    from explorer.latent import CodeIndex
    from explorer.ui.resources import Opened

    plan = Plan("Prior", temperature=0.5, seed=9, count=16)
    made = make_sheet(plan, Opened(bundle, CodeIndex(bundle.latents.mu), "abc"))
    read = json.loads(codes_json(plan, made, bundle))
    again = bundle.sample(16, sampler="prior", temperature=0.5, seed=9)
    np.testing.assert_allclose(np.array(read["codes"]), again, rtol=1e-6)
    assert (read["source"], read["seed"], read["truncation"]) == ("Prior", 9, None)
    assert read["weights_sha256"] == bundle.config.weights_sha256
