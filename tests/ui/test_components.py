from __future__ import annotations

import re

import pytest

from explorer.ui import components

SCRIPTS = ["map.js", "face.js", "strip.js"]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_has_one_entry_and_needs_nothing_else(name: str) -> None:
    names = components.MAP_SCRIPTS if name == "map.js" else (name,)
    text = components.read_assets(*components.HUB, *names)
    assert len(re.findall(r"^export default function", text, re.MULTILINE)) == 1
    assert not re.search(r"^\s*import\b|https?://(?!www\.w3\.org)", text, re.MULTILINE)


def test_every_asset_is_used() -> None:
    used = {*components.HUB, *components.MAP_SCRIPTS, *SCRIPTS, "frame.css", "logo.svg"}
    used |= {f"{piece}.{kind}" for piece in ("map", "face", "strip") for kind in ("html", "css")}
    assert {path.name for path in components.ASSETS.iterdir()} == used


def test_no_message_before_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, object] = {}
    monkeypatch.setattr(components.st, "session_state", state)
    assert components.message("face", "pick") is None
    state["face"] = {"pick": {"x": 1}}
    assert components.message("face", "pick") == {"x": 1}
    assert components.message("face", "other") is None
