from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

import explorer
from explorer.ui.resources import Opened, open_bundle
from tests.bundles import make_bundle


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two models of the same faces, an autoencoder of them, and one of digits."""
    shelf = tmp_path_factory.mktemp("compare")
    make_bundle(shelf / "one", name="one", num_images=120)
    make_bundle(shelf / "two", name="two", num_images=90, latent_dim=4, beta=4.0)
    make_bundle(shelf / "plain", name="plain", num_images=120, variational=False)
    make_bundle(
        shelf / "digits",
        name="digits",
        source="digits",
        title="Digits",
        num_images=100,
        image_size=28,
        channels=1,
        latent_dim=4,
        likelihood="bernoulli",
        attribute_names=(),
        factor_names=(),
        label_names=tuple("0123456789"),
    )
    return shelf


@pytest.fixture(scope="session")
def models(folder: Path) -> Iterator[dict[str, Opened]]:
    """All of them, opened as pages open them."""
    yield {
        path.name: open_bundle(path, sha256=explorer.load(path).config.weights_sha256)
        for path in folder.iterdir()
    }
    st.cache_resource.clear()
    gc.unfreeze()
