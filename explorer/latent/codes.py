"""Checks at the door: arrays of codes and of places, as the mathematics needs them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Indices = NDArray[np.int64]


class LatentError(ValueError):
    """Something cannot be computed from these codes; the message is a sentence for the user."""


def as_codes(values: ArrayLike, *, name: str = "codes", dim: int | None = None) -> Floats:
    """Codes as float32 (N, D), copied only where the type differs.

    Args:
        values: Anything array-like of shape (N, D); float16 from disk is welcome.
        name: What the message calls them.
        dim: The D they must have, if it is known.

    Raises:
        LatentError: Not two-dimensional, another D, or NaN or infinity among the numbers.
    """
    codes = np.asarray(values, dtype=np.float32)
    if codes.ndim != 2 or codes.shape[1] == 0:
        raise LatentError(f"{name} has shape {codes.shape}; give (N, D), one row per code.")
    if dim is not None and codes.shape[1] != dim:
        raise LatentError(f"{name} has {codes.shape[1]} numbers per row; {dim} are needed.")
    require_finite(codes, name=name)
    return codes


def as_code(values: ArrayLike, *, name: str = "code", dim: int | None = None) -> Floats:
    """One code as float32 (D,).

    Raises:
        LatentError: Not one-dimensional, another D than ``dim``, or NaN or infinity in it.
    """
    code = np.asarray(values, dtype=np.float32)
    if code.ndim != 1:
        raise LatentError(f"{name} has shape {code.shape}; give (D,), one code.")
    return np.asarray(as_codes(code[None], name=name, dim=dim)[0])


def as_places(values: ArrayLike, *, name: str = "xy") -> Floats:
    """Places on the map as float32 (M, 2).

    Raises:
        LatentError: Another shape, or NaN or infinity among the numbers.
    """
    xy = np.asarray(values, dtype=np.float32)
    if xy.ndim != 2 or xy.shape[1] != 2:
        raise LatentError(f"{name} has shape {xy.shape}; give (M, 2), one row per place.")
    require_finite(xy, name=name)
    return xy


def require_finite(values: NDArray[np.floating], *, name: str) -> None:
    """Refuse NaN and infinity, naming the first row that holds one.

    Raises:
        LatentError: With the row's number and how many rows are affected.
    """
    if np.isfinite(values).all():
        return
    rows = np.flatnonzero(~np.isfinite(values.reshape(len(values), -1)).all(axis=1))
    raise LatentError(
        f"{name} holds NaN or infinity in {len(rows)} of {len(values)} rows, first in row "
        f"{rows[0]}; the model that made them has diverged: train it again with a lower rate."
    )


def require_rows(values: NDArray[np.generic], minimum: int, *, name: str) -> None:
    """Refuse fewer rows than a computation needs.

    Raises:
        LatentError: With the number there is and the number needed.
    """
    if len(values) < minimum:
        raise LatentError(f"{name} has {len(values)} rows; at least {minimum} are needed.")
