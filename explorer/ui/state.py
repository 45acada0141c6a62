"""What a visitor has done, kept over reruns and pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import streamlit as st

from explorer.latent import Direction
from explorer.ui import components
from explorer.ui.faces import Face
from explorer.ui.spots import Spot

KEY = "explorer"


@dataclass
class Session:
    """What was picked, selected and kept in each bundle, by the bundle's identity.

    Attributes:
        picks: The place picked on the map.
        selections: Rows of the points selected on the map.
        kept: Faces at hand on every page, the latest first.
        slots: The face a page works on, by the bundle and the slot's name.
        groups: Rows of the two groups of a slider to be made, by the bundle and the side.
        own: Directions made here and not saved.
        handled: The last message of each component that was acted on.
    """

    picks: dict[str, Spot] = field(default_factory=dict)
    selections: dict[str, np.ndarray] = field(default_factory=dict)
    kept: dict[str, list[Face]] = field(default_factory=dict)
    slots: dict[tuple[str, str], Face] = field(default_factory=dict)
    groups: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    own: dict[str, list[Direction]] = field(default_factory=dict)
    handled: dict[str, object] = field(default_factory=dict)

    def is_new(self, name: str, message: object) -> bool:
        """Whether a message has not been handled; component states are delivered every run."""
        if message is None or self.handled.get(name) == message:
            return False
        self.handled[name] = message
        return True


def session() -> Session:
    """This visitor's state."""
    if KEY not in st.session_state:
        st.session_state[KEY] = Session()
    found = st.session_state[KEY]
    assert isinstance(found, Session)
    return found


def news(key: str, name: str, *, bundle: str) -> Mapping[str, Any] | None:
    """What a component says about a bundle that has not been read; None where that is nothing.

    Args:
        key: Of the component.
        name: Of the message.
        bundle: Its identity; a message may be late, about another one.
    """
    message = components.message(key, name)
    if not isinstance(message, Mapping) or message.get("bundle") != bundle:
        return None
    return message if session().is_new(f"{key}.{name}", message) else None
