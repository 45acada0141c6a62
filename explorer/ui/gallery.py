"""Home: cards of the models, their model cards, and the folders that cannot be opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from explorer.ui import facts, words
from explorer.ui.frame import PICKER, slugs
from explorer.ui.registry import MAP

if TYPE_CHECKING:
    from explorer.bundle import Catalogue, Entry

PREVIEW, CARD = "preview.webp", "README.md"
COLUMNS = 3


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
    """One card a model, in the catalogue's order."""
    names = slugs(found)
    for start in range(0, len(names), COLUMNS):
        row = list(names.items())[start : start + COLUMNS]
        for column, (slug, entry) in zip(st.columns(COLUMNS, gap="medium"), row, strict=False):
            with column:
                _show_card(slug, entry)


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
