"""Pictures to the network: uint8 in memory or on the GPU, float32 only batch by batch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.data import Dataset
from explorer.training.distributed import ALONE, Group


@dataclass(frozen=True, eq=False)
class Feed:
    """All pictures of a data set, uint8 (N, H, W, C) on one device."""

    images: Tensor

    def batch(self, rows: Tensor) -> Tensor:
        """Pictures as float32 (n, C, H, W) in [0, 1], channels last in memory."""
        return self.images[rows].permute(0, 3, 1, 2).float().div_(255)


def feed_of(dataset: Dataset, device: torch.device) -> Feed:
    """Copy a data set's pictures to ``device`` once; 200,000 faces of 64 pixels take 2.5 GB."""
    return Feed(torch.from_numpy(np.array(dataset.images)).to(device))


def shuffled(rows: Tensor, batch_size: int, generator: torch.Generator) -> list[Tensor]:
    """``rows`` in random order, cut into full batches; a smaller rest is left out this epoch."""
    order = rows[torch.randperm(len(rows), generator=generator)]
    if len(order) < batch_size:
        return [order]
    whole = order[: len(order) // batch_size * batch_size]
    return list(torch.split(whole, batch_size))


def flipped(x: Tensor, generator: torch.Generator, *, group: Group = ALONE) -> Tensor:
    """Each picture (N, C, H, W) mirrored left to right with probability 1/2.

    ``x`` is this process's share of the group's; all draw the numbers of the whole.
    """
    is_flipped = group.share(torch.rand(len(x) * group.world, generator=generator)) < 0.5
    mirrored = torch.where(is_flipped.to(x.device)[:, None, None, None], x.flip(3), x)
    return mirrored.contiguous(memory_format=torch.channels_last)
