"""The variational autoencoder (Kingma & Welling 2014) and its plain-autoencoder twin."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from explorer.vae.config import LOGVAR_MIN, ModelConfig
from explorer.vae.networks import build_decoder, build_encoder

LOGVAR_MAX = 10.0


class Posterior(NamedTuple):
    """q(z|x) = N(mu, exp(logvar)), both (N, D) float32; a point in a plain autoencoder."""

    mu: Tensor
    logvar: Tensor
    is_point: bool = False

    def shifted(self, epsilon: Tensor) -> Tensor:
        """The reparameterisation trick, mu + sigma * epsilon (Kingma & Welling 2014, 2.4)."""
        return self.mu if self.is_point else self.mu + torch.exp(0.5 * self.logvar) * epsilon

    def sample(self, generator: torch.Generator | None = None) -> Tensor:
        """A draw from it, (N, D)."""
        noise = torch.randn(self.mu.shape, generator=generator, device=self.mu.device)
        return self.shifted(noise)


class VAE(nn.Module):
    """An encoder to the posterior and a decoder to pixel means in [0, 1]."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = build_encoder(config, config.latent_dim * (2 if config.variational else 1))
        self.decoder = build_decoder(config)

    def encode(self, x: Tensor) -> Posterior:
        """Pictures (N, C, H, W) float in [0, 1] to their posterior.

        A plain autoencoder reports ``logvar = LOGVAR_MIN``: a point.
        """
        # Centred inputs: the first layer would otherwise spend its first epoch learning the mean.
        inputs = 2 * x - 1 if self.config.inputs == "centred" else 255 * x
        out = self.encoder(inputs).float()
        if not self.config.variational:
            return Posterior(out, torch.full_like(out, LOGVAR_MIN), is_point=True)
        mu, logvar = out.chunk(2, dim=1)
        return Posterior(mu, logvar.clamp(LOGVAR_MIN, LOGVAR_MAX))

    def logits(self, z: Tensor) -> Tensor:
        """Codes (N, D) to the logits of the pixel means, (N, C, H, W)."""
        out: Tensor = self.decoder(z).float()
        return out

    def decode(self, z: Tensor) -> Tensor:
        """Codes (N, D) to pixel means (N, C, H, W) in [0, 1]."""
        return torch.sigmoid(self.logits(z))
