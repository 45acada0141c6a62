"""The train page: the form at the left, what runs at the right."""

from __future__ import annotations

import streamlit as st

from explorer.ui.train import actions, form, watching
from explorer.ui.train.switch import VARIABLE, is_on


def draw() -> None:
    """All of the page; without the right to train only the reason."""
    if not is_on():
        st.info(
            f"Training is switched off on this server ({VARIABLE}). The command line, "
            "`python train_cli.py`, trains on a machine of your own."
        )
        return
    queue = actions.queue()
    left, right = st.columns([1, 1.9], gap="large")
    with left:
        form.draw(queue)
    with right:
        watching.show(queue)
