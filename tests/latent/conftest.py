"""One UMAP fit, shared: the first in a process compiles for seconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from explorer.latent.projection import UmapMap, fit_umap


@dataclass(frozen=True)
class Islands:
    """Three clouds of codes (N, D), the cloud of each (N,), and their UMAP."""

    codes: np.ndarray
    cloud: np.ndarray
    map: UmapMap


def three_clouds(count: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Codes (count, 12) about three far corners, and which corner is whose."""
    rng = np.random.default_rng(seed)
    cloud = np.arange(count) % 3
    codes = rng.normal(size=(count, 12)) + 12 * np.eye(12)[cloud]
    return codes.astype(np.float32), cloud


@pytest.fixture(scope="session")
def islands() -> Islands:
    codes, cloud = three_clouds(210, seed=0)
    return Islands(codes, cloud, fit_umap(codes, seed=1, max_fit=150))
