"""What `streamlit run app.py` settles once: the live socket, uploads in memory, torch ready."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from explorer.ui import live
from explorer.ui.photo.uploads import keep_in_memory
from explorer.ui.resources import warm_up

ROUTES = (live.route(),)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Before the first visitor."""
    # Until st.navigation has run once, Streamlit takes a folder named pages for its old format
    # and tells whoever follows a link to /map that there is no such page.
    PagesManager.uses_pages_directory = False
    keep_in_memory()
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
    yield
