from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from explorer.ui.folders import ROOT, VARIABLE
from tests.bundles import make_bundle


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two bundles, one damaged folder."""
    folder = tmp_path_factory.mktemp("shelf")
    make_bundle(folder / "faces", name="faces")
    make_bundle(
        folder / "digits",
        name="digits",
        source="digits",
        title="Digits",
        image_size=28,
        channels=1,
        latent_dim=4,
        variational=False,
        attribute_names=(),
        factor_names=(),
        label_names=tuple("0123456789"),
    )
    shutil.copytree(folder / "faces", folder / "damaged")
    (folder / "damaged" / "maps.safetensors").unlink()
    return folder


@pytest.fixture
def shelf(bundles: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(bundles))
    return bundles


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    """Opens a page through app.py, as a visitor with that link would."""

    def open_it(page: str | None = None, **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.query_params.update(query)
        if page:
            # The first run reads the navigation; only then can a page be chosen.
            app.run()
            app.switch_page(page)
            app.query_params.update(query)
        return app.run()

    return open_it


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()
    gc.unfreeze()
