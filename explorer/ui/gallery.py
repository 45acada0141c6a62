"""Home: cards of the models, their model cards, and the folders that cannot be opened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import streamlit as st

from explorer.ui import facts, grid_cards, picker, words
from explorer.ui.frame import PICKER, slugs
from explorer.ui.grids import find_grids
from explorer.ui.registry import MAP

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from explorer.bundle import Catalogue, Entry

PREVIEW, CARD = "preview.webp", "README.md"
COLUMNS = 3
GRID_COLUMNS = 2


def welcome(num_models: int) -> None:
    """The first lines a newcomer reads."""
    st.title("Walk through what a model has learnt")
    st.markdown(
        "Each model below has squeezed thousands of pictures into a few numbers each. "
        "Open its map, move the pointer, and it draws whatever lies there, "
        "**also where no picture ever was**."
        if num_models
        else "Train a model, open its map, move the pointer: it draws whatever lies there, "
        "**also where no picture ever was**."
    )


def show_cards(found: Catalogue) -> None:
    """A card for each model, one for each grid, and the lab's small models folded."""
    choices = slugs(found)
    listed = picker.groups(choices)
    lab = {slug: choices[slug] for slug in choices if picker.is_of_lab(choices[slug])}
    grids = {name: members for name, members in listed.items() if choices[members[0]].sweep}
    single = [slug for slug in choices if slug in listed and slug not in lab]
    for row in _rows(single, COLUMNS):
        for column, slug in row:
            with column:
                _show_card(slug, choices[slug])
    if grids:
        _show_grids({name: {s: choices[s] for s in grids[name]} for name in grids})
    if lab:
        grid_cards.show_lab(lab)


def _show_grids(grids: dict[str, dict[str, Entry]]) -> None:
    st.header("Grids", anchor=False)
    st.markdown(
        "The same pictures learnt again and again, with other settings: what does each one do?"
    )
    sweeps = {sweep.path: sweep for sweep in find_grids()}
    for row in _rows(list(grids), GRID_COLUMNS):
        for column, name in row:
            folder = next(iter(grids[name].values())).path.parent
            with column:
                grid_cards.show_grid(name, grids[name], sweeps.get(folder))


def _rows(names: list[str], columns: int) -> Iterator[Iterator[tuple[DeltaGenerator, str]]]:
    for start in range(0, len(names), columns):
        yield zip(st.columns(columns, gap="medium"), names[start : start + columns], strict=False)


def _show_card(slug: str, entry: Entry) -> None:
    with st.container(border=True, key=f"card_{slug}".replace("/", "_")):
        st.image(str(entry.path / PREVIEW), width="stretch")
        st.subheader(words.plain(entry.name), anchor=False)
        st.markdown(words.plain(facts.sentence(entry.config)))
        st.caption(
            " · ".join(
                f"{name} **{value}**" for name, value in facts.figures(entry.config).items()
            )
        )
        with st.container(horizontal=True):
            if st.button(
                "Open the map",
                key=f"open_{slug}",
                type="primary",
                icon=":material/scatter_plot:",
            ):
                st.switch_page(MAP, query_params={PICKER: slug})
            if st.button("Model card", key=f"about_{slug}", type="tertiary"):
                show_model_card(entry)


@st.dialog("Model card", width="large")
def show_model_card(entry: Entry) -> None:
    """The card that lies in the bundle's folder."""
    try:
        text = (entry.path / CARD).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        st.error(f"{entry.path / CARD} cannot be read; restore it from where the model came from.")
        return
    st.markdown(facts.without_front_matter(text))


def show_problems(found: Catalogue) -> None:
    """Folders that are not offered, each with the reason."""
    if not found.problems:
        return
    with st.expander(_title(len(found.problems)), icon=":material/folder_off:"):
        for problem in found.problems:
            st.markdown(f"**{words.plain(problem.path.name)}** {words.plain(problem.reason)}")


def _title(count: int) -> str:
    return (
        "One folder could not be opened" if count == 1 else f"{count} folders could not be opened"
    )
