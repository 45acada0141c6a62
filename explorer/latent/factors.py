"""True factors of pictures as columns: classes or measures, and groups of equal values."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.latent.codes import Doubles, Indices, LatentError, as_codes, require_rows

MAX_CLASSES = 12  # distinct values; more are a measure, such as an angle
GROUPS = 10  # of a measure, where a score counts classes
LEAST_ROWS = 30


def as_pair(codes: ArrayLike, factors: ArrayLike) -> tuple[Doubles, Doubles]:
    """Codes (N, D) and the factors (N, K) of the same pictures, as float64.

    Raises:
        LatentError: Shapes that do not fit, fewer than 30 rows, NaN or infinity, or a factor
            that has the same value everywhere: no code could tell anything of it.
    """
    values = as_codes(codes).astype(np.float64)
    table = as_codes(factors, name="factors").astype(np.float64)
    if len(table) != len(values):
        raise LatentError(f"factors has {len(table)} rows for {len(values)} codes.")
    require_rows(values, LEAST_ROWS, name="codes")
    constant = np.flatnonzero(np.ptp(table, axis=0) == 0)
    if len(constant):
        raise LatentError(f"factors: column {constant[0]} has one value only; leave it out.")
    return values, table


def is_class(column: Doubles) -> bool:
    """Whether a factor (N,) has so few values, 12 or fewer, that they are classes."""
    return len(np.unique(column)) <= MAX_CLASSES


def groups(column: Doubles) -> Indices:
    """The group (N,) of each value, from 0: its class, or which tenth of a measure it is in.

    Tenths hold equally many rows, as far as equal values, which stay together, allow it.
    """
    values, number = np.unique(column, return_inverse=True)
    if len(values) > MAX_CLASSES:
        bounds = np.unique(np.quantile(column, np.linspace(0, 1, GROUPS + 1)[1:-1]))
        cut = np.searchsorted(bounds, column, side="right")
        return np.asarray(np.unique(cut, return_inverse=True)[1], np.int64)
    return np.asarray(number, np.int64)


def top_gap(scores: Doubles) -> Doubles:
    """Largest minus second largest of each column of ``scores`` (D, K), (K,).

    With a single dimension there is no second: the gap is the score itself.
    """
    if len(scores) == 1:
        return np.asarray(scores[0])
    ordered = np.sort(scores, axis=0)
    return np.asarray(ordered[-1] - ordered[-2])


def thirds(count: int, *, rng: np.random.Generator) -> tuple[Indices, Indices]:
    """Rows to fit on, two thirds of ``count``, and the others, to be judged on."""
    order = rng.permutation(count)
    cut = 2 * count // 3
    return order[:cut], order[cut:]


def without_constant(factors: NDArray[np.floating]) -> Indices:
    """Numbers of the columns of ``factors`` (N, K) that have more than one value."""
    return np.flatnonzero(np.ptp(factors, axis=0) > 0) if len(factors) else np.empty(0, np.int64)
