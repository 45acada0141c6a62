"""The running mean of the weights, which is what is evaluated and shipped."""

from __future__ import annotations

import copy

import torch
from torch import Tensor

from explorer.vae import VAE


class AveragedWeights:
    """Exponential moving average of a model's weights (Polyak & Juditsky 1992).

    The decay grows as (1 + t) / (10 + t) up to its limit, so that a short run is not left with
    its first weights.
    """

    def __init__(self, model: VAE, decay: float) -> None:
        self.model: VAE = copy.deepcopy(model).requires_grad_(False).eval()
        self.decay = decay

    @torch.no_grad()
    def update(self, model: VAE, step: int) -> None:
        """Move towards ``model`` after its optimiser step number ``step`` (from 1)."""
        decay = min(self.decay, (1 + step) / (10 + step))
        averaged: list[Tensor] = list(self.model.parameters())
        torch._foreach_lerp_(averaged, [*model.parameters()], 1 - decay)
