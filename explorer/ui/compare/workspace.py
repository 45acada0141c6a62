"""What the Compare page remembers of a visitor while other pages are looked at."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from explorer.ui.attributes.edits import as_value

KEY = "compare_workspace"
PICTURE, END, EDIT = "picture", "end", "edit"


@dataclass
class Workspace:
    """Which pictures are looked at, and how the first is changed.

    Attributes:
        picture: Id of the picture that is edited and walked from.
        end: Id of the one that is walked to.
        value: Where the slider stands, in its units.
    """

    picture: str = ""
    end: str = ""
    value: float = 0.0


def workspace() -> Workspace:
    """This visitor's; at first what the page's address says."""
    if KEY not in st.session_state:
        query = st.query_params
        st.session_state[KEY] = Workspace(
            query.get(PICTURE, ""), query.get(END, ""), as_value(query.get(EDIT, ""))
        )
    found = st.session_state[KEY]
    assert isinstance(found, Workspace)
    return found


def keep_in_link(picture: str, end: str, value: float) -> None:
    """The page's address leads back to the pictures and the edit."""
    for name, text in ((PICTURE, picture), (END, end), (EDIT, f"{value:g}" if value else "")):
        if text and st.query_params.get(name) != text:
            st.query_params[name] = text
        elif not text and name in st.query_params:
            del st.query_params[name]
