from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from explorer.bundle import BundleError
from explorer.bundle.sweeps import CellIndex, SweepIndex, write_index
from explorer.ui import grids
from explorer.ui.folders import VARIABLE


@pytest.fixture
def shelf(tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A sweep with a finished cell and one still missing."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    cells = tuple(CellIndex(f"dim-{d}", 1.0, d, "conv", True, "linear") for d in (8, 16))
    write_index(tmp_path / "grid", SweepIndex("", cells))
    st.cache_resource.clear()
    yield tmp_path
    st.cache_resource.clear()
    gc.unfreeze()


def test_a_grid_is_one_with_a_finished_model(shelf: Path, tiny_bundle: Path) -> None:
    assert grids.find_grids() == ()
    assert grids.grid_named("grid") is None
    shutil.copytree(tiny_bundle, shelf / "grid" / "dim-8")
    assert [grid.name for grid in grids.find_grids()] == ["grid"]


def test_cells_open_or_say_why_not(shelf: Path, tiny_bundle: Path) -> None:
    shutil.copytree(tiny_bundle, shelf / "grid" / "dim-8")
    grid = grids.grid_named("grid")
    assert grid is not None
    done, missing = grid.cell(latent_dim=8), grid.cell(latent_dim=16)
    assert done is not None
    assert missing is not None
    assert grids.open_cell(done).bundle.config.model.latent_dim == 8
    with pytest.raises(BundleError, match="not been trained yet"):
        grids.open_cell(missing)
