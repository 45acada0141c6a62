"""How far from the data something is, against the data's own distances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.latent.codes import Doubles

RANK = 5  # the neighbour whose distance counts: one stray point does not make "data"


@dataclass(frozen=True, eq=False)
class OffData:
    """How far M places, or M codes, lie from the data.

    Attributes:
        distance: (M,) Euclidean, to the 5th nearest point (place or code).
        ratio: (M,) ``distance`` over the data's own median distance to its 5th neighbour: about
            1 among the data, 10 where neighbours are ten times as far as usual.
        percentile: (M,) share, 0 to 1, of the data whose own 5th neighbour is nearer than that.
    """

    distance: Doubles
    ratio: Doubles
    percentile: Doubles


def compare(distance: Doubles, *, own: Doubles) -> OffData:
    """Hold distances (M,) against the data's own, (S,) in rising order."""
    # Duplicates can make the median zero; a smallest number keeps the ratio defined.
    usual = max(float(np.median(own)), float(np.finfo(np.float32).tiny))
    percentile = np.searchsorted(own, distance, side="left") / len(own)
    return OffData(distance, distance / usual, percentile)
