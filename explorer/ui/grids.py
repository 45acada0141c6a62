"""The grids that sweeps left, as pages use them: found once, their cells opened like any model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from explorer.bundle import BundleError
from explorer.bundle.sweeps import find_sweeps
from explorer.ui.folders import bundle_folders
from explorer.ui.resources import Opened, open_bundle, stamps

if TYPE_CHECKING:
    from explorer.bundle.sweeps import Cell, Sweep, Sweeps


def find_grids() -> tuple[Sweep, ...]:
    """Sweeps with at least one model that opens; a new one appears on refresh."""
    folders = bundle_folders()
    found = _find(folders, tuple(stamps(folders))).found
    return tuple(sweep for sweep in found if any(cell.config for cell in sweep.cells))


def grid_named(name: str) -> Sweep | None:
    """The sweep of this name, or None when it is not there."""
    return next((sweep for sweep in find_grids() if sweep.name == name), None)


def open_cell(cell: Cell) -> Opened:
    """The bundle of a cell.

    Raises:
        BundleError: It is not done yet, or cannot be opened, with the reason.
    """
    if cell.config is None:
        raise BundleError(cell.reason)
    return open_bundle(cell.path, sha256=cell.config.weights_sha256)


@st.cache_resource(max_entries=4, show_spinner=False)
def _find(folders: tuple[Path, ...], stamps: tuple[tuple[str, int, int], ...]) -> Sweeps:
    return find_sweeps(*folders)
