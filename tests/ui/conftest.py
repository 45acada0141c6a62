from __future__ import annotations

from pathlib import Path

import pytest

import explorer
from explorer.bundle import Bundle


@pytest.fixture(scope="session")
def bundle(tiny_bundle: Path) -> Bundle:
    return explorer.load(tiny_bundle)
