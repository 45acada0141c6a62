"""What the Attributes page remembers of a visitor while other pages are looked at."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from explorer.ui.attributes.edits import Edit

KEY = "attributes_workspace"


@dataclass
class Workspace:
    """By the bundle's identity: how faces are changed, and which others are shown.

    Attributes:
        edits: The edit in force.
        seeds: Of the draw of the other faces.
    """

    edits: dict[str, Edit] = field(default_factory=dict)
    seeds: dict[str, int] = field(default_factory=dict)


def workspace() -> Workspace:
    """This visitor's."""
    if KEY not in st.session_state:
        st.session_state[KEY] = Workspace()
    found = st.session_state[KEY]
    assert isinstance(found, Workspace)
    return found
