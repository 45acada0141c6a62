from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

from explorer import ui
from explorer.ui import components

for _module in pkgutil.walk_packages(ui.__path__, prefix="explorer.ui."):
    importlib.import_module(_module.name)  # each declares its pieces


@pytest.mark.parametrize("piece", components.SCRIPTS)
def test_a_script_has_one_entry_and_needs_nothing_else(piece: str) -> None:
    text = components.read_assets(*components.SCRIPTS[piece])
    assert len(re.findall(r"^export default function", text, re.MULTILINE)) == 1
    assert not re.search(r"^\s*import\b|https?://(?!www\.w3\.org)", text, re.MULTILINE)


def test_every_asset_is_used() -> None:
    used = {"frame.css", "diagnose.css", "logo.svg"}
    used |= {*(f for files in components.SCRIPTS.values() for f in files)}
    used |= {f"{piece}.{kind}" for piece in components.SCRIPTS for kind in ("html", "css")}
    unused = {path.name for path in components.ASSETS.iterdir()} - used
    assert unused <= {"decoder.js"}


def test_no_message_before_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, object] = {}
    monkeypatch.setattr(components.st, "session_state", state)
    assert components.message("face", "pick") is None
    state["face"] = {"pick": {"x": 1}}
    assert components.message("face", "pick") == {"x": 1}
    assert components.message("face", "other") is None
