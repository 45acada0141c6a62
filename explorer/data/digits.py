"""The small digits that come with scikit-learn: 1,797 pictures of 8 x 8 pixels."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from explorer.data.arrays import Part, parts_listing, picture, row_of
from explorer.data.dataset import UNKNOWN_SPLIT, DataSpec, Pixels
from explorer.data.listing import Listing

FULL = 16  # the brightest grey in the original
MARGIN = 1  # pixels of black around the 8 x 8, so that no stroke touches the edge


def fingerprint(spec: DataSpec) -> str:
    """These pictures do not change."""
    return "digits 1"


def listing(spec: DataSpec, *, progress: bool) -> Listing:
    """All digits; splits are left open."""
    part = Part("digit", UNKNOWN_SPLIT, _pixels(), _labels())
    return parts_listing([part], spec, label_names=tuple("0123456789"))


def original(spec: DataSpec, item_id: str) -> Pixels | None:
    """One picture by its id, such as `digit-00012`."""
    row = row_of(item_id, part="digit")
    return None if row is None else picture(_pixels(), row, spec)


@lru_cache(maxsize=1)
def _pixels() -> Pixels:
    from sklearn.datasets import load_digits

    grey = np.rint(load_digits().images * (255 / FULL)).astype(np.uint8)
    margins = ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN))
    return np.pad(grey, margins)


def _labels() -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    from sklearn.datasets import load_digits

    labels: np.ndarray[tuple[int], np.dtype[np.int64]] = load_digits().target
    return labels
