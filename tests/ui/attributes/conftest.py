from __future__ import annotations

import numpy as np
import pytest

from explorer.latent import Direction, attribute_directions

NAMES = ("Male", "Eyeglasses", "Smiling", "Beard")


@pytest.fixture(scope="session")
def directions() -> tuple[Direction, ...]:
    """Four attributes by every method: a beard goes with being male, the rest is independent."""
    rng = np.random.default_rng(0)
    has = rng.integers(0, 2, (600, 4)).astype(np.int8)
    agrees = rng.random(600) < 0.85
    has[agrees, 3] = has[agrees, 0]
    mu = rng.standard_normal((600, 8)).astype(np.float32)
    mu[:, :4] += has * np.array([2, 3, 3, 1], np.float32)
    split = np.repeat(np.arange(2, dtype=np.uint8), [400, 200])
    return attribute_directions(mu, has, names=NAMES, split=split).found
