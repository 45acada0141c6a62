from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.bundle.sweeps import CellIndex, SweepIndex, write_index
from explorer.ui.folders import VARIABLE
from tests.bundles import make_bundle

CELLS = (
    CellIndex("one", 1.0, 8, "conv", True, "none"),
    CellIndex("two", 4.0, 8, "conv", True, "none"),
)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle called faces, and a grid of which one cell is trained."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    make_bundle(tmp_path / "faces", name="faces", num_images=40)
    make_bundle(tmp_path / "mnist-grid" / "one", name="one", num_images=40, warmup="none")
    write_index(tmp_path / "mnist-grid", SweepIndex("python train_cli.py sweep ...", CELLS))
    return tmp_path


def ask_for_models() -> None:
    import streamlit as st

    from explorer.ui.grids import grid_named
    from explorer.ui.lab.pieces import measured, need

    found = [
        need("faces"),
        need("mnist-grid", beta=1.0),
        need("mnist-grid", beta=4.0),
        need("mnist-grid", beta=10.0),
        need("mnist"),
        need("toy-faces-grid", beta=1.0),
    ]
    st.text(" ".join(one.bundle.name if one else "-" for one in found))
    grid = grid_named("mnist-grid")
    assert found[0] is not None
    assert grid is not None
    measured("The numbers.", found[0], grid)


@pytest.mark.usefixtures("shelf")
def test_models_that_are_there_open_and_others_say_how_to_train_them() -> None:
    app = AppTest.from_function(ask_for_models, default_timeout=60).run()
    assert not app.exception
    assert app.text[0].value == "faces one - - - -"
    told = [one.value.replace("\\", "") for one in app.info]
    assert "**mnist-grid**, which is not ready here. It has not been trained yet" in told[0]
    assert "It has no cell with beta 10.0." in told[1]
    assert "needs the model **mnist**" in told[2]
    assert "needs the grid of models **toy-faces-grid**" in told[3]
    codes = [one.value for one in app.code]
    assert codes[2].startswith("python train_cli.py train --data mnist")
    assert codes[4].startswith("python train_cli.py train --data toy-faces")
    assert codes[5] == "python train_cli.py sweep ..."
    captions = [one.value.replace("\\", "") for one in app.caption]
    assert captions[0].startswith("On **faces** (procedural cartoon faces")
    assert captions[1] == "On the grid **mnist-grid** (1 models), trained with"
