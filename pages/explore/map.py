"""The map: move to see any place decoded, click to keep it."""

import streamlit as st

from explorer.ui import facts, map_page, words
from explorer.ui.frame import headline, pick_bundle

opened = pick_bundle()
headline(
    words.plain(opened.bundle.name),
    "Move over the map: the model draws what lies there, also between the dots. Click to keep it."
    f"  \n{words.plain(facts.summary(opened.bundle.config))}",
)

with st.container(key="atlas"):
    plane_side, face_side = st.columns([2.15, 1], gap="large")
with plane_side:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        plane = map_page.choose_plane(opened)
        colour = map_page.choose_colour(opened)
    map_page.draw_map(opened, plane=plane, colour=colour)
    map_page.show_selection(opened)
with face_side:
    map_page.show_picked(opened, plane=plane)
