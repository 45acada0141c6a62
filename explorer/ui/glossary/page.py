"""The glossary page: a search, and the terms it leaves."""

from __future__ import annotations

from pathlib import PurePath
from typing import Literal

import streamlit as st

from explorer.ui import words
from explorer.ui.glossary.terms import Term, matching

SEARCH = "search"


def show() -> None:
    """The whole page below its head."""
    wanted = st.text_input(
        "Search",
        key=SEARCH,
        bind="query-params",
        placeholder="rate, slerp, collapse, Burda …",
        icon=":material/search:",
        max_chars=100,
        label_visibility="collapsed",
    )
    found = matching(wanted)
    if not found:
        st.info(f"Nothing here is called or mentions “{words.plain(wanted)}”.")
    for title, terms in found.items():
        st.header(title, anchor=False)
        for term in terms:
            _show_term(term)


def _show_term(term: Term) -> None:
    with st.container(border=True):
        st.subheader(term.name)
        st.markdown(term.text)
        if term.formula:
            st.latex(term.formula)
        sides: Literal["distribute", "right"] = "distribute" if term.source else "right"
        with st.container(horizontal=True, horizontal_alignment=sides):
            if term.source:
                st.caption(term.source)
            st.page_link(
                term.page,
                label=f"See it: {PurePath(term.page).stem.capitalize()}",
                icon=":material/arrow_forward:",
                query_params=term.query or None,
            )
