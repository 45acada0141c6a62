from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.bundle.sweeps import CellIndex, SweepIndex, write_index
from explorer.ui.folders import VARIABLE
from tests.bundles import make_bundle

OpenPage = Callable[..., AppTest]
PAGE = "pages/explore/map.py"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, bundles: Path) -> Path:
    """A single model, a grid of two betas and two sizes, the fourth cell a hole, and a lab."""
    shelf = tmp_path_factory.mktemp("grids")
    shutil.copytree(bundles / "faces", shelf / "faces")
    cells = [
        CellIndex(f"b{b:g}-d{d}", b, d, "conv", True, "linear") for b in (1.0, 4.0) for d in (2, 8)
    ]
    for cell in cells[:3]:
        make_bundle(
            shelf / "grid" / cell.name,
            name=cell.name,
            num_images=100,
            beta=cell.beta,
            latent_dim=cell.latent_dim,
        )
    write_index(shelf / "grid", SweepIndex("python train_cli.py sweep --name grid", tuple(cells)))
    for name in ("one", "two"):
        make_bundle(shelf / "lab" / name, name=name, num_images=100)
    return shelf


@pytest.fixture(autouse=True)
def _shelf(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, f"{folder}:{folder / 'lab'}")


def options(app: AppTest, label: str) -> list[str]:
    found = [box for box in app.sidebar.selectbox if box.label == label]
    return list(found[0].options) if found else []


def test_the_picker_lists_grids_not_their_models(open_page: OpenPage) -> None:
    app = open_page(PAGE)
    assert options(app, "Model") == ["faces", "grid (3 models)", "lab (2 models)"]
    assert app.title[0].value == "faces"
    assert not app.sidebar.select_slider


def test_a_grid_opens_in_its_middle_and_its_axes_move_through_it(open_page: OpenPage) -> None:
    app = open_page(PAGE)
    app.selectbox(key="model").select("grid").run()
    assert not app.exception
    assert app.title[0].value == "b1-d8"
    app.select_slider(key="cell_latent_dim").set_value(2).run()
    assert app.title[0].value == "b1-d2"
    assert app.query_params["model"] == "grid/b1-d2"
    app.select_slider(key="cell_beta").set_value(4.0).run()
    assert app.title[0].value == "b4-d2"
    # The hole at beta 4 and 8 numbers leads to the cell that has the number asked for.
    app.select_slider(key="cell_latent_dim").set_value(8).run()
    assert app.title[0].value == "b1-d8"
    assert app.select_slider(key="cell_beta").value == 1.0


def test_the_link_of_a_cell_opens_it(open_page: OpenPage) -> None:
    app = open_page(PAGE, model="grid/b4-d2")
    assert app.title[0].value == "b4-d2"
    assert app.select_slider(key="cell_beta").value == 4.0


def test_the_model_looked_at_stays_on_the_next_page(open_page: OpenPage) -> None:
    app = open_page(PAGE, model="grid/b4-d2")
    del app.query_params["model"]
    app.switch_page("pages/explore/sample.py").run()
    assert not app.exception
    assert app.select_slider(key="cell_beta").value == 4.0
    assert app.query_params["model"] == "grid/b4-d2"


def test_models_of_the_lab_are_chosen_by_name(open_page: OpenPage) -> None:
    app = open_page(PAGE, model="two")
    assert app.title[0].value == "two"
    app.selectbox(key="cell_name").select("one").run()
    assert app.title[0].value == "one"


def test_an_unknown_model_in_a_link_is_said(open_page: OpenPage) -> None:
    app = open_page(PAGE, model="gone")
    assert app.title[0].value == "faces"
    assert app.toast[0].value == "There is no model gone here; this is faces."
    assert app.query_params["model"] == "faces"


def test_home_has_one_card_a_grid(open_page: OpenPage) -> None:
    app = open_page()
    assert not app.exception
    assert [item.value for item in app.subheader] == ["faces", "grid"]
    text = " ".join(item.value for item in [*app.markdown, *app.caption])
    assert "3 models of 100 pictures" in text
    assert "β 1 to 4 · codes of 2 to 8 numbers" in text
    assert "β multiplies the KL of the calibrated-Gaussian ELBO" in text
    assert "β = 1, 4: unseen pictures rebuilt" in text
    assert app.code[0].value == "python train_cli.py sweep --name grid"
    assert [item.label for item in app.expander] == ["Small models of the lab (2)"]
    app.button(key="open_grid").click().run()
    assert app.title[0].value == "b1-d8"
