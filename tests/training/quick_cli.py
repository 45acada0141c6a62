"""The command line without UMAP's compilation: torchrun starts this instead of train_cli.py.

With ``STOP_RANK`` in the environment that rank is interrupted in the second epoch of three steps.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import numpy as np

from explorer import latent


def flat_map(mu: np.ndarray, **_: Any) -> latent.UmapMap:
    return latent.UmapMap(xy=5 * np.tanh(mu[:, :2]), codes=mu)


def interrupt_in_the_second_epoch() -> None:
    from explorer.training.trainer import Trainer

    take = Trainer._take_step

    def step(self: Trainer, *given: Any) -> Any:
        if self.step == 4:
            raise KeyboardInterrupt
        return take(self, *given)

    Trainer._take_step = step  # type: ignore[method-assign]


if __name__ == "__main__":
    latent.fit_umap = flat_map  # type: ignore[assignment]
    if "RANK" in os.environ and os.environ.get("STOP_RANK") == os.environ["RANK"]:
        interrupt_in_the_second_epoch()
    import train_cli

    sys.exit(train_cli.main())
