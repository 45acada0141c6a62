"""A picture that a slider moves along a vector, and what a probe says along the way."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer.figures import MISSING
from explorer.ui import components, live
from explorer.ui.wire import pack_floats

if TYPE_CHECKING:
    from explorer.ui.resources import Opened

PIECE = "lab_way"
ALPHA = "alpha"  # in the link

_piece = components.declare(PIECE, "theme.js", *components.LIVE)


@dataclass(frozen=True, eq=False)
class Said:
    """What a probe says along a way.

    Attributes:
        at: (K,) shares of the vector, ascending and evenly spread.
        curves: Names, colours (none is grey), and probabilities (K,).
    """

    at: NDArray[np.floating]
    curves: tuple[tuple[str, str, NDArray[np.floating]], ...]


def show(
    opened: Opened,
    code: NDArray[np.floating],
    vector: NDArray[np.floating],
    said: Said,
    *,
    ends: tuple[str, str],
) -> None:
    """Draws the picture, the slider and the curves; where the slider was let go is in the link."""
    message = way_message(opened, code, vector, said, ends=ends)
    message[ALPHA] = _told(str(message["version"]), said)
    _piece(key=PIECE, data=message, on_alpha_change=components.listen)


def way_message(
    opened: Opened,
    code: NDArray[np.floating],
    vector: NDArray[np.floating],
    said: Said,
    *,
    ends: tuple[str, str],
) -> dict[str, Any]:
    """What the browser needs; ``version`` is another one whenever anything else in it is."""
    message: dict[str, Any] = {
        "socket": live.path(),
        "bundle": opened.identity,
        "code": pack_floats(code),
        "vector": pack_floats(vector),
        "at": np.round(said.at, 4).tolist(),
        "low": f"away from {ends[1]}",
        "high": f"beyond {ends[1]}",
        "curves": [
            {"name": name, "colour": colour or MISSING, "values": np.round(values, 4).tolist()}
            for name, colour, values in said.curves
        ],
    }
    version = hashlib.sha256(json.dumps(message).encode()).hexdigest()[:12]
    return {**message, "version": version}


def read_alpha(value: object, said: Said) -> float:
    """A share of the vector from a link or a browser, within its bounds; 0 if it is none."""
    try:
        alpha = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return 0.0
    return float(np.clip(alpha, said.at[0], said.at[-1])) if math.isfinite(alpha) else 0.0


def _told(version: str, said: Said) -> float:
    """Where the browser is told to begin; it knows itself where the slider was moved since."""
    key = f"{PIECE}_told"
    news = components.message(PIECE, ALPHA)
    alpha = read_alpha(st.query_params.get(ALPHA), said)
    if isinstance(news, Mapping):
        alpha = read_alpha(news.get("value"), said)
        st.query_params[ALPHA] = f"{alpha:.2f}"
    known: tuple[str, float] | None = st.session_state.get(key)
    if known is None or known[0] != version or news is None:
        known = (version, alpha)
        st.session_state[key] = known
    return known[1]
