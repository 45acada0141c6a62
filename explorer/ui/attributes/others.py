"""The face a newcomer sees, and other faces that get the same edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from explorer.ui.face_picker import HELD_OUT

if TYPE_CHECKING:
    from explorer.bundle import Bundle

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


def _is_good(bundle: Bundle) -> np.ndarray:
    """Which pictures were not seen in training and are drawn better than most, (N,) bool."""
    errors = bundle.items["error"].to_numpy()
    unseen = bundle.items["split"].isin(HELD_OUT).to_numpy()
    return np.asarray(unseen & (errors <= np.median(errors)))
