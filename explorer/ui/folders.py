"""Where the app looks for bundles."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "LATENT_EXPLORER_BUNDLES"
LAB = "lab"  # the shelf of the small models that the lab shows
DEFAULT_FOLDERS = ("pretrained", f"pretrained/{LAB}", "checkpoints")
ROOT = Path(__file__).resolve().parents[2]


def bundle_folders(environ: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Folders that hold bundles: those shipped, those of the lab and those trained here.

    ``LATENT_EXPLORER_BUNDLES`` (paths joined as in ``PATH``) replaces them all.
    """
    given = [part for part in environ.get(VARIABLE, "").split(os.pathsep) if part]
    if given:
        return tuple(Path(part).expanduser() for part in given)
    return tuple(ROOT / name for name in DEFAULT_FOLDERS)
