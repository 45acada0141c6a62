"""Replacing a file so that its name always leads to a whole one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def replace_file(path: Path, blob: bytes, *, staging: Path) -> None:
    """Write a file under a hidden name, flush it to the disk, then rename it.

    Args:
        path: The file, there already or not.
        blob: What it is to hold.
        staging: A folder on the same disk for the hidden file, which a killed process leaves.

    Raises:
        OSError: The disk refuses; the file is whole then, and nothing is left behind.
    """
    hidden = staging / f".{path.name}.writing-{secrets.token_hex(4)}"
    try:
        write_through(hidden, blob)
        hidden.replace(path)
        sync_folder(path.parent)
    finally:
        hidden.unlink(missing_ok=True)


def write_through(path: Path, blob: bytes) -> None:
    """Write a file and wait until it is on the disk.

    Raises:
        OSError: The disk refuses.
    """
    with path.open("wb") as file:
        file.write(blob)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk.

    Raises:
        OSError: The disk refuses.
    """
    # Windows cannot open a folder; there the rename is as durable as it gets.
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
