"""One run on several processes, GPUs or machines, started by torchrun.

    torchrun --standalone --nproc-per-node=4 train_cli.py train --data celeba --root DIR
    torchrun --nnodes=2 --nproc-per-node=8 --rdzv-backend=c10d --rdzv-endpoint=HOST:29500 \
        train_cli.py train ...

All processes hold the same weights and draw the same numbers; each takes its share of every batch
and the gradients are averaged, so that N processes do what one would, up to the order of sums.
Rank 0 alone writes, and only the first process that stops says why. torchrun itself ends with
exit code 1 whenever a process fails, whichever code that process had.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor
from torch.distributed.rendezvous import rendezvous

from explorer.training.errors import TrainingError
from explorer.vae.config import ConfigError

# The others wait while rank 0 decodes pictures or fits UMAP; a dead process is noticed at once.
PATIENCE = timedelta(hours=12)
FAILED = "explorer/failed"


@dataclass(frozen=True)
class Group:
    """The processes of a run, seen from one of them; by default there is only this one.

    Attributes:
        rank: Number of this process, from 0.
        world: How many there are.
        local_rank: Its number on this machine.
    """

    rank: int = 0
    world: int = 1
    local_rank: int = 0

    @property
    def is_main(self) -> bool:
        """Whether this process writes and speaks."""
        return self.rank == 0

    def share(self, rows: Tensor) -> Tensor:
        """This process's part of a batch; all parts are equally long."""
        return rows[self.rank :: self.world] if self.world > 1 else rows

    def require_shares(self, batch_size: int) -> None:
        """Refuse a batch that cannot be divided equally.

        Raises:
            ConfigError: With a size that can.
        """
        rest = batch_size % self.world
        if not rest:
            return
        raise ConfigError(
            f"batch_size is {batch_size}, which {self.world} processes cannot share equally; "
            f"choose --batch-size {max(batch_size - rest, self.world)} or another number of "
            "processes."
        )

    def mean(self, value: Tensor) -> Tensor:
        """The mean of ``value`` over processes, without gradient."""
        if self.world == 1:
            return value.detach()
        total = value.detach().clone()
        self._sum_(total)
        return total / self.world

    def average_gradients(self, parameters: Iterable[Tensor]) -> None:
        """Replace each gradient by its mean over processes, all in one message."""
        if self.world == 1:
            return
        gradients = [p.grad for p in parameters if p.grad is not None]
        flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
        self._sum_(flat)
        flat /= self.world
        parts = torch.split(flat, [gradient.numel() for gradient in gradients])
        for gradient, part in zip(gradients, parts, strict=True):
            gradient.copy_(part.view(gradient.shape))

    def merge_(self, table: Tensor) -> None:
        """Fill in what other processes know of ``table``, which is 0 where this one knows nothing.

        Exact: each number has one process that knows it, and zeros are added to it.
        """
        if self.world > 1:
            self._sum_(table)

    def agree(self, state: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
        """Rank 0's state on the other processes; None where it is there already.

        It travels as :func:`torch.save` writes it and is read back unpickled: machines need not
        share a disk.
        """
        if self.world == 1:
            return None
        buffer = io.BytesIO()
        if self.is_main:
            torch.save(state(), buffer)
        received = self.from_main(buffer.getvalue)
        if self.is_main:
            return None
        loaded: dict[str, Any] = torch.load(
            io.BytesIO(received), map_location="cpu", weights_only=True
        )
        return loaded

    def from_main(self, work: Callable[[], bytes]) -> bytes:
        """What ``work`` gives on rank 0, which alone does it."""
        if self.world == 1:
            return work()
        known = np.frombuffer(work() if self.is_main else b"", np.uint8)
        length = torch.tensor([len(known)])
        self._call(dist.broadcast, length, src=0)
        data = torch.zeros(int(length), dtype=torch.uint8)
        data[: len(known)] = torch.from_numpy(known.copy())
        self._call(dist.broadcast, data, src=0)
        return data.numpy().tobytes()

    def wait(self) -> None:
        """Until all processes are here."""
        self.merge_(torch.zeros(1))

    def _sum_(self, value: Tensor) -> None:
        self._call(dist.all_reduce, value)

    def _call(self, collective: Callable[..., object], value: Tensor, **options: int) -> None:
        try:
            collective(value, **options)
        except RuntimeError as error:
            raise TrainingError(
                f"rank {self.rank} lost another process of this run, which was stopped or whose "
                "machine cannot be reached; go on with torchrun … train_cli.py resume."
            ) from error


ALONE = Group()


@contextmanager
def joined() -> Iterator[Group]:
    """The processes that torchrun started; without torchrun, this one, and nothing is set up.

    Processes other than rank 0 are mute. Of those that stop with an error only the first speaks:
    the same mistake is told once, and a lost connection not at all where its cause was told.
    """
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world == 1 or "RANK" not in os.environ:
        yield ALONE
        return
    rank = int(os.environ["RANK"])
    group = Group(rank, world, int(os.environ.get("LOCAL_RANK", "0")))
    speaking = sys.stdout, sys.stderr
    store = _connect(group)
    if not group.is_main:
        _mute()
    try:
        yield group
        group.wait()
    except BaseException:
        sys.stdout, sys.stderr = speaking
        if not _is_first(store):
            _mute()
        raise
    sys.stdout, sys.stderr = speaking
    dist.destroy_process_group()


def _connect(group: Group) -> Any:
    # A communicator is only made for the devices that are used.
    backend = "cpu:gloo,cuda:nccl" if _has_nccl() else "gloo"
    store = next(iter(rendezvous("env://", timeout=PATIENCE)))[0]
    dist.init_process_group(
        backend, store=store, rank=group.rank, world_size=group.world, timeout=PATIENCE
    )
    return store


def _has_nccl() -> bool:
    return torch.cuda.is_available() and dist.is_nccl_available()


def _is_first(store: Any) -> bool:
    try:
        return bool(store.add(FAILED, 1) == 1)
    except RuntimeError:  # whoever keeps the store is gone, and cannot have told why
        return True


def _mute() -> None:
    # Open until the process ends, which may print to the last.
    sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
