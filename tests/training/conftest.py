from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.data import DataSpec
from explorer.latent import UmapMap
from explorer.training import RunSettings, train
from explorer.vae import ModelConfig, Warmup
from tests.training.runs import make_settings


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def _threads_as_before() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture
def quick_umap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first two dimensions instead of a layout that takes seconds."""

    def flat(mu: np.ndarray, **_: object) -> UmapMap:
        return UmapMap(xy=mu[:, :2].copy(), codes=mu)

    monkeypatch.setattr("explorer.latent.fit_umap", flat)


@pytest.fixture(scope="session")
def trained_settings(tmp_path_factory: pytest.TempPathFactory) -> RunSettings:
    return make_settings(
        tmp_path_factory.mktemp("trained"),
        optimisation={"epochs": 4, "batch_size": 32, "flip": True, "learning_rate": 3e-3},
        name="faces",
        data=DataSpec(source="toy-faces", image_size=32, limit=256),
        model=ModelConfig(image_size=32, latent_dim=8, width=8),
        warmup=Warmup(kind="linear", epochs=2),
    )


@pytest.fixture(scope="session")
def trained(trained_settings: RunSettings) -> Path:
    """The bundle of a whole run, nothing replaced; not to be changed."""
    return train(trained_settings)
