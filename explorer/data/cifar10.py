"""CIFAR-10 as torchvision keeps it (Krizhevsky 2009).

The files are pickles; torchvision compares their checksums with the known ones before it
opens them.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from explorer.data.arrays import Part, parts_listing, picture, row_of
from explorer.data.dataset import TEST, TRAIN, DataError, DataSpec, Pixels, known
from explorer.data.download import download
from explorer.data.listing import Listing
from explorer.data.store import file_fingerprint

FOLDER = "cifar-10-batches-py"
FILES = (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch", "batches.meta")
PARTS = {"train": TRAIN, "test": TEST}


def fingerprint(spec: DataSpec) -> str:
    """Changes with the files; downloads them when they are absent."""
    root: Path = known(spec.root)
    if not _is_present(root):
        download(spec.source, root)
    files = (file_fingerprint(root / FOLDER / name) for name in FILES)
    return sha256("\n".join(files).encode()).hexdigest()


def listing(spec: DataSpec, *, progress: bool) -> Listing:
    """Training pictures, then the official test pictures."""
    sets = {name: _read(known(spec.root), name) for name in PARTS}
    parts = [Part(name, PARTS[name], one.pixels, one.labels) for name, one in sets.items()]
    return parts_listing(parts, spec, label_names=sets["train"].classes)


def original(spec: DataSpec, item_id: str) -> Pixels | None:
    """One picture by its id, such as `test-00012`."""
    for part in PARTS:
        row = row_of(item_id, part=part)
        if row is not None and _is_present(known(spec.root)):
            return picture(_read(known(spec.root), part).pixels, row, spec)
    return None


class _Set:
    """One part in memory."""

    def __init__(self, root: Path, part: str) -> None:
        from torchvision import datasets

        try:
            read = datasets.CIFAR10(str(root), train=part == "train", download=False)
        except (OSError, RuntimeError) as error:
            raise DataError(
                f"CIFAR-10 in {root / FOLDER} is damaged; remove that folder to fetch it again."
            ) from error
        self.pixels: Pixels = read.data
        self.labels = np.array(read.targets)
        self.classes = tuple(map(str, read.classes))


@lru_cache(maxsize=2)
def _read(root: Path, part: str) -> _Set:
    return _Set(root, part)


def _is_present(root: Path) -> bool:
    return all((root / FOLDER / name).is_file() for name in FILES)
