"""Factors drawn by chance, and codes that hold them in known ways."""

from __future__ import annotations

import numpy as np
from scipy.linalg import hadamard


def mixed_factors(count: int = 3000, *, seed: int = 0) -> np.ndarray:
    """Independent factors (count, 4): two measures, a coin and one of five classes."""
    rng = np.random.default_rng(seed)
    measures = rng.uniform(-1, 1, (count, 2))
    return np.column_stack([measures, rng.integers(0, 2, count), rng.integers(0, 5, count)])


def perfect_codes(factors: np.ndarray) -> np.ndarray:
    """One dimension a factor, scaled to variance 1 with signs of its own."""
    return -(factors - factors.mean(axis=0)) / factors.std(axis=0)


def turned_codes(factors: np.ndarray) -> np.ndarray:
    """The same, turned so that each of the 2, 4, 8 ... dimensions holds as much of all factors."""
    dim = factors.shape[1]
    return perfect_codes(factors) @ hadamard(dim) / np.sqrt(dim)


def noise(factors: np.ndarray, *, seed: int = 1) -> np.ndarray:
    """Codes that know nothing of the factors."""
    return np.random.default_rng(seed).normal(size=factors.shape)
