"""Which picture is for training, validation or test."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from explorer.data.dataset import TEST, TRAIN, UNKNOWN_SPLIT, VALID

HELD_OUT = 0.05  # share of each of validation and test


def complete(
    split: npt.NDArray[np.uint8], *, ids: Sequence[str], seed: int
) -> npt.NDArray[np.uint8]:
    """Fill in what a source leaves open: 90 / 5 / 5, decided by a hash of seed and id.

    Pictures without a split (UNKNOWN_SPLIT) join the training part; from it, whichever of
    validation and test is empty takes 5% (at least one picture). A hash of the id decides, so
    a picture keeps its place when others are added.

    Args:
        split: (N,) TRAIN, VALID, TEST or UNKNOWN_SPLIT.
        ids: N unique names.
        seed: another seed gives another split.
    """
    done = np.where(split == UNKNOWN_SPLIT, TRAIN, split).astype(np.uint8)
    if not (done == TRAIN).any():
        done[:] = TRAIN
    place = np.array([_unit_hash(f"{seed}:{name}") for name in ids])
    for part, below in ((TEST, HELD_OUT), (VALID, 2 * HELD_OUT)):
        training = done == TRAIN
        if (done == part).any() or training.sum() < 2:
            continue
        chosen = training & (place < below) & (place >= below - HELD_OUT)
        if not chosen.any():
            chosen[np.flatnonzero(training)[place[training].argmin()]] = True
        done[chosen] = part
    return done


def _unit_hash(text: str) -> float:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") / 2.0**64
