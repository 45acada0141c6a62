from __future__ import annotations

import pytest
import streamlit as st

from explorer.ui import components
from explorer.ui.state import KEY, Session, news, session


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


@pytest.mark.parametrize("message", [None, "text", {}, {"bundle": "other", "row": 3}])
def test_what_is_about_no_bundle_or_another_is_no_news(
    monkeypatch: pytest.MonkeyPatch, message: object
) -> None:
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(components, "message", lambda _key, _name: message)
    assert news("editor", "swap", bundle="abc") is None


def test_a_component_tells_its_news_once_under_each_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    message = {"bundle": "abc", "row": 3}
    monkeypatch.setattr(components, "message", lambda _key, _name: message)
    assert news("editor", "swap", bundle="abc") == message
    assert news("editor", "swap", bundle="abc") is None
    assert news("editor", "edit", bundle="abc") == message
    assert news("face", "swap", bundle="abc") == message
