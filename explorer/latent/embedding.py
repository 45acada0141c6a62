"""The UMAP fit itself: slow, imported late, one at a time."""

from __future__ import annotations

MAX_FIT = 20_000
