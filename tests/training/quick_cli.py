"""The command line without UMAP's compilation: torchrun starts this instead of train_cli.py."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from explorer import latent


def flat_map(mu: np.ndarray, **_: Any) -> latent.UmapMap:
    return latent.UmapMap(xy=5 * np.tanh(mu[:, :2]), codes=mu)


if __name__ == "__main__":
    latent.fit_umap = flat_map  # type: ignore[assignment]
    import train_cli

    sys.exit(train_cli.main())
