"""Two groups of pictures selected on the map, of which a slider can be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from explorer.ui.facts import noun
from explorer.ui.registry import ATTRIBUTES
from explorer.ui.state import session

if TYPE_CHECKING:
    from explorer.ui.resources import Opened

SIDES = {"with": "the slider's 1", "without": "the slider's 0"}


def group(opened: Opened, side: str) -> np.ndarray:
    """Rows of the pictures in the group ``with`` or ``without``; none at first."""
    return session().groups.get((opened.identity, side), np.zeros(0, np.int64))


def set_group(opened: Opened, side: str, rows: np.ndarray) -> None:
    """Makes the rows one of the two groups."""
    session().groups[opened.identity, side] = rows


def offer(opened: Opened, rows: np.ndarray) -> None:
    """Buttons that make the selected rows a group, and what there is of both."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for side, meaning in SIDES.items():
            st.button(
                f"Use as group “{side}”",
                key=f"group_{side}",
                on_click=set_group,
                args=(opened, side, rows),
                help=f"For a slider of your own: these pictures are {meaning}.",
            )
        sizes = {side: len(group(opened, side)) for side in SIDES}
        if all(sizes.values()):
            st.page_link(
                ATTRIBUTES,
                label=f"Make a slider: {sizes['with']:,} with, {sizes['without']:,} without",
                icon=":material/tune:",
            )
        elif any(sizes.values()):
            missing = next(side for side, size in sizes.items() if not size)
            st.caption(
                f"Now select {noun(opened.bundle.config)}s “{missing}” and make them the other "
                "group."
            )
