"""What another prior would be worth: the mixture in place of N(0, I)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import LatentError
from explorer.latent.rate import LOG_2_PI, draw_aggregate, posteriors
from explorer.latent.sampling import Mixture

DRAWS = 2_000


def mixture_gain(mixture: Mixture, mu: ArrayLike, logvar: ArrayLike, *, seed: int = 0) -> float:
    """Nats per picture by which the ELBO would rise if the mixture were the prior.

    ``E_q(z) [log m(z) - log p(z)]`` over codes drawn from the aggregate posterior: it is what
    the rate would lose, as ``E_n KL(q(z|n) || p) = I(n; z) + KL(q(z) || p)`` (Hoffman & Johnson
    2016) and only the second part knows the prior; so it is at most that part. A mixture fitted
    after training is the "ex-post density estimation" of Ghosh et al. (2020). It was fitted to
    posterior means, so its components are first widened by the mean posterior variance.

    Args:
        mixture: Fitted to means, in D dimensions.
        mu: (N, D) means of pictures it was not fitted to.
        logvar: (N, D).
        seed: Of 2,000 draws.

    Raises:
        LatentError: Shapes that do not fit, or NaN or infinity.
    """
    means, logs = posteriors(mu, logvar)
    if means.shape[1] != mixture.means.shape[1]:
        raise LatentError(
            f"The codes have {means.shape[1]} dimensions, the mixture {mixture.means.shape[1]}."
        )
    z = draw_aggregate(means, logs, DRAWS, rng=np.random.default_rng(seed)).astype(np.float64)
    prior = -(np.square(z) + LOG_2_PI).sum(axis=1) / 2
    noise = np.exp(logs).mean(axis=0, dtype=np.float64)
    return float((widened(mixture, noise).log_prob(z) - prior).mean())


def widened(mixture: Mixture, variance: ArrayLike) -> Mixture:
    """The mixture convolved with a Gaussian of this ``variance`` (D,) along each dimension."""
    factors = mixture.cholesky.astype(np.float64)
    covariances = factors @ factors.transpose(0, 2, 1) + np.diag(np.asarray(variance, np.float64))
    cholesky = np.linalg.cholesky(covariances).astype(np.float32)
    return Mixture(mixture.weights, mixture.means, cholesky)
