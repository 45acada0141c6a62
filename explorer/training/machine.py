"""The device a run happens on and what it is good at."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch

from explorer.training.distributed import ALONE, Group
from explorer.training.errors import TrainingError
from explorer.training.settings import RunSettings


@dataclass(frozen=True)
class Machine:
    """Where tensors live and how they are multiplied.

    Attributes:
        device: ``cpu`` or ``cuda``.
        precision: ``bf16`` (autocast; the likelihood and the KL stay in float32) or ``fp32``.
        compile: Whether the step is compiled.
        title: In words, for the log.
        group: The processes that share the work.
    """

    device: torch.device
    precision: str
    compile: bool
    title: str
    group: Group = ALONE

    def autocast(self) -> AbstractContextManager[object]:
        """The context networks run in."""
        if self.precision == "fp32":
            return nullcontext()
        return torch.autocast(self.device.type, torch.bfloat16)


def find_machine(settings: RunSettings, *, group: Group = ALONE) -> Machine:
    """The machine ``settings`` ask for, "auto" resolved; each process of a group has its GPU.

    Raises:
        TrainingError: CUDA was asked for and is not there, or there are too few GPUs.
    """
    has_cuda = torch.cuda.is_available()
    if settings.device == "cuda" and not has_cuda:
        raise TrainingError(
            "device is cuda, but PyTorch sees no CUDA GPU here; choose --device cpu or install "
            "a CUDA build of PyTorch and its driver."
        )
    on_gpu = has_cuda and settings.device != "cpu"
    if settings.threads is not None:
        torch.set_num_threads(settings.threads)
    if on_gpu and group.world > 1:
        _take_gpu(group)
    if on_gpu:
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.allow_tf32 = True
    precision = settings.precision
    if precision == "auto":
        precision = "bf16" if _is_bf16_fast(on_gpu) else "fp32"
    compiled = on_gpu if settings.compile is None else settings.compile
    title = torch.cuda.get_device_name() if on_gpu else f"CPU, {torch.get_num_threads()} threads"
    if group.world > 1:
        title += f" × {group.world} processes"
    device = torch.device("cuda" if on_gpu else "cpu")
    return Machine(device, precision, compiled, title, group)


def _take_gpu(group: Group) -> None:
    found = torch.cuda.device_count()
    if group.local_rank >= found:
        raise TrainingError(
            f"process {group.local_rank + 1} of this machine finds no GPU for itself: there are "
            f"{found}; choose --nproc-per-node={found} or --device cpu."
        )
    torch.cuda.set_device(group.local_rank)


def _is_bf16_fast(on_gpu: bool) -> bool:
    # Without AVX512-BF16 or AMX, bf16 is emulated and slower than float32.
    return torch.cuda.is_bf16_supported() if on_gpu else _cpu_multiplies_bf16()


def _cpu_multiplies_bf16() -> bool:
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
