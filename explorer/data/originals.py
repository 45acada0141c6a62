"""The original of one item of a bundle, if its data are at hand."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from explorer.data.dataset import DataSpec, Pixels
from explorer.data.loading import source_module
from explorer.data.sources import SOURCES, resolve

FIELDS = ("source", "image_size", "channels", "crop", "seed", "shift")


def original(data: Mapping[str, Any], item_id: str, *, root: Path | None = None) -> Pixels | None:
    """One picture as it went into training.

    Procedural pictures and digits are drawn again. Others are read from `root`, or from
    `LATENT_EXPLORER_DATA/<source>`, or from `data/<source>`; nothing is downloaded.

    Args:
        data: the section `data` of a bundle's config; of it source, image_size, channels, crop,
            seed and shift are used.
        item_id: the picture's id in the bundle.
        root: folder or zip to read from.

    Returns:
        uint8 (H, W, C), or None when the picture is not there or cannot be read.
    """
    if data.get("source") not in SOURCES:
        return None
    where = _root(str(data["source"]), root)
    if where is not None and not where.exists():
        return None
    try:
        spec = resolve(
            DataSpec(root=where, **{name: data[name] for name in FIELDS if name in data})
        )
        return source_module(spec.source).original(spec, item_id)
    except Exception:  # whatever a damaged file makes a decoder raise: the app goes on without
        return None


def _root(source: str, root: Path | None) -> Path | None:
    folder = SOURCES[source].folder
    if folder is None or root is not None:
        return root
    everything = os.environ.get("LATENT_EXPLORER_DATA")
    return Path(everything or "data") / folder
