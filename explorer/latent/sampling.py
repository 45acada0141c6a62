"""Where new codes come from: the prior, and a mixture fitted to the codes there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import Doubles, Floats


@dataclass(frozen=True, eq=False)
class Mixture:
    """A mixture of K Gaussians in D dimensions.

    Attributes:
        weights: (K,) positive, sum 1.
        means: (K, D).
        cholesky: (K, D, D) lower triangular; the covariance is ``L @ L.T``.
    """

    weights: Floats
    means: Floats
    cholesky: Floats

    def sample(self, n: int, *, temperature: float = 1.0, rng: np.random.Generator) -> Floats:
        """Draw codes (n, D); standard deviations are multiplied by ``temperature``."""
        raise NotImplementedError

    def log_prob(self, z: ArrayLike) -> Doubles:
        """Log density (M,) in nats of codes (M, D)."""
        raise NotImplementedError

    def to_arrays(self) -> dict[str, np.ndarray]:
        """``weights`` (K,), ``means`` (K, D), ``cholesky`` (K, D, D), all float32."""
        return {"weights": self.weights, "means": self.means, "cholesky": self.cholesky}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Mixture:
        """The inverse of :meth:`to_arrays`."""
        return cls(**{key: np.asarray(arrays[key], np.float32) for key in _ARRAYS})


_ARRAYS = ("weights", "means", "cholesky")


def fit_mixture(mu: ArrayLike, *, components: int = 10, seed: int = 0) -> Mixture:
    """A Gaussian mixture of codes ``mu`` (N, D)."""
    raise NotImplementedError


def sample_prior(
    n: int, *, dim: int, temperature: float = 1.0, rng: np.random.Generator
) -> Floats:
    """Draw codes (n, dim) from N(0, temperature² I)."""
    raise NotImplementedError
