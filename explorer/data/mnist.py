"""MNIST and Fashion-MNIST from their IDX files, packed or not.

Files that are already there are read in place, gzip included, and nothing is written; without
them torchvision downloads them.
"""

from __future__ import annotations

import gzip
import math
import zlib
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from explorer.data.arrays import Part, parts_listing, picture, row_of
from explorer.data.dataset import TEST, TRAIN, DataError, DataSpec, Pixels, known
from explorer.data.download import download
from explorer.data.listing import Listing
from explorer.data.store import file_fingerprint

Bytes = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]

FOLDERS = {"mnist": "MNIST", "fashion-mnist": "FashionMNIST"}
FILES = {"train": "train", "test": "t10k"}
SPLITS = {"train": TRAIN, "test": TEST}
LABELS = {
    "mnist": tuple("0123456789"),
    "fashion-mnist": (
        "T-shirt",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
}
IDX_UINT8 = 0x08


def fingerprint(spec: DataSpec) -> str:
    """Changes with the four files; downloads them when they are absent."""
    digest = sha256()
    for part in FILES:
        for kind in ("images", "labels"):
            digest.update(file_fingerprint(_file(spec, part, kind)).encode())
    return digest.hexdigest()


def listing(spec: DataSpec, *, progress: bool) -> Listing:
    """Training pictures, then the official test pictures."""
    parts = [
        Part(name, split, _array(spec, name, "images"), _array(spec, name, "labels"))
        for name, split in SPLITS.items()
    ]
    for part in parts:
        if part.pixels.ndim != 3 or part.labels.shape != part.pixels.shape[:1]:
            raise DataError(
                f"The {part.name} files of {spec.source} in {spec.root} do not go together: "
                f"pictures {part.pixels.shape}, labels {part.labels.shape}. Download them again."
            )
    return parts_listing(parts, spec, label_names=LABELS[spec.source])


def original(spec: DataSpec, item_id: str) -> Pixels | None:
    """One picture by its id, such as `test-00012`."""
    for part in SPLITS:
        row = row_of(item_id, part=part)
        if row is not None and _present(spec, part, "images") is not None:
            return picture(_array(spec, part, "images"), row, spec)
    return None


def read_idx(path: Path) -> Bytes:
    """An array of bytes in the IDX format (yann.lecun.com/exdb/mnist), gzip or plain.

    Raises:
        DataError: for a file that is damaged or holds something else.
    """
    try:
        blob = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be unpacked: {error}. Download it again.") from error
    dimensions = blob[3] if blob[:3] == bytes([0, 0, IDX_UINT8]) and len(blob) > 3 else 0
    header = blob[4 : 4 + 4 * dimensions]
    is_bytes = len(header) == 4 * dimensions
    shape = tuple(np.frombuffer(header, ">u4").tolist()) if is_bytes else ()
    if not shape or len(blob) - 4 - len(header) != math.prod(shape):
        raise DataError(f"{path} is not a whole IDX file of bytes. Download it again.")
    return np.frombuffer(blob, np.uint8, offset=4 + len(header)).reshape(shape)


def _array(spec: DataSpec, part: str, kind: str) -> Bytes:
    path = _file(spec, part, kind)
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, mtime_ns: int) -> Bytes:
    return read_idx(path)


def _file(spec: DataSpec, part: str, kind: str) -> Path:
    found = _present(spec, part, kind)
    if found is None:
        download(spec.source, known(spec.root))
        found = _present(spec, part, kind)
    if found is None:
        raise DataError(f"{spec.root} has no {FOLDERS[spec.source]} {part} {kind}.")
    return found


def _present(spec: DataSpec, part: str, kind: str) -> Path | None:
    """The file, plain before packed, in torchvision's layout or loose in the root."""
    root: Path = known(spec.root)
    name = f"{FILES[part]}-{kind}-idx{3 if kind == 'images' else 1}-ubyte"
    for folder in (root / FOLDERS[spec.source] / "raw", root / "raw", root):
        for suffix in ("", ".gz"):
            if (folder / (name + suffix)).is_file():
                return folder / (name + suffix)
    return None
