from __future__ import annotations

import os
from pathlib import Path

from explorer.ui.folders import ROOT, VARIABLE, bundle_folders


def test_shipped_and_own_bundles_lie_beside_the_app() -> None:
    shipped = ROOT / "pretrained"
    assert bundle_folders({}) == (shipped, shipped / "lab", ROOT / "checkpoints")
    assert (ROOT / "app.py").is_file()


def test_the_variable_replaces_them() -> None:
    given = {VARIABLE: os.pathsep.join(["one", "two"])}
    assert bundle_folders(given) == (Path("one"), Path("two"))


def test_an_empty_variable_changes_nothing() -> None:
    assert bundle_folders({VARIABLE: ""}) == bundle_folders({})
