from __future__ import annotations

import pytest
import streamlit as st

from explorer.ui.state import KEY, Session, session


def test_a_message_is_news_once() -> None:
    state = Session()
    assert state.is_new("pick", {"x": 1})
    assert not state.is_new("pick", {"x": 1})
    assert state.is_new("selection", {"x": 1})
    assert state.is_new("pick", {"x": 2})
    assert not state.is_new("pick", None)


def test_a_visitor_keeps_one_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    first = session()
    assert session() is first
    assert st.session_state[KEY] is first
