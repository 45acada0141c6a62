"""How many directions of its space a code makes use of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SHARE = 0.95


def directions_in_use(codes: NDArray[np.floating], *, share: float = SHARE) -> int:
    """The fewest principal directions that hold a share of the variance of ``codes`` (N, D).

    Whatever latent_dim is, this tells how many numbers the model found worth telling apart: it
    stops growing once the code is long enough. Codes that are all the same use none.

    Args:
        codes: Posterior means, N at least 2.
        share: Of the variance, above 0 and at most 1.
    """
    variances = np.linalg.eigvalsh(np.atleast_2d(np.cov(np.asarray(codes, np.float64).T)))[::-1]
    total = variances.sum()
    if total <= 0:
        return 0
    # A hair less, so that rounding never asks for a direction that adds nothing.
    return int(np.searchsorted(np.cumsum(variances), share * total * (1 - 1e-9)) + 1)
