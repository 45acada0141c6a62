"""Drag a slider and the face follows."""

import streamlit as st

from explorer.ui import direction_cards, own_page
from explorer.ui.attributes import page
from explorer.ui.frame import headline, pick_bundle

opened = pick_bundle()
headline("Attributes", "Change one thing about a picture, and see what else changes with it.")
edit, cards, own = st.tabs(page.TABS, key=page.VIEW, on_change="rerun")
if edit.open:
    with edit:
        page.show_editor(opened)
if cards.open:
    with cards:
        direction_cards.draw(opened)
if own.open:
    with own:
        own_page.draw(opened)
