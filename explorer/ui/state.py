"""What a visitor has done, kept over reruns and pages."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from explorer.ui.spots import Spot

KEY = "explorer"


@dataclass
class Session:
    """Picked place and selected points of each bundle, by the bundle's identity."""

    picks: dict[str, Spot] = field(default_factory=dict)
    selections: dict[str, np.ndarray] = field(default_factory=dict)
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
