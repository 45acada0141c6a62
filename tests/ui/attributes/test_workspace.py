from __future__ import annotations

import pytest
import streamlit as st

from explorer.ui.attributes.edits import Edit
from explorer.ui.attributes.workspace import workspace


def test_a_visitor_has_one_and_another_visitor_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    workspace().edits["abc"] = Edit({"Smiling": 1.0})
    assert workspace().edits["abc"].values == {"Smiling": 1.0}
    monkeypatch.setattr(st, "session_state", {})
    assert workspace().edits == {}
