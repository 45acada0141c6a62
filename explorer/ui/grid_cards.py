"""Home's cards of grids, one each however many models it holds, and the lab's shelf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from PIL import Image

from explorer.bundle.card import beta_words
from explorer.figures.sheet import contact_sheet
from explorer.ui import facts, picker, words
from explorer.ui.frame import PICKER
from explorer.ui.registry import COMPARE, LAB, MAP

if TYPE_CHECKING:
    from explorer.bundle import Config, Entry
    from explorer.bundle.sweeps import Sweep

PREVIEW = "preview.webp"
GRID = "grid"  # in the address of the Compare page
# What the lab asks of the grids that ship.
EXPERIMENTS = {
    "mnist-grid": "kl_term",
    "toy-faces-grid": "latent_dimension",
    "cifar10-pair": "architecture",
    "mnist-warmup": "annealing",
}
SHEET_COLUMNS = 8  # of a preview: pictures side by side
TILES = 15  # pictures side by side in a card
MAX_CELLS = 5  # that a card shows
GAP = 10  # pixels between cells


def show_grid(name: str, cells: Mapping[str, Entry], sweep: Sweep | None) -> None:
    """The card of a grid: what its axes are, what β multiplies, and how it was trained."""
    configs = {slug: entry.config for slug, entry in cells.items()}
    with st.container(border=True, key=f"grid_{name}".replace("/", "_")):
        axis, shown = _examples(configs)
        st.image(_strip(tuple(str(cells[slug].path / PREVIEW) for slug in shown.values())))
        st.caption(f"{axis} {', '.join(shown)}: unseen pictures rebuilt, below them new ones.")
        st.subheader(words.plain(name), anchor=False)
        st.markdown(words.plain(sentence(list(configs.values()))))
        st.caption(words.plain(_objective(list(configs.values()))))
        _show_ways(name, cells, sweep)


def sentence(configs: Sequence[Config]) -> str:
    """One sentence: how many models there are, of which pictures, and what differs."""
    data = configs[0].data
    found = picker.places({str(number): config for number, config in enumerate(configs)})
    kinds = [kind for kind in dict.fromkeys(place.kind for place in found.values()) if kind]
    betas = {config.objective.beta for config in configs if config.model.variational}
    spans = [
        f"β {_span(betas)}" if betas else "",
        f"codes of {_span({config.model.latent_dim for config in configs})} numbers",
        *kinds,
    ]
    return (
        f"{len(configs)} models of {data.num_images:,} pictures ({data.title}, "
        f"{data.image_size} × {data.image_size}): {' · '.join(span for span in spans if span)}."
    )


def _span(values: set[float] | set[int]) -> str:
    low, high = min(values), max(values)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _objective(configs: Sequence[Config]) -> str:
    """What β multiplies, for each likelihood there is."""
    found = {c.objective.likelihood: c.objective for c in configs if c.model.variational}
    return " ".join(beta_words(objective, sigma=False) for objective in found.values())


def _examples(configs: Mapping[str, Config]) -> tuple[str, dict[str, str]]:
    """Some models along the axis with most values, each by its value; the axis's name."""
    found = picker.places(configs)
    middle = found[picker.middle_of(configs)]
    peers = {slug: place for slug, place in found.items() if place.kind == middle.kind}
    for axis, title in (("beta", "β ="), ("latent_dim", "Numbers in a code:")):
        values = sorted({getattr(place, axis) for place in peers.values()})
        if len(values) > 1:
            return title, {
                f"{value:g}": picker.nearest(
                    {s: p for s, p in peers.items() if getattr(p, axis) == value}, middle
                )
                for value in values[:MAX_CELLS]
            }
    kinds = {place.kind or slug.rpartition("/")[2]: slug for slug, place in found.items()}
    return "From left to right:", dict(list(kinds.items())[:MAX_CELLS])


@st.cache_data(max_entries=64, show_spinner=False)
def _strip(previews: tuple[str, ...]) -> np.ndarray:
    """The first columns of some previews side by side, uint8 (H, W, 4), clear between them."""
    columns = min(SHEET_COLUMNS, TILES // len(previews))
    sheets = [np.asarray(Image.open(path).convert("RGB")) for path in map(Path, previews)]
    parts = [sheet[:, : sheet.shape[1] * columns // SHEET_COLUMNS] for sheet in sheets]
    height, width = (min(part.shape[side] for part in parts) for side in (0, 1))
    same = np.stack([part[:height, :width] for part in parts])
    colours = contact_sheet(same, columns=len(parts), gap=GAP)
    filled = contact_sheet(np.full_like(same, 255), columns=len(parts), gap=GAP, background=0)
    return np.concatenate([colours, filled[..., :1]], axis=-1)


def _show_ways(name: str, cells: Mapping[str, Entry], sweep: Sweep | None) -> None:
    key = name.replace("/", "_")
    with st.container(horizontal=True):
        if sweep is not None and st.button(
            "Compare", key=f"compare_{key}", icon=":material/compare:", type="primary"
        ):
            st.switch_page(COMPARE, query_params={GRID: sweep.name})
        if st.button("Open the map", key=f"open_{key}", icon=":material/scatter_plot:"):
            configs = {slug: entry.config for slug, entry in cells.items()}
            st.switch_page(MAP, query_params={PICKER: picker.middle_of(configs)})
        experiment = EXPERIMENTS.get(name)
        if experiment and st.button("Lab", key=f"lab_{key}", icon=":material/science:"):
            st.switch_page(LAB, query_params={"experiment": experiment})
        if sweep is not None and sweep.index.command:
            with st.popover("Training command", type="tertiary"):
                st.code(sweep.index.command, language="bash", wrap_lines=True)
                st.caption("What trained its models, a command a line.")


def show_lab(entries: Mapping[str, Entry]) -> None:
    """The small single models of the lab, folded: they are there for its experiments."""
    with st.expander(f"Small models of the lab ({len(entries)})", icon=":material/science:"):
        for slug, entry in entries.items():
            st.page_link(
                MAP, label=words.plain(entry.name), query_params={PICKER: slug}, width="stretch"
            )
            st.caption(words.plain(facts.sentence(entry.config)))
