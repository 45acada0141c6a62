"""The grid of a sweep, filling as its cells are trained: β down, latent_dim across."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st

from explorer.bundle import BundleError
from explorer.bundle.format import CONFIG, read_config
from explorer.bundle.runs import is_whole, watch
from explorer.bundle.sweeps import CellIndex, look, read_index
from explorer.ui.frame import PICKER, slugs
from explorer.ui.registry import MAP
from explorer.ui.resources import find_bundles
from explorer.ui.train.pictures import enlarged
from explorer.ui.words import plain

WORDS = {"missing": "waits", "stopped": "stopped", "failed": "failed", "running": "begins …"}
SIDE_PX = 360


@dataclass(frozen=True)
class Shown:
    """A cell as it is shown.

    Attributes:
        index: Its place in the grid.
        text: What it is doing, or how it ended.
        picture: Bytes of its newest picture; None before the first.
        is_done: Whether it can be opened.
    """

    index: CellIndex
    text: str
    picture: bytes | None = None
    is_done: bool = False


def row_title(index: CellIndex) -> str:
    """What the cells of a row have in common."""
    parts = [f"β {index.beta:g}" if index.variational else "autoencoder"]
    parts += [index.architecture] if index.architecture != "conv" else []
    parts += [f"{index.warmup} warm-up"] if index.warmup != "none" else []
    return ", ".join(parts)


def cells_of(folder: Path) -> list[Shown]:
    """All cells of a sweep; bundles are not checked, so that this can be done every second.

    Raises:
        BundleError: Its index is not there yet, or damaged.
    """
    return [_shown(folder, index) for index in read_index(folder).cells]


def show_cells(folder: Path) -> None:
    """The grid, a picture and a line for each cell."""
    try:
        cells = cells_of(folder)
    except BundleError:
        st.caption("It loads the pictures; the grid appears when the first models begin.")
        return
    done = sum(cell.is_done for cell in cells)
    st.progress(done / max(1, len(cells)), f"**{done}** of {len(cells)} models done")
    places = {(row_title(cell.index), cell.index.latent_dim): cell for cell in cells}
    dims = sorted({dim for _, dim in places})
    widths = [0.5, *(1.0 for _ in dims)]
    for column, dim in zip(st.columns(widths)[1:], dims, strict=True):
        column.caption(f"latent_dim {dim}")
    for row in dict.fromkeys(row for row, _ in places):
        head, *columns = st.columns(widths, vertical_alignment="center")
        head.markdown(f"**{row}**")
        for column, dim in zip(columns, dims, strict=True):
            if cell := places.get((row, dim)):
                with column:
                    _show_cell(folder, cell)


def offer_map(bundle: Path, *, label: str, kind: Literal["primary", "tertiary"]) -> None:
    """A button that opens the map of a bundle that is ready."""
    key = f"train_map_{bundle.parent.name}_{bundle.name}"
    if not st.button(label, key=key, type=kind, icon=":material/scatter_plot:"):
        return
    for slug, entry in slugs(find_bundles()).items():
        if entry.path == bundle:
            st.switch_page(MAP, query_params={PICKER: slug})
    st.error("This model cannot be opened; the Models page says why.")


def _show_cell(folder: Path, cell: Shown) -> None:
    picture = enlarged(cell.picture, side=SIDE_PX)
    if picture is not None:
        st.image(picture, width="stretch")
    st.caption(plain(cell.text))
    if cell.is_done:
        offer_map(folder / cell.index.name, label="Map", kind="tertiary")


def _shown(folder: Path, index: CellIndex) -> Shown:
    path = folder / index.name
    watched = watch(path)
    if is_whole(path):
        return Shown(index, _result(path), watched.sheet, is_done=True)
    found, progress = look(folder, index), watched.progress
    if found.status == "running" and progress.epoch:
        of = f" of {progress.epochs}" if progress.epochs else ""
        return Shown(index, f"epoch {progress.epoch}{of}", watched.sheet)
    text = WORDS.get(found.status, found.status)
    if found.status == "failed":
        text = f"failed: {found.reason}"
    return Shown(index, text, watched.sheet)


def _result(path: Path) -> str:
    try:
        elbo = read_config(path).results.get("elbo")
    except BundleError:
        return f"{CONFIG} cannot be read"
    return "done" if elbo is None else f"elbo {elbo:,.1f}"
