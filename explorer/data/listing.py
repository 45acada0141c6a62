"""A listing: the pictures a source offers, before they are decoded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from explorer.data.dataset import Indices, Pixels


@dataclass(frozen=True)
class Failure:
    """A picture that could not be decoded, and why."""

    index: int
    reason: str


# Writes the pictures of these indices into the given array (n, H, W, C); called from threads.
Draw = Callable[[Indices, Pixels], Sequence[Failure]]


def no_attributes(count: int) -> npt.NDArray[np.int8]:
    """An attribute table without columns."""
    return np.zeros((count, 0), np.int8)


@dataclass(frozen=True, eq=False)
class Listing:
    """What a source offers. Splits may be UNKNOWN_SPLIT; empty tables have no columns."""

    ids: Sequence[str]
    draw: Draw
    split: npt.NDArray[np.uint8]
    attribute_names: tuple[str, ...] = ()
    attributes: npt.NDArray[np.int8] | None = None
    label_names: tuple[str, ...] = ()
    labels: npt.NDArray[np.int16] | None = None
    factor_names: tuple[str, ...] = ()
    factors: npt.NDArray[np.float32] | None = None
    skipped: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.ids)
