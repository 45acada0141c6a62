"""Where new codes come from: the prior, and a mixture fitted to the codes there are."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import Doubles, Floats, LatentError, as_codes, require_rows

MAX_FIT = 20_000  # 2,000 codes a component, and seconds instead of minutes
ROWS_PER_COMPONENT = 10
MAX_STEPS = 50
TOLERANCE_NATS = 1e-2  # per code and step; later steps only sharpen what is overfitted
RIDGE = 1e-3  # of the mean variance, added to each variance while fitting
MAX_SEED = 2**32 - 1  # what every library's generator takes
PRIOR_COUNT = 2.0  # pseudo-examples per dimension behind the diagonal each covariance leans to


@dataclass(frozen=True, eq=False)
class Mixture:
    """A mixture of K Gaussians in D dimensions.

    Attributes:
        weights: (K,) positive, sum 1.
        means: (K, D).
        cholesky: (K, D, D) lower triangular, positive diagonal; the covariance is ``L @ L.T``.
        converged: Whether the fit settled before it was stopped; None where nobody wrote it down.
            A mixture that did not may still draw good codes: :mod:`explorer.latent.realism`
            judges it by those.
    """

    weights: Floats
    means: Floats
    cholesky: Floats
    converged: bool | None = None

    def __post_init__(self) -> None:
        count, dim = self.means.shape
        if self.weights.shape != (count,) or self.cholesky.shape != (count, dim, dim):
            raise LatentError(
                f"A mixture with means {self.means.shape} needs weights ({count},) and cholesky "
                f"({count}, {dim}, {dim}), not {self.weights.shape} and {self.cholesky.shape}."
            )
        if not abs(self.weights.sum() - 1) < 1e-3 or not (self.weights > 0).all():
            raise LatentError(f"Mixture weights must be positive with sum 1: {self.weights}.")
        if not (np.diagonal(self.cholesky, axis1=1, axis2=2) > 0).all():
            raise LatentError("The diagonals of cholesky must be positive; fit the mixture again.")

    def sample(
        self,
        n: int,
        *,
        temperature: float = 1.0,
        truncation: float = np.inf,
        rng: np.random.Generator,
    ) -> Floats:
        """Draw codes (n, D).

        ``temperature`` T multiplies the standard deviations, so the covariances by T² (Kingma &
        Dhariwal 2018, section 5); 0 gives the means. Which component is drawn does not change.
        ``truncation`` bounds the noise before it is shaped, see :func:`standard_noise`.

        Raises:
            LatentError: A negative number of codes or temperature, or a truncation of 0 or less.
        """
        _require_draw(n, temperature)
        weights = self.weights.astype(np.float64)
        chosen = rng.choice(len(weights), size=n, p=weights / weights.sum())
        noise = standard_noise(n, dim=self.means.shape[1], truncation=truncation, rng=rng)
        for component, factor in enumerate(self.cholesky):
            mine = chosen == component
            noise[mine] = noise[mine] @ factor.T
        return self.means[chosen] + np.float32(temperature) * noise

    def log_prob(self, z: ArrayLike) -> Doubles:
        """Log density (M,) in nats of codes (M, D).

        ``log Σ_k w_k N(z; m_k, L_k L_kᵀ)``, with the determinant from L's diagonal.
        """
        from scipy.linalg import solve_triangular
        from scipy.special import logsumexp

        codes = as_codes(z, name="z", dim=self.means.shape[1]).astype(np.float64)
        terms = np.empty((len(self.weights), len(codes)))
        for term, mean, factor in zip(terms, self.means, self.cholesky, strict=True):
            white = solve_triangular(factor.astype(np.float64), (codes - mean).T, lower=True)
            term[:] = -0.5 * np.einsum("dm,dm->m", white, white)
            term -= np.log(np.diagonal(factor), dtype=np.float64).sum()
        constant = 0.5 * codes.shape[1] * np.log(2 * np.pi)
        log_weights = np.log(self.weights, dtype=np.float64)[:, None]
        return np.asarray(logsumexp(terms + log_weights, axis=0) - constant)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """``weights`` (K,), ``means`` (K, D), ``cholesky`` (K, D, D), all float32.

        And ``converged`` (1,), 0 or 1, if it is known.
        """
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        if self.converged is None:
            return arrays
        return {**arrays, "converged": np.array([self.converged], np.uint8)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Mixture:
        """The inverse of :meth:`to_arrays`.

        Raises:
            LatentError: The arrays do not fit together.
        """
        converged = bool(arrays["converged"][0]) if "converged" in arrays else None
        numbers = {name: np.asarray(arrays[name], np.float32) for name in _ARRAYS}
        return cls(**numbers, converged=converged)


_ARRAYS = ("weights", "means", "cholesky")


def fit_mixture(mu: ArrayLike, *, components: int = 10, seed: int = 0) -> Mixture:
    """A Gaussian mixture of codes ``mu`` (N, D), N >= 2: the density of the aggregate posterior.

    Fitted after training ("ex-post density estimation", Ghosh et al. 2020) by expectation
    maximisation with full covariances. A full covariance of few codes is noise, so each is then
    drawn to the diagonal S of the components' mean covariance, as by an inverse-Wishart prior
    worth 2 D examples (Fraley & Raftery 2007): ``(n_k C_k + 2 D S) / (n_k + 2 D)``. With
    thousands of codes a component that is a breath; with a few dozen it is nearly all there is.

    Args:
        mu: The codes; a random 20,000 of them are used if there are more.
        components: K at most; one for each 10 codes while there are fewer.
        seed: Of the subset and the start.

    Raises:
        LatentError: ``components`` below 1, fewer than 2 codes, NaN or infinity among them.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture
    from threadpoolctl import threadpool_limits

    if components < 1:
        raise LatentError(f"components is {components}; a mixture needs at least 1.")
    codes = as_codes(mu, name="mu").astype(np.float64)
    require_rows(codes, 2, name="mu")
    if len(codes) > MAX_FIT:
        codes = codes[np.random.default_rng(seed).permutation(len(codes))[:MAX_FIT]]
    count = min(components, max(1, len(codes) // ROWS_PER_COMPONENT))
    # Absolute floor: the codes of a collapsed posterior hardly vary.
    ridge = max(RIDGE * float(codes.var(axis=0).mean()), 1e-8)
    model = GaussianMixture(
        count, reg_covar=ridge, max_iter=MAX_STEPS, tol=TOLERANCE_NATS, random_state=seed
    )
    # Hundreds of small matrix products: their threads wait for one another, and on a machine that
    # has other work this took 80 s instead of 6. One thread also makes the result repeatable.
    with threadpool_limits(1), warnings.catch_warnings():
        # Stopped at MAX_STEPS, which the mixture remembers, or fewer distinct codes than
        # components, which leaves some of them equal.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(codes)
    covariances = shrink(model.covariances_, counts=model.weights_ * len(codes))
    return Mixture(
        weights=model.weights_.astype(np.float32),
        means=model.means_.astype(np.float32),
        cholesky=np.linalg.cholesky(covariances).astype(np.float32),
        converged=bool(model.converged_),
    )


def shrink(covariances: Doubles, *, counts: Doubles) -> Doubles:
    """Draw covariances (K, D, D) of ``counts`` (K,) examples to their common diagonal.

    See :func:`fit_mixture` for the formula and its source.
    """
    dim = covariances.shape[-1]
    common = np.einsum("k,kdd->d", counts / counts.sum(), covariances)
    prior = PRIOR_COUNT * dim
    total = counts[:, None, None] * covariances + prior * np.diag(common)
    return np.asarray(total / (counts + prior)[:, None, None])


def sample_prior(
    n: int,
    *,
    dim: int,
    temperature: float = 1.0,
    truncation: float = np.inf,
    rng: np.random.Generator,
) -> Floats:
    """Draw codes (n, dim) from the prior N(0, I), standard deviations times ``temperature``.

    ``truncation`` bounds each number before that, see :func:`standard_noise`.

    Raises:
        LatentError: A negative number of codes or temperature, a dimension below 1, or a
            truncation of 0 or less.
    """
    _require_draw(n, temperature)
    return np.float32(temperature) * standard_noise(n, dim=dim, truncation=truncation, rng=rng)


def standard_noise(
    n: int, *, dim: int, truncation: float = np.inf, rng: np.random.Generator
) -> Floats:
    """Draw (n, dim) numbers from N(0, 1), none of them beyond ``truncation`` from 0.

    The truncation trick (Brock, Donahue & Simonyan 2019, section 3.1) draws what lies beyond
    again until it does not. The distribution that gives is sampled here by its inverse, which
    takes no longer for a narrow bound than for a wide one (Devroye 1986, section II.2).

    Raises:
        LatentError: A negative number of codes, a dimension below 1, a truncation of 0 or less.
    """
    from scipy.special import ndtr, ndtri

    _require_draw(n, 1.0)
    if dim < 1:
        raise LatentError(f"dim is {dim}; a code has at least 1 dimension.")
    if not truncation > 0:
        raise LatentError(f"truncation is {truncation}; choose above 0; 2 is usual.")
    if truncation == np.inf:
        return rng.standard_normal(size=(n, dim), dtype=np.float32)
    low, high = ndtr([-truncation, truncation])
    drawn = ndtri(rng.uniform(low, high, size=(n, dim)))
    return np.asarray(np.clip(drawn, -truncation, truncation), np.float32)


def require_seed(seed: object) -> int:
    """A seed that every generator takes.

    Raises:
        LatentError: Not a whole number from 0 to 4,294,967,295.
    """
    whole = isinstance(seed, int | np.integer) and not isinstance(seed, bool)
    if not whole or not 0 <= int(seed) <= MAX_SEED:  # type: ignore[call-overload]
        raise LatentError(f"seed is {seed!r}; choose a whole number from 0 to {MAX_SEED:,}.")
    return int(seed)  # type: ignore[call-overload, no-any-return]


def require_temperature(temperature: float) -> None:
    """Refuse a factor on standard deviations that is negative or not finite.

    Raises:
        LatentError: With the value.
    """
    if not 0 <= temperature < np.inf:
        raise LatentError(f"temperature is {temperature}; choose 0 (the means) or more.")


def _require_draw(n: int, temperature: float) -> None:
    if n < 0:
        raise LatentError(f"n is {n}; ask for 0 codes or more.")
    require_temperature(temperature)
