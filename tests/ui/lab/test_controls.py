from __future__ import annotations

import pytest
import streamlit as st

from explorer.ui.lab import controls


@pytest.mark.parametrize(
    ("text", "seed"), [("7", 7), ("0", 0), ("-1", 0), ("x", 0), ("1.5", 0), ("99999", 0)]
)
def test_a_seed_in_the_link_that_is_none_is_0(
    text: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "query_params", {"some": text})
    assert controls._seed_in_link("some") == seed


def test_the_next_seed_is_in_the_link_and_begins_again_after_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    link: dict[str, str] = {}
    monkeypatch.setattr(st, "query_params", link)
    controls._next("some")
    assert link == {"some": "1"}
    link["some"] = str(controls.MAX_SEED)
    controls._next("some")
    assert link == {"some": "0"}
