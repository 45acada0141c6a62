"""What a page sends to its pieces in the browser, and what they would send back."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest


def element(app: AppTest, piece: str) -> Any:
    """The one piece of this name on the page."""
    (found,) = (
        one
        for one in app.get("bidi_component")
        if one.proto.component_name.endswith(f"latent_{piece}")
    )
    return found


def sent(app: AppTest, piece: str) -> dict[str, Any]:
    """What a piece was sent."""
    found: dict[str, Any] = json.loads(element(app, piece).proto.json)
    return found


def tell(app: AppTest, piece: str, **message: object) -> AppTest:
    """What the browser tells when a hand has let go of a piece."""
    states = app._tree.get_widget_states()
    widget = states.widgets.add()
    widget.id = element(app, piece).proto.id
    widget.json_value = json.dumps(message)
    return app._run(states)


def floats(text: str) -> np.ndarray:
    """Numbers in a message."""
    return np.frombuffer(base64.b64decode(text), "<f4")
