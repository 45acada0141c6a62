"""The pages of the app, by section. The folders under ``pages/`` are the sections."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

MODELS = "pages/make/models.py"
MAP = "pages/explore/map.py"


def sections() -> dict[str, list[StreamlitPage]]:
    """What the navigation shows, in order."""
    return {
        "Explore": [st.Page(MAP, title="Map", icon=":material/scatter_plot:", url_path="map")],
        "Make": [st.Page(MODELS, title="Models", icon=":material/grid_view:", default=True)],
    }
