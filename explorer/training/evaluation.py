"""What a model does to pictures it is shown: codes, errors and the terms of the bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explorer.latent.measures import active_units
from explorer.training.feed import Feed
from explorer.training.machine import Machine
from explorer.vae import VAE, Objective

Floats = NDArray[np.floating[Any]]
BATCH = 128
ERROR_MIN = 1e-10  # a perfect picture has 100 dB, not infinity


@dataclass(frozen=True, eq=False)
class Evaluation:
    """One row per picture.

    Attributes:
        mu: (N, D) posterior means.
        logvar: (N, D).
        error: (N,) mean squared error per pixel of the picture decoded from ``mu``.
        distortion: (N,) nats, at one draw from the posterior.
        rate: (N,) nats.
    """

    mu: Floats
    logvar: Floats
    error: Floats
    distortion: Floats
    rate: Floats

    def rows(self, rows: NDArray[np.integer[Any]]) -> Evaluation:
        """Only some of the pictures."""
        return Evaluation(
            self.mu[rows],
            self.logvar[rows],
            self.error[rows],
            self.distortion[rows],
            self.rate[rows],
        )

    def figures(self) -> dict[str, float]:
        """Means over pictures; ``psnr`` (dB) is the mean of the pictures' own."""
        distortion, rate = float(self.distortion.mean()), float(self.rate.mean())
        return {
            "elbo": -distortion - rate,
            "rate": rate,
            "distortion": distortion,
            "psnr": float(-10 * np.log10(np.maximum(self.error, ERROR_MIN)).mean()),
            "mse": float(self.error.mean()),
            "active_units": float(active_units(self.mu)),
        }


@torch.no_grad()
def evaluate(
    model: VAE,
    objective: Objective,
    feed: Feed,
    rows: NDArray[np.integer[Any]],
    *,
    machine: Machine,
    seed: int = 0,
    progress: Callable[[int], object] | None = None,
) -> Evaluation:
    """Run ``model`` over the pictures ``rows`` of ``feed``, in order.

    ``progress`` is told the number of pictures done after each batch.
    """
    objective.eval()
    generator = torch.Generator(machine.device).manual_seed(seed)
    parts: list[list[Tensor]] = []
    for x in feed.in_order(torch.from_numpy(rows), BATCH):
        with machine.autocast():
            posterior = model.encode(x)
            logits = model.logits(posterior.sample(generator))
            mean = model.decode(posterior.mu)
        terms = objective(logits, x, posterior)
        error = (mean - x).square().flatten(1).mean(1)
        parts.append([posterior.mu, posterior.logvar, error, terms.distortion, terms.rate])
        if progress:
            progress(len(x))
    objective.train()
    return Evaluation(
        *(torch.cat(column).float().cpu().numpy() for column in zip(*parts, strict=True))
    )
