"""Which of some models cannot be beaten in one figure without losing in another."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.latent.codes import LatentError


def pareto_front(costs: ArrayLike) -> NDArray[np.bool]:
    """Rows (N,) that no other row dominates; each cost is the better the smaller it is.

    A row dominates another if it is no larger anywhere and smaller somewhere (Pareto 1906; the
    definition is that of Deb 2001, section 2.4). Equal rows do not dominate each other.

    Args:
        costs: (N, K), such as rate and distortion.

    Raises:
        LatentError: Not two-dimensional, or NaN or infinity, which nothing can be compared with.
    """
    table = np.asarray(costs, np.float64)
    if table.ndim != 2:
        raise LatentError(f"costs has shape {table.shape}; (N, K) is needed.")
    if not np.isfinite(table).all():
        raise LatentError("costs holds NaN or infinity; leave those rows out.")
    no_larger = (table[:, None] <= table[None]).all(axis=2)
    smaller = (table[:, None] < table[None]).any(axis=2)
    return np.asarray(~(no_larger & smaller).any(axis=0))
