"""A decoder in bfloat16: nearly the same pictures in a quarter of the time, on some processors.

Those that multiply matrices of such numbers (Intel's AMX). There it is faster than 8-bit integers
and nearer to the exact pictures: 65 dB on ``faces`` instead of 52.
"""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn


class Bfloat16(nn.Module):
    """A copy of ``decoder`` that computes in bfloat16."""

    def __init__(self, decoder: nn.Module) -> None:
        super().__init__()
        self.decoder = copy.deepcopy(decoder).bfloat16().to(memory_format=torch.channels_last)

    def forward(self, z: Tensor) -> Tensor:
        """Codes (N, D) to logits (N, C, H, W), both float32."""
        logits: Tensor = self.decoder(z.bfloat16())
        return logits.float()


def is_supported() -> bool:
    """Whether this processor has the matrix units; others take several times as long."""
    return bool(torch.cpu.get_capabilities().get("amx_bf16", False))
