"""Training a judge on pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.data import TRAIN, Dataset
from explorer.training.errors import TrainingError
from explorer.training.feed import feed_of, shuffled
from explorer.training.judge_network import JudgeNetwork, judge_loss, varied
from explorer.training.learning_rate import cosine_factor
from explorer.training.progress import counting

WARMUP_STEPS = 200


@dataclass(frozen=True)
class JudgeSettings:
    """How a judge is trained; the default takes minutes on one core, whatever the data.

    Attributes:
        mirror: Whether a mirrored picture is as good, which it is of faces and not of digits.
        steps: Optimiser steps.
        batch_size: Pictures in each.
        learning_rate: Peak, of AdamW.
        weight_decay: Of AdamW.
        seed: Of weights, order and variation.
    """

    mirror: bool
    steps: int = 2000
    batch_size: int = 64
    learning_rate: float = 4e-3
    weight_decay: float = 0.05
    seed: int = 0


def train_judge(dataset: Dataset, settings: JudgeSettings) -> JudgeNetwork:
    """A network trained on the training split; equal on one machine for equal settings.

    Raises:
        TrainingError: There is no training picture.
    """
    rows = torch.from_numpy(dataset.where(TRAIN))
    if not len(rows):
        raise TrainingError(f"{dataset.spec.source} has no training pictures for a judge.")
    # Dropout and the first weights draw from the global generator.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        network = judge_network(dataset)
        _take_steps(network, dataset, rows, settings)
    return network


def judge_network(dataset: Dataset) -> JudgeNetwork:
    """An untrained network for these pictures, attributes and classes."""
    network = JudgeNetwork(
        image_size=dataset.image_size,
        channels=dataset.channels,
        outputs=len(dataset.attribute_names) + len(dataset.label_names),
    )
    return network.to(memory_format=torch.channels_last)


def _take_steps(
    network: JudgeNetwork, dataset: Dataset, rows: Tensor, settings: JudgeSettings
) -> None:
    feed = feed_of(dataset, torch.device("cpu"))
    attributes = torch.from_numpy(dataset.attributes)
    labels = torch.from_numpy(dataset.labels)
    generator = torch.Generator().manual_seed(settings.seed)
    optimiser = torch.optim.AdamW(
        network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: cosine_factor(step, total_steps=settings.steps, warmup_steps=WARMUP_STEPS),
    )
    network.train()
    batches = _batches(rows, settings, generator)
    with counting(settings.steps * settings.batch_size, "training the judge") as done:
        for _ in range(settings.steps):
            batch = next(batches)
            x = varied(feed.batch(batch), generator, mirror=settings.mirror)
            loss = judge_loss(network(x), attributes[batch], labels[batch])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            done(settings.batch_size)


def _batches(
    rows: Tensor, settings: JudgeSettings, generator: torch.Generator
) -> Iterator[Tensor]:
    """Epoch after epoch, without end."""
    while True:
        yield from shuffled(rows, settings.batch_size, generator)
