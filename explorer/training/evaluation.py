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

    The processes of the machine's group take turns with the batches, and all return the whole:
    the very numbers that one process finds, as batches and noise are the same.

    ``progress`` is told the number of pictures done after each batch.
    """
    objective.eval()
    dim, device, group = model.config.latent_dim, machine.device, machine.group
    generator = torch.Generator(device).manual_seed(seed)
    columns = [
        torch.zeros(len(rows), *shape, device=device) for shape in ((dim,),) * 2 + ((),) * 3
    ]
    for number, chunk in enumerate(torch.split(torch.from_numpy(rows), BATCH)):
        noise = torch.randn(len(chunk), dim, generator=generator, device=device)
        if number % group.world == group.rank:
            found = _measure(model, objective, feed.batch(chunk), noise, machine=machine)
            for column, part in zip(columns, found, strict=True):
                column[number * BATCH :][: len(chunk)] = part
        if progress:
            progress(len(chunk))
    objective.train()
    for column in columns:
        group.merge_(column)
    return Evaluation(*(column.cpu().numpy() for column in columns))


def _measure(
    model: VAE, objective: Objective, x: Tensor, noise: Tensor, *, machine: Machine
) -> list[Tensor]:
    """The columns of an :class:`Evaluation` for one batch."""
    with machine.autocast():
        posterior = model.encode(x)
        logits = model.logits(posterior.shifted(noise))
        mean = model.decode(posterior.mu)
    terms = objective(logits, x, posterior)
    error = (mean - x).square().flatten(1).mean(1)
    return [posterior.mu, posterior.logvar, error, terms.distortion, terms.rate]
