"""What a data set is: its specification, its arrays and its error."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

TRAIN, VALID, TEST = 0, 1, 2
UNKNOWN_SPLIT = 255
IMAGE_SIZES = (28, 32, 64, 128)
MIN_PICTURES = 16

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating[Any]]  # float32 in fact; numpy's own types widen too easily
Indices = npt.NDArray[np.int64]


class DataError(ValueError):
    """Pictures that cannot be used; the message is a sentence for the user."""


@dataclass(frozen=True)
class DataSpec:
    """Everything that decides the pictures. Fields left None take the source's default.

    Args:
        source: one of `explorer.data.SOURCES`.
        root: folder or zip with the pictures; default `data/<source>`.
        image_size: side in pixels, one of 28, 32, 64, 128.
        channels: 1 (grey) or 3 (RGB).
        crop: side of the centre crop in pixels. CelebA: at the full size of 178 x 218, in
            proportion for other sizes, default 148. Folder: None is the largest centre square.
        limit: only the first N pictures (toy-faces: how many are drawn, default 20,000; folder:
            N from all over it).
        attributes: folder only: CSV with one row per picture and one column per attribute.
        factors: folder only: CSV with one row per picture and one column per true factor.
        seed: seed of the split and of procedural pictures.
        shift: CelebA only: move each picture by up to so many pixels, in the unit of ``crop``,
            left or right and up or down; its name decides where to.
    """

    source: str
    root: Path | None = None
    image_size: int | None = None
    channels: int | None = None
    crop: int | None = None
    limit: int | None = None
    attributes: Path | None = None
    factors: Path | None = None
    seed: int = 0
    shift: int = 0


@dataclass(frozen=True, eq=False)
class Dataset:
    """Decoded pictures with what is known about each of them."""

    images: Pixels  # (N, H, W, C), possibly a read-only memory map
    ids: npt.NDArray[np.str_]  # (N,)
    split: npt.NDArray[np.uint8]  # (N,) TRAIN, VALID or TEST
    attribute_names: tuple[str, ...]
    attributes: npt.NDArray[np.int8]  # (N, A) 1, 0 or -1 for missing
    label_names: tuple[str, ...]
    labels: npt.NDArray[np.int16]  # (N,), -1 for missing
    factor_names: tuple[str, ...]
    factors: npt.NDArray[np.float32]  # (N, F)
    spec: DataSpec
    skipped: tuple[str, ...]  # one sentence per file left out
    license: str
    notes: tuple[str, ...] = ()  # anything else the user should know, one sentence each

    def where(self, split: int) -> Indices:
        """Indices of the pictures in a split (TRAIN, VALID or TEST)."""
        return np.flatnonzero(self.split == split)

    @property
    def image_size(self) -> int:
        """Side of the square pictures in pixels."""
        return int(self.images.shape[1])

    @property
    def channels(self) -> int:
        """1 for grey, 3 for RGB."""
        return int(self.images.shape[3])

    def __len__(self) -> int:
        return len(self.images)


def known(value: Any) -> Any:
    """The value, which a resolved `DataSpec` guarantees not to be None."""
    assert value is not None
    return value
