"""The pages of the app, by section. The folders under ``pages/`` are the sections."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from explorer.ui.train.switch import is_on

MODELS = "pages/make/models.py"
MAP = "pages/explore/map.py"
ATTRIBUTES = "pages/explore/attributes.py"
INTERPOLATE = "pages/explore/interpolate.py"
TRAVERSE = "pages/explore/traverse.py"
SAMPLE = "pages/explore/sample.py"
PHOTO = "pages/explore/photo.py"
COMPARE = "pages/understand/compare.py"
DIAGNOSE = "pages/understand/diagnose.py"
LAB = "pages/understand/lab.py"
GLOSSARY = "pages/understand/glossary.py"
TRAIN = "pages/make/train.py"


def sections() -> dict[str, list[StreamlitPage]]:
    """What the navigation shows, in order."""
    return {
        "Explore": [
            _page(MAP, "Map", icon="scatter_plot"),
            _page(ATTRIBUTES, "Attributes", icon="tune"),
            _page(INTERPOLATE, "Interpolate", icon="animation"),
            _page(TRAVERSE, "Traverse", icon="view_comfy"),
            _page(SAMPLE, "Sample", icon="auto_awesome"),
            _page(PHOTO, "Photo", icon="photo_camera"),
        ],
        "Understand": [
            _page(COMPARE, "Compare", icon="compare"),
            _page(DIAGNOSE, "Diagnose", icon="stethoscope"),
            _page(LAB, "Lab", icon="science"),
            _page(GLOSSARY, "Glossary", icon="menu_book"),
        ],
        "Make": [
            st.Page(MODELS, title="Models", icon=":material/grid_view:", default=True),
            *([_page(TRAIN, "Train", icon="model_training")] if is_on() else []),
        ],
    }


def url_of(path: str) -> str:
    """The address of a page below the app's own."""
    return "" if path == MODELS else PurePath(path).stem


def _page(path: str, title: str, *, icon: str) -> StreamlitPage:
    return st.Page(path, title=title, icon=f":material/{icon}:", url_path=url_of(path))
