"""Pictures of a class and the centres of classes, for experiments on labelled codes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TEST = 2  # the value of `split` of pictures the model has never seen


def pick_row(
    labels: NDArray[np.integer], split: NDArray[np.integer], label: int, *, seed: int
) -> int:
    """The row of a picture of a class, by chance: one of the test pictures if there are any.

    Args:
        labels: (N,) classes.
        split: (N,) 2 test, anything else seen in training.
        label: The class.
        seed: Another seed gives another picture; the same gives the same in every model of the
            same data.

    Raises:
        ValueError: No picture is of the class.
    """
    rows = np.flatnonzero(labels == label)
    unseen = rows[split[rows] == TEST]
    rows = unseen if len(unseen) else rows
    if not len(rows):
        raise ValueError(f"No picture has label {label}.")
    return int(np.random.default_rng(seed).choice(rows))


def nearest_centre(
    codes: NDArray[np.floating], centres: NDArray[np.floating]
) -> NDArray[np.int64]:
    """Which of ``centres`` (C, D) each of ``codes`` (M, D) is nearest to, (M,), Euclidean."""
    # |z - c|² without |z|², which is the same for all centres.
    wide = np.asarray(centres, np.float64)
    score = np.square(wide).sum(axis=1) - 2 * np.asarray(codes, np.float64) @ wide.T
    return np.asarray(score.argmin(axis=1), np.int64)
