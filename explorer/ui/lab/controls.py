"""Controls of the experiments on digits; each is part of the link."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from explorer.ui.lab.pieces import LINKED

MAX_SEED = 9_999  # of pictures and samples: enough to go on pressing, short enough to read out


def choose_one(
    label: str, options: Sequence[str], key: str, *, first: str = "", help_text: str | None = None
) -> str:
    """One of a few options side by side; the first of them at first."""
    chosen = st.segmented_control(
        label,
        list(options),
        default=first or options[0],
        required=True,
        key=key,
        help=help_text,
        **LINKED,
    )
    return str(chosen)


def choose_digit(label: str, names: Sequence[str], key: str, first: str) -> str:
    """One of the classes."""
    chosen = st.selectbox(
        label,
        list(names),
        index=list(names).index(first) if first in names else 0,
        key=key,
        width=90,
        **LINKED,
    )
    return str(chosen)


def choose_seed(label: str, key: str) -> int:
    """A button that counts up a seed, which is in the link once it has been pressed."""
    seed = _seed_in_link(key)
    st.button(label, key=f"{key}_next", icon=":material/casino:", on_click=_next, args=(key,))
    return seed


def _seed_in_link(key: str) -> int:
    text = str(st.query_params.get(key, "0"))
    return int(text) if text.isdecimal() and int(text) <= MAX_SEED else 0


def _next(key: str) -> None:
    st.query_params[key] = str((_seed_in_link(key) + 1) % (MAX_SEED + 1))
