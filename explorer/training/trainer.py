"""One model, one objective, one optimiser: an epoch at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from explorer.data import TRAIN, Dataset
from explorer.training.averages import AveragedWeights
from explorer.training.errors import TrainingError
from explorer.training.feed import Feed, flipped, shuffled
from explorer.training.learning_rate import cosine_factor
from explorer.training.machine import Machine
from explorer.training.settings import RunSettings
from explorer.vae import VAE, ElboTerms, Objective, Posterior


@dataclass(frozen=True)
class StepReport:
    """What one step did, in nats per picture."""

    step: int
    num_images: int
    loss: float
    rate: float
    distortion: float
    beta: float
    learning_rate: float


class Trainer:
    """The moving parts of a run.

    All randomness is drawn from generators seeded by the run's seed and the epoch, so that an
    epoch does the same whether or not the process was restarted before it.
    """

    def __init__(
        self, settings: RunSettings, dataset: Dataset, feed: Feed, machine: Machine
    ) -> None:
        self.settings, self.machine, self.feed = settings, machine, feed
        self.group = machine.group
        self.rows = torch.from_numpy(dataset.where(TRAIN))
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(settings.seed)
            self.model = VAE(settings.model)
        self.model.to(machine.device).to(memory_format=torch.channels_last)
        average = self.group.mean if self.group.world > 1 else None
        self.objective = Objective(settings.objective, average).to(machine.device)
        self.averaged = AveragedWeights(self.model, settings.optimisation.ema_decay)
        self.optimiser = _optimiser(self.model, settings)
        self.epoch, self.step, self.seconds = 0, 0, 0.0
        self._forward = torch.compile(_forward) if machine.compile else _forward

    @property
    def steps_per_epoch(self) -> int:
        """Optimiser steps in one epoch."""
        return self.settings.optimisation.steps_per_epoch(len(self.rows))

    @property
    def batch_size(self) -> int:
        """Pictures in one step, by all processes."""
        return min(len(self.rows), self.settings.optimisation.batch_size)

    @property
    def images_per_epoch(self) -> int:
        """Pictures seen in one epoch."""
        return self.steps_per_epoch * self.batch_size

    def run_epoch(self, report: Callable[[StepReport], None]) -> None:
        """Take one epoch's steps, reporting each.

        Raises:
            TrainingError: The loss or its gradient is not finite; the weights are those before
                that step.
        """
        options, seed = self.settings.optimisation, self.settings.seed + 7919 * (self.epoch + 1)
        order = torch.Generator().manual_seed(seed)
        noise = torch.Generator(self.machine.device).manual_seed(seed)
        start = time.perf_counter()
        self.model.train()
        for number, rows in enumerate(shuffled(self.rows, options.batch_size, order)):
            x = self.feed.batch(self.group.share(rows).to(self.feed.images.device))
            x = flipped(x, order, group=self.group) if options.flip else x
            report(self._take_step(x, noise, self.epoch + number / self.steps_per_epoch))
        self.epoch += 1
        self.seconds += time.perf_counter() - start

    def state(self) -> dict[str, Any]:
        """Everything the next epoch depends on."""
        return {
            "model": self.model.state_dict(),
            "averaged": self.averaged.model.state_dict(),
            "objective": self.objective.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "epoch": self.epoch,
            "step": self.step,
            "seconds": self.seconds,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where :meth:`state` was taken.

        Raises:
            TrainingError: The state is that of another network or of other pictures.
        """
        try:
            self.model.load_state_dict(state["model"])
            self.averaged.model.load_state_dict(state["averaged"])
            self.objective.load_state_dict(state["objective"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.epoch, self.step = state["epoch"], state["step"]
            self.seconds = state["seconds"]
        except (KeyError, RuntimeError, ValueError) as error:
            raise TrainingError(
                "the saved state is not that of the network in the run's settings; resume with "
                "the version that started the run, or start it anew with --overwrite."
            ) from error
        if self.step != self.epoch * self.steps_per_epoch:
            raise TrainingError(
                f"the run took {self.step} steps in {self.epoch} epochs, but {len(self.rows)} "
                f"training pictures make {self.steps_per_epoch} steps an epoch: the pictures have "
                "changed. Put them back, or start the run anew with --overwrite."
            )

    def _take_step(self, x: Tensor, noise: torch.Generator, epoch: float) -> StepReport:
        options = self.settings.optimisation
        factor = self.settings.warmup.factor(epoch)
        rate_factor = cosine_factor(
            self.step,
            total_steps=options.epochs * self.steps_per_epoch,
            warmup_steps=options.lr_warmup_steps,
        )
        for group in self.optimiser.param_groups:
            group["lr"] = options.learning_rate * rate_factor
        num_images = len(x) * self.group.world
        epsilon = torch.randn(
            num_images, self.settings.model.latent_dim, generator=noise, device=x.device
        )
        with self.machine.autocast():
            posterior, logits = self._forward(self.model, x, self.group.share(epsilon))
        terms: ElboTerms = self.objective(logits, x, posterior)
        loss = self.objective.loss(terms, factor)
        means = self.group.mean(
            torch.stack([loss, terms.rate.mean(), terms.distortion.mean()]).detach()
        )
        self._require_finite("loss", means[0], epoch)
        # Per pixel, so that the clipping threshold means the same for every picture size.
        torch.autograd.backward(loss / self.settings.model.pixels)
        self.group.average_gradients(self.model.parameters())
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), options.grad_clip)
        self._require_finite("gradient's norm", norm, epoch)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.step += 1
        self.averaged.update(self.model, self.step)
        loss_mean, rate_mean, distortion_mean = means.tolist()
        return StepReport(
            step=self.step,
            num_images=num_images,
            loss=loss_mean,
            rate=rate_mean,
            distortion=distortion_mean,
            beta=self.settings.objective.beta * factor,
            learning_rate=options.learning_rate * rate_factor,
        )

    def _require_finite(self, name: str, value: Tensor, epoch: float) -> None:
        if torch.isfinite(value):
            return
        raise TrainingError(
            f"the {name} is {float(value)} at step {self.step + 1} (epoch {epoch:.2f}), "
            "so the run stopped before that step; start it anew with a lower --learning-rate (now "
            f"{self.settings.optimisation.learning_rate:g}), or with --precision fp32."
        )


def _forward(model: VAE, x: Tensor, epsilon: Tensor) -> tuple[Posterior, Tensor]:
    posterior = model.encode(x)
    return posterior, model.logits(posterior.shifted(epsilon))


def _optimiser(model: VAE, settings: RunSettings) -> torch.optim.AdamW:
    """AdamW with weight decay on matrices and kernels, not on biases and norms."""
    weights = list(model.parameters())
    groups = [
        {
            "params": [p for p in weights if p.ndim > 1],
            "weight_decay": settings.optimisation.weight_decay,
        },
        {"params": [p for p in weights if p.ndim <= 1], "weight_decay": 0.0},
    ]
    # beta2 = 0.99: a few thousand steps are too few to wait a thousand for the second moment.
    # Fused is one pass over the weights instead of a dozen.
    return torch.optim.AdamW(
        groups, lr=settings.optimisation.learning_rate, betas=(0.9, 0.99), fused=True
    )
