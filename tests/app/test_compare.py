from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import explorer
from explorer.bundle.sweeps import CellIndex, SweepIndex, failure_note, write_index
from explorer.ui.folders import VARIABLE
from tests.app.pieces import floats
from tests.bundles import make_bundle

COMPARE = "pages/understand/compare.py"
BETAS, DIMS = (0.1, 1.0, 4.0), (2, 8)
Open = Callable[..., AppTest]


def add_grid(shelf: Path) -> Path:
    """A grid of which four cells are done, one is empty and one has failed."""
    cells = [(beta, dim) for dim in DIMS for beta in BETAS]
    index = [CellIndex(f"b{b:g}-{d}", b, d, "conv", True, "linear") for b, d in cells]
    write_index(shelf / "grid", SweepIndex("", tuple(index)))
    for beta, dim in cells[:3] + cells[4:5]:
        name = f"b{beta:g}-{dim}"
        make_bundle(
            shelf / "grid" / name, name=name, num_images=60, beta=beta, latent_dim=dim, width=8
        )
    note = failure_note(shelf / "grid", "b4-8")
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text("The loss became NaN at step 12.")
    return shelf / "grid"


@pytest.fixture(scope="module")
def made(bundles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compare")
    for name in ("faces", "digits"):
        shutil.copytree(bundles / name, folder / name)
    add_grid(folder)
    return folder


@pytest.fixture
def shelf(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(made))
    return made


@pytest.fixture
def own_shelf(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy that a test may change."""
    folder = tmp_path / "shelf"
    shutil.copytree(made, folder)
    monkeypatch.setenv(VARIABLE, str(folder))
    return folder


def message(app: AppTest) -> dict[str, Any]:
    """What the piece on the open tab is sent."""
    assert not app.exception
    found: dict[str, Any] = json.loads(app.get("bidi_component")[0].proto.json)
    return found


def titles(app: AppTest) -> list[str]:
    return [panel["title"] for panel in message(app)["panels"]]


def test_a_newcomer_sees_the_betas_of_the_grid_side_by_side(shelf: Path, open_page: Open) -> None:
    app = open_page(COMPARE)
    sent = message(app)
    assert titles(app) == [f"β {beta:g} · latent_dim 2" for beta in BETAS]
    assert sent["slider"]["title"] in ("Smiling", "Eyeglasses")
    assert sent["original"]["picture"]  # procedural: drawn again


def test_empty_and_failed_cells_say_what_they_are(shelf: Path, open_page: Open) -> None:
    app = open_page(COMPARE, dim="8")
    sent = message(app)
    panels = sent["panels"]
    assert titles(app) == [f"β {beta:g} · latent_dim 8" for beta in BETAS]
    assert [panel["steered"] for panel in panels] == [True, False, False]
    assert [bool(panel["code"]) for panel in panels] == [False, True, False]
    assert panels[0]["problem"].startswith("This cell is empty")
    assert panels[2]["problem"] == (
        "The training of this cell failed: The loss became NaN at step 12."
    )


def test_two_sliders_move_through_the_grid(shelf: Path, open_page: Open) -> None:
    app = open_page(COMPARE)
    app.select_slider(key="dim").set_value("2").run()
    app.select_slider(key="beta").set_value("4").run()
    panels = message(app)["panels"]
    assert titles(app) == [f"β {beta:g} · latent_dim 2" for beta in BETAS]
    assert [panel["steered"] for panel in panels] == [False, False, True]
    assert not any(panel["problem"] for panel in panels)
    app.segmented_control(key="beside").set_value("other latent_dim").run()
    assert titles(app) == [f"β 4 · latent_dim {dim}" for dim in DIMS]


def test_each_model_moves_its_own_code_of_one_picture(shelf: Path, open_page: Open) -> None:
    app = open_page(COMPARE, dim="2", slider="Smiling", picture="toy-000057", edit="1.5")
    sent = message(app)
    for panel, beta in zip(sent["panels"], BETAS, strict=True):
        bundle = explorer.load(shelf / "grid" / f"b{beta:g}-2")
        row = bundle.items["id"].tolist().index("toy-000057")
        np.testing.assert_allclose(floats(panel["code"]), bundle.latents.mu[row])
        vector = bundle.direction("Smiling").vector
        np.testing.assert_array_equal(floats(panel["vector"]), vector)
    assert sent["slider"]["value"] == 1.5
    walk = next(strip for strip in sent["strips"] if strip["key"].startswith("walk"))
    assert walk["title"].startswith("From toy-000057 to ")


def test_a_link_brings_everything_back(shelf: Path, open_page: Open) -> None:
    query = {"dim": "2", "beta": "4", "slider": "Eyeglasses", "rank": "2", "sampler": "Mixture"}
    app = open_page(COMPARE, **query, end="toy-000055", draw="3")
    sent = message(app)
    found = {strip["key"]: strip["title"] for strip in sent["strips"]}
    assert sent["slider"]["title"] == "Eyeglasses"
    assert found["samples"] == "New pictures from the fitted mixture"
    assert found["traversal0"].startswith("The number of rank 2")
    assert found["walk0"].endswith("to toy-000055")
    assert app.query_params["beta"] == "4"


# ---- what does not go together ----


def test_models_of_different_data_say_what_is_left_to_compare(
    shelf: Path, open_page: Open
) -> None:
    app = open_page(COMPARE, grid="no grid", models=["faces", "digits"])
    assert "They learnt from different pictures" in app.info[0].value
    sent = message(app)
    assert [panel["note"] for panel in sent["panels"]][1] == "knows no direction of this name"
    keys = [strip["key"] for strip in sent["strips"]]
    assert {"pictures0", "pictures1", "samples"} <= set(keys)
    (samples,) = (strip for strip in sent["strips"] if strip["key"] == "samples")
    assert len(samples["rows"]) == 2


def test_a_model_that_is_gone_is_named_and_the_others_are_compared(
    own_shelf: Path, open_page: Open
) -> None:
    app = open_page(COMPARE, grid="no grid", models=["faces", "digits"])
    shutil.rmtree(own_shelf / "digits")
    app.run()
    assert "**digits** is not here (any more)" in app.warning[0].value
    assert titles(app) == ["faces"]


def test_a_link_to_what_was_never_here_says_so(shelf: Path, open_page: Open) -> None:
    app = open_page(COMPARE, grid="cats", dim="77")
    told = [warning.value for warning in app.warning]
    assert told == [
        "There is no grid **cats** here (any more).",
        "This grid has no latent_dim 77.",
    ]
    assert len(titles(app)) == 3


def test_a_cell_deleted_meanwhile_becomes_an_empty_one(own_shelf: Path, open_page: Open) -> None:
    app = open_page(COMPARE, dim="2")
    assert not any(panel["problem"] for panel in message(app)["panels"])
    shutil.rmtree(own_shelf / "grid" / "b1-2")
    app.run()
    problems = [panel["problem"] for panel in message(app)["panels"]]
    assert [bool(problem) for problem in problems] == [False, True, False]
    assert problems[1].startswith("This cell is empty")


def test_an_index_edited_by_hand_is_explained_and_its_models_stay(
    own_shelf: Path, open_page: Open
) -> None:
    path = own_shelf / "grid" / "sweep.json"
    path.write_text(path.read_text().replace('"beta": 4.0', '"beta": "much"'))
    app = open_page(COMPARE)
    assert "sweep.json" in app.warning[0].value
    assert "beta" in app.warning[0].value
    assert "b4-2" in str(app.multiselect(key="models").options)


def test_a_grid_with_one_cell_has_no_sliders_and_asks_for_others(
    own_shelf: Path, open_page: Open
) -> None:
    index = CellIndex("b1-2", 1.0, 2, "conv", True, "linear")
    write_index(own_shelf / "grid", SweepIndex("", (index,)))
    app = open_page(COMPARE)
    assert titles(app) == ["β 1 · latent_dim 2"]
    assert not app.select_slider
    assert "There is one model here to look at" in app.info[0].value


# ---- the other tabs ----


def test_maps_put_the_same_pictures_in_the_same_order(shelf: Path, open_page: Open) -> None:
    app = open_page(COMPARE, dim="2", view="Maps", picture="toy-000040")
    sent = message(app)
    assert [panel["map"]["count"] for panel in sent["panels"]] == [60, 60, 60]
    (cohort,) = sent["cohorts"]
    assert cohort["ids"][cohort["picked"]] == "toy-000040"


def test_curves_and_the_plane_are_drawn(shelf: Path, open_page: Open) -> None:
    app = open_page(COMPARE, dim="2", view="Training", split="training pictures")
    assert len(app.get("plotly_chart")) == 1
    assert not [note for note in app.caption if "No such line" in note.value]
    app = open_page(COMPARE, dim="2", view="Rate and distortion")
    # The tiny models' results hold no distortion.
    assert any("holds no rate or no distortion" in note.value for note in app.caption)


def test_figures_are_measured_when_asked_for(
    shelf: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from explorer.ui.compare.figures import Found

    def measure(opened: object, *, progress: Callable[[float, str], object]) -> Found:
        progress(0.5, "SSIM")
        return Found({"ssim": 0.5}, verdict="healthy")

    monkeypatch.setattr("explorer.ui.compare.table_page.slow", measure)
    app = open_page(COMPARE, dim="2", view="Figures")
    table = app.table[0].value
    assert table.loc["ELBO, nats"].tolist() == ["**−410.0**"] * 3
    assert table.loc["SSIM"].tolist() == ["…"] * 3
    (button,) = (item for item in app.button if item.label == "Measure the rest")
    button.click().run()
    assert app.table[0].value.loc["SSIM"].tolist() == ["**0.500**"] * 3
    assert not [item for item in app.button if item.label == "Measure the rest"]
