"""Starting a network at the linear VAE's optimum, which principal components give in closed form.

The best linear VAE is probabilistic PCA (Tipping & Bishop 1999; Lucas et al. 2019, "Don't Blame
the ELBO"). A network with a linear path that starts there has PCA's error before its first step,
and its convolutions learn only what a linear map cannot say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from explorer.vae.model import VAE

Floats = NDArray[np.floating[Any]]
# A dimension without variance would get an infinite scale.
VARIANCE_MIN = 1e-6


@dataclass(frozen=True, eq=False)
class PrincipalComponents:
    """Of pictures flattened to P numbers each.

    Attributes:
        mean: (P,).
        components: (D, P), orthonormal, strongest first.
        variance: (D,), along each component.
        residual: Variance per pixel that the components leave, sigma^2 of probabilistic PCA
            (Tipping & Bishop 1999, eq. 8).
    """

    mean: Floats
    components: Floats
    variance: Floats
    residual: float


def principal_components(pictures: Floats, *, dim: int, seed: int = 0) -> PrincipalComponents:
    """The ``dim`` first principal components of ``pictures`` (N, P) in [0, 1].

    Randomised SVD (Halko et al. 2011). Components beyond what N pictures span are zero.
    """
    # The app, which never trains, need not wait for this import.
    from sklearn.utils.extmath import randomized_svd

    count, pixels = pictures.shape
    mean = pictures.mean(axis=0)
    centred = pictures - mean
    rank = min(dim, count, pixels)
    singular = randomized_svd(centred, rank, n_iter=4, random_state=seed)
    components = np.zeros((dim, pixels), pictures.dtype)
    variance = np.zeros(dim)
    components[:rank] = singular[2]
    variance[:rank] = singular[1].astype(np.float64) ** 2 / count
    total = float(np.square(centred, dtype=np.float64).sum() / count)
    left = max(total - float(variance.sum()), 0.0) / max(pixels - rank, 1)
    return PrincipalComponents(mean, components, variance, max(left, VARIANCE_MIN))


@torch.no_grad()
def start_at(model: VAE, pca: PrincipalComponents) -> None:
    """Set a fresh ``model`` with a linear path and linear output to probabilistic PCA.

    With W = U (L - sigma^2)^(1/2): the decoder is W z + mean, the posterior's mean
    (L - sigma^2)^(1/2) L^-1 U^T (x - mean) and its variance sigma^2 / L (Tipping & Bishop 1999,
    section 3.2). A plain autoencoder gets sigma = 0: whitened components.
    """
    noise = pca.residual if model.config.variational else 0.0
    variance = np.maximum(pca.variance, VARIANCE_MIN)
    scale = np.sqrt(np.maximum(variance - noise, 0.0))
    project = (scale / variance)[:, None] * pca.components
    assert model.linear_encoder is not None
    assert model.linear_decoder is not None
    _assign(model.linear_encoder, project, -project @ pca.mean)
    _assign(model.linear_decoder, (scale[:, None] * pca.components).T, pca.mean)
    # The networks beside the linear path start silent but for the posterior's log-variance.
    _silence(model.encoder)
    _silence(model.decoder)
    if model.config.variational:
        # Dimensions that noise drowns are left at the prior: variance 1.
        logvar = np.log(np.minimum(noise / variance, 1.0))
        last_bias = _last_layer(model.encoder).bias
        assert last_bias is not None
        last_bias[model.config.latent_dim :] = torch.from_numpy(logvar)


def _silence(network: nn.Sequential) -> None:
    for parameter in _last_layer(network).parameters():
        nn.init.zeros_(parameter)


def _last_layer(network: nn.Sequential) -> nn.Conv2d | nn.Linear:
    return next(x for x in reversed(list(network)) if isinstance(x, nn.Conv2d | nn.Linear))


def _assign(layer: nn.Linear, weight: Floats, bias: Floats) -> None:
    layer.weight.copy_(torch.from_numpy(np.ascontiguousarray(weight)))
    layer.bias.copy_(torch.from_numpy(np.ascontiguousarray(bias)))
