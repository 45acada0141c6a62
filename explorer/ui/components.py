"""The live pieces of a page, each mounted on its own so that it can be refreshed on its own.

They meet in the browser on a *channel* (see ``assets/hub.js``): a pick does not send the map
again, and a colour changes nothing but the map. Scripts are files in ``assets``, joined here:
Streamlit loads a script that is not part of an installed package as one module without imports.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

ASSETS = Path(__file__).with_name("assets")
HUB = ("hub.js", "picture.js")
LIVE = ("socket.js", "decoder.js")  # for pieces that decode codes while a hand moves
MAP_SCRIPTS = (
    "theme.js",
    "raster.js",
    "socket.js",
    "points.js",
    "viewport.js",
    "legend.js",
    "preview.js",
    "gestures.js",
    "asking.js",
    "drawing.js",
)


def read_assets(*names: str) -> str:
    """Files of ``assets``, one after the other."""
    return "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in names)


# The scripts of each piece that was declared, for the tests.
SCRIPTS: dict[str, tuple[str, ...]] = {}


def declare(name: str, *scripts: str) -> Any:
    """The piece made of ``<name>.html``, ``<name>.css``, ``<name>.js`` and the scripts it uses.

    Returns:
        What mounts it, see ``st.components.v2.component``.
    """
    SCRIPTS[name] = (*HUB, *scripts, f"{name}.js")
    return st.components.v2.component(
        f"latent_{name}",
        html=read_assets(f"{name}.html"),
        css=read_assets(f"{name}.css"),
        js=read_assets(*SCRIPTS[name]),
    )


_map = declare("map", *MAP_SCRIPTS)
_face = declare("face")
_strip = declare("strip")
_shelf = declare("shelf")


def mount_map(data: Mapping[str, Any], *, key: str) -> None:
    """The canvas with the points; what happens on it is told by the other pieces."""
    _map(key=key, data=dict(data))


def mount_face(data: Mapping[str, Any], *, key: str) -> None:
    """The picked face, large; it also sends the picks."""
    _face(key=key, data=dict(data), on_pick_change=listen)


def mount_strip(data: Mapping[str, Any], *, key: str) -> None:
    """Thumbnails of points; with ``listens`` it also sends the selection."""
    _strip(key=key, data=dict(data), on_selection_change=listen)


def mount_shelf(data: Mapping[str, Any], *, key: str) -> None:
    """Faces at hand; it sends which one was clicked as ``choice``."""
    _shelf(key=key, data=dict(data), on_choice_change=listen)


def message(key: str, name: str) -> Any:
    """The last message ``name`` of the piece mounted as ``key``; None before the first."""
    state = st.session_state.get(key)
    return state.get(name) if isinstance(state, Mapping) else None


def listen() -> None:
    """A state is only kept when something listens to it; the fragments read it themselves."""
