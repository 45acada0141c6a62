"""The learning rate over a run."""

from __future__ import annotations

import math


def cosine_factor(step: int, *, total_steps: int, warmup_steps: int) -> float:
    """Factor on the peak rate at ``step`` (from 0): linear warm-up, half cosine to 0.

    Loshchilov & Hutter 2017 (SGDR), eq. 5, one cycle. A warm-up is at most a tenth of the run.
    """
    warmup = min(warmup_steps, total_steps // 10)
    if step < warmup:
        return (step + 1) / warmup
    progress = (step - warmup) / max(1, total_steps - warmup)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
