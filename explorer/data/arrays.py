"""Drawing from pictures that are already arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.data.dataset import DataSpec, Indices, Pixels, known
from explorer.data.listing import Failure, Listing
from explorer.data.pictures import Frame, fit_array


@dataclass(frozen=True, eq=False)
class ArrayDraw:
    """A `Draw` that fits the rows of an array (N, H, W) or (N, H, W, C)."""

    pixels: Pixels
    frame: Frame

    def __call__(self, indices: Indices, out: Pixels) -> list[Failure]:
        """Fit the pictures of these indices into an array."""
        for row, index in enumerate(indices):
            out[row] = fit_array(self.pixels[index], self.frame)
        return []


@dataclass(frozen=True, eq=False)
class Part:
    """One part of a set of arrays: `name` begins the ids, such as `train-00012`."""

    name: str
    split: int
    pixels: Pixels
    labels: npt.NDArray[Any]


def whole(spec: DataSpec) -> Frame:
    """The whole picture, at the size and channels of a specification."""
    return Frame(known(spec.image_size), known(spec.channels))


def parts_listing(parts: list[Part], spec: DataSpec, *, label_names: tuple[str, ...]) -> Listing:
    """The pictures of all parts in order, at most `spec.limit`."""
    ids = [f"{part.name}-{row:05d}" for part in parts for row in range(len(part.pixels))]
    lengths = [len(part.pixels) for part in parts]
    split = np.repeat(np.array([part.split for part in parts], np.uint8), lengths)
    pixels = np.concatenate([part.pixels for part in parts])[: spec.limit]
    labels = np.concatenate([part.labels for part in parts])[: spec.limit]
    return Listing(
        ids=ids[: len(pixels)],
        draw=ArrayDraw(pixels, whole(spec)),
        split=split[: len(pixels)],
        label_names=label_names,
        labels=labels.astype(np.int16),
    )


def row_of(item_id: str, *, part: str) -> int | None:
    """The row that an id such as `train-00012` names in a part, or None."""
    prefix, _, row = item_id.rpartition("-")
    return int(row) if prefix == part and row.isdecimal() and len(row) < 10 else None


def picture(pixels: Pixels, row: int, spec: DataSpec) -> Pixels | None:
    """One row of an array as a specification wants it, or None beyond the end."""
    return fit_array(pixels[row], whole(spec)) if row < len(pixels) else None
