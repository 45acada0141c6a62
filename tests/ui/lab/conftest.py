from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from explorer.bundle import load
from explorer.latent.neighbours import CodeIndex
from explorer.ui.resources import Opened
from tests.bundles import make_bundle

OpenTiny = Callable[..., Opened]


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    st.cache_data.clear()
    st.cache_resource.clear()
    yield
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def open_tiny(tmp_path: Path) -> OpenTiny:
    """Opens a tiny bundle; the changes are fields of Tiny."""

    def open_it(name: str = "tiny", **changes: Any) -> Opened:
        bundle = load(make_bundle(tmp_path / name, name=name, **{"num_images": 60} | changes))
        return Opened(bundle, CodeIndex(bundle.latents.mu), name)

    return open_it
