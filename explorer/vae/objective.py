"""The evidence lower bound and its terms, in nats per picture.

elbo = -distortion - rate, with distortion = -log p(x|z) summed over pixels and rate =
KL(q(z|x) || p(z)) summed over dimensions (the words of Alemi et al. 2018, "Fixing a Broken ELBO").
Training minimises distortion + beta * rate (Higgins et al. 2017).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.vae.config import LIKELIHOODS, ConfigError, Likelihood
from explorer.vae.model import Posterior

# Rybkin et al. 2021 clip log sigma at -6: below it a constant picture would make the loss explode.
LOG_SIGMA_MIN = -6.0
SIGMA_DECAY = 0.99
Average = Callable[[Tensor], Tensor]


def kl_per_dim(mu: Tensor, logvar: Tensor) -> Tensor:
    """KL(N(mu, exp(logvar)) || N(0, 1)) of each dimension in nats, (N, D).

    Kingma & Welling 2014, appendix B: (mu^2 + sigma^2 - 1 - log sigma^2) / 2.
    """
    return 0.5 * (mu.square() + logvar.exp() - 1.0 - logvar)


def bernoulli_distortion(logits: Tensor, x: Tensor) -> Tensor:
    """Cross-entropy of pixels in [0, 1] under Bernoulli(sigmoid(logits)), summed, (N,) nats."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(1)


def gaussian_distortion(mean: Tensor, x: Tensor, sigma: Tensor) -> Tensor:
    """-log N(x; mean, sigma^2 I) with one sigma for all pixels, summed, (N,) nats."""
    pixels = x[0].numel()
    constant = pixels * (torch.log(sigma) + 0.5 * math.log(2 * math.pi))
    return squared_distortion(mean, x) / (2 * sigma.square()) + constant


def squared_distortion(mean: Tensor, x: Tensor) -> Tensor:
    """Squared error summed over pixels, (N,): a Gaussian with sigma^2 = 1/2, constants dropped."""
    return (mean - x).square().flatten(1).sum(1)


def free_bits_rate(kl: Tensor, threshold: float, average: Average | None = None) -> Tensor:
    """Rate that training pays when each dimension has ``threshold`` nats for free, a scalar.

    Kingma et al. 2016 (inverse autoregressive flow), eq. 15: sum_d max(threshold, mean_n KL_nd).
    The mean is over the whole batch where ``average`` takes it over processes; the gradient is
    that of this process's part.
    """
    mean = kl.mean(0)
    if average:
        mean = mean + (average(mean.detach()) - mean.detach())
    return mean.clamp_min(threshold).sum()


@dataclass(frozen=True)
class ObjectiveConfig:
    """What training minimises.

    Attributes:
        beta: Weight of the rate. With ``gaussian`` it is relative to the calibrated ELBO, so that
            1 is the ELBO itself; with ``squared`` it is relative to the plain squared error.
        likelihood: ``bernoulli``, ``gaussian`` (one calibrated sigma) or ``squared``.
        free_bits: Nats per dimension that cost nothing.
    """

    beta: float = 1.0
    likelihood: Likelihood = "gaussian"
    free_bits: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what has no meaning.

        Raises:
            ConfigError: Naming the field, its value and the remedy.
        """
        if not (math.isfinite(self.beta) and self.beta >= 0):
            raise ConfigError(f"beta is {self.beta}; choose 0 (no KL term) or more.")
        if self.likelihood not in LIKELIHOODS:
            choices = ", ".join(LIKELIHOODS)
            raise ConfigError(f"likelihood is {self.likelihood!r}; choose one of {choices}.")
        if not (math.isfinite(self.free_bits) and self.free_bits >= 0):
            raise ConfigError(f"free_bits is {self.free_bits}; choose 0 nats or more.")


class ElboTerms(NamedTuple):
    """The terms of one batch, in nats per picture: ``distortion`` (N,) and ``kl`` (N, D)."""

    distortion: Tensor
    kl: Tensor

    @property
    def rate(self) -> Tensor:
        """KL summed over dimensions, (N,)."""
        return self.kl.sum(1)

    @property
    def elbo(self) -> Tensor:
        """Lower bound on log p(x), (N,)."""
        return -self.distortion - self.rate


class Objective(nn.Module):
    """Distortion + beta * rate, with the Gaussian's shared sigma kept calibrated.

    The best shared sigma^2 is the mean squared error (Rybkin et al. 2021, eq. 6). A running mean
    of it over batches serves for training and, frozen, for evaluation.

    Args:
        config: What to minimise.
        average: Takes a tensor's mean over the processes that share a batch; None for one.
    """

    sigma: Tensor

    def __init__(self, config: ObjectiveConfig, average: Average | None = None) -> None:
        super().__init__()
        self.config = config
        self.average = average
        self.register_buffer("sigma", torch.tensor(0.0))

    def forward(self, logits: Tensor, x: Tensor, posterior: Posterior) -> ElboTerms:
        """Terms of pictures ``x`` (N, C, H, W) in [0, 1] and the decoder's ``logits``."""
        return ElboTerms(self.distortion(logits, x), _kl(posterior))

    def distortion(self, logits: Tensor, x: Tensor) -> Tensor:
        """-log p(x|z), (N,) nats."""
        if self.config.likelihood == "bernoulli":
            return bernoulli_distortion(logits, x)
        mean = torch.sigmoid(logits)
        if self.config.likelihood == "squared":
            return squared_distortion(mean, x)
        if self.training:
            error = (mean.detach() - x).square().mean()
            self.calibrate(self.average(error) if self.average else error)
        # A copy: the buffer is rewritten in place at the next step.
        return gaussian_distortion(mean, x, self.sigma.clone())

    def loss(self, terms: ElboTerms, warmup_factor: float) -> Tensor:
        """What the optimiser minimises: a scalar, nats per picture."""
        rate = free_bits_rate(terms.kl, self.config.free_bits, self.average)
        return terms.distortion.mean() + self.config.beta * warmup_factor * rate

    @torch.no_grad()
    def calibrate(self, mean_squared_error: Tensor) -> None:
        """Move sigma^2 towards the newest batch's mean squared error (per pixel)."""
        # Sigma 0 marks a fresh objective: the first batch decides alone.
        decay = torch.where(self.sigma == 0, 0.0, SIGMA_DECAY)
        variance = decay * self.sigma.square() + (1 - decay) * mean_squared_error
        self.sigma.copy_(variance.sqrt().clamp_min(math.exp(LOG_SIGMA_MIN)))


def _kl(posterior: Posterior) -> Tensor:
    # A plain autoencoder has no rate, and its |mu| is not to be paid for.
    if posterior.is_point:
        return torch.zeros_like(posterior.mu)
    return kl_per_dim(posterior.mu, posterior.logvar)
