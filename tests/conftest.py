from __future__ import annotations

from pathlib import Path

import pytest

from tests.bundles import make_bundle


@pytest.fixture(scope="session")
def tiny_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of 300 pictures, 32x32 RGB, 8 dimensions, random weights; not to be changed."""
    return make_bundle(tmp_path_factory.mktemp("bundles") / "tiny")
