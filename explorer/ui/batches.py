"""Decoding a sheet of pictures on all cores."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from explorer.bundle import Bundle

PART = 16  # pictures a thread takes at a time; fewer cost more each


def decode_many(bundle: Bundle, codes: np.ndarray) -> NDArray[np.uint8]:
    """Codes (N, D) to pictures uint8 (N, H, W, C), quick ones, on all cores.

    They may be a grey level off, see :meth:`~explorer.bundle.Bundle.decode`. The app computes
    each picture on one thread, as several visitors share the cores; a sheet that one visitor
    waits for may take all that are free.
    """
    decode = partial(bundle.decode, quick=True)
    parts = [codes[start : start + PART] for start in range(0, len(codes), PART)]
    if len(parts) < 2:
        return decode(codes)
    return np.concatenate(list(_pool().map(decode, parts)))


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="decode")
