"""Pictures of the data that pages show unasked: the first one, and some others beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from explorer.bundle import Bundle

HELD_OUT = ("test", "valid")
COUNT = 6
PLAIN = 0.2  # share of the pictures that are nearer to the mean code than the first face


def draw_others(bundle: Bundle, *, seed: int, count: int = COUNT) -> np.ndarray:
    """Rows of different pictures, (count,): unseen in training and drawn better than most.

    Of a model that has seen all its pictures, or holds few, any others.
    """
    good = np.flatnonzero(_is_good(bundle))
    rows = good if len(good) >= count else np.arange(len(bundle.items))
    rng = np.random.default_rng(seed)
    return np.asarray(rng.permutation(rows)[:count])


def typical_row(bundle: Bundle, *, without: Sequence[str] = ()) -> int:
    """The row of a plain picture to begin with: nearer to the mean code than most.

    Not the nearest, which is bland.

    Args:
        bundle: The model.
        without: Attributes that the picture had better not have, so that adding them is seen.
    """
    lacks = np.ones(len(bundle.items), bool)
    for name in without:
        if name in bundle.items:
            lacks &= bundle.items[name].eq(0).fillna(False).to_numpy(bool)
    candidates = _is_good(bundle) & lacks
    rows = np.flatnonzero(candidates if candidates.any() else np.ones_like(candidates))
    codes = bundle.latents.mu[rows]
    away = np.linalg.norm(codes - bundle.latents.mu.mean(axis=0), axis=1)
    return int(rows[np.argsort(away)[int(PLAIN * len(rows))]])


def unseen_rows(bundle: Bundle) -> np.ndarray:
    """Rows of the pictures that the model was not trained on; of all when it saw them all."""
    unseen = np.flatnonzero(bundle.items["split"].isin(HELD_OUT).to_numpy())
    return unseen if len(unseen) else np.arange(len(bundle.items))


def _is_good(bundle: Bundle) -> np.ndarray:
    """Which of those are drawn better than most, (N,) bool."""
    errors = bundle.items["error"].to_numpy()
    good = np.zeros(len(errors), bool)
    good[unseen_rows(bundle)] = True
    return np.asarray(good & (errors <= np.median(errors)))
