"""MNIST and Fashion-MNIST from their IDX files, packed or not.

Files that are already there are read in place, gzip included, and nothing is written; without
them torchvision downloads them.
"""

from __future__ import annotations

import gzip
import zlib
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from explorer.data.dataset import TEST, TRAIN, DataError, DataSpec, Indices, Pixels, known
from explorer.data.listing import Failure, Listing
from explorer.data.pictures import Frame, fit_array
from explorer.data.store import file_fingerprint

FOLDERS = {"mnist": "MNIST", "fashion-mnist": "FashionMNIST"}
PARTS = {"train": "train", "test": "t10k"}
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
    for part in PARTS:
        for kind in ("images", "labels"):
            digest.update(file_fingerprint(_file(spec, part, kind)).encode())
    return digest.hexdigest()


def listing(spec: DataSpec, *, progress: bool) -> Listing:
    """Training pictures, then the official test pictures."""
    pixels = [_array(spec, part, "images") for part in PARTS]
    labels = [_array(spec, part, "labels") for part in PARTS]
    ids = [f"{part}-{row:05d}" for part, block in zip(PARTS, pixels, strict=True)
           for row in range(len(block))]
    split = np.repeat(np.array([TRAIN, TEST], np.uint8), [len(block) for block in pixels])
    everything = np.concatenate(pixels)[: spec.limit]
    count = len(everything)
    return Listing(
        ids=ids[:count],
        draw=_draw(everything, frame(spec)),
        split=split[:count],
        label_names=LABELS[spec.source],
        labels=np.concatenate(labels)[:count].astype(np.int16),
    )


def original(spec: DataSpec, item_id: str) -> Pixels | None:
    """One picture by its id, such as `test-00012`."""
    part, _, row = item_id.partition("-")
    if part not in PARTS or not row.isdigit() or _present(spec, part, "images") is None:
        return None
    pixels = _array(spec, part, "images")
    return fit_array(pixels[int(row)], frame(spec)) if int(row) < len(pixels) else None


def frame(spec: DataSpec) -> Frame:
    """The whole picture."""
    return Frame(known(spec.image_size), known(spec.channels))


def read_idx(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """An array of bytes in the IDX format (yann.lecun.com/exdb/mnist), gzip or plain.

    Raises:
        DataError: for a file that is damaged or holds something else.
    """
    try:
        blob = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be unpacked: {error}. Download it again.") from error
    dimensions = blob[3] if len(blob) > 3 else 0
    start = 4 + 4 * dimensions
    shape = tuple(np.frombuffer(blob[4:start].ljust(0), ">u4").astype(int)) if dimensions else ()
    if blob[:3] != bytes([0, 0, IDX_UINT8]) or len(blob) - start != int(np.prod(shape)):
        raise DataError(f"{path} is not a whole IDX file of bytes. Download it again.")
    return np.frombuffer(blob, np.uint8, offset=start).reshape(shape)


def _draw(pixels: Pixels, shape: Frame):  # type: ignore[no-untyped-def]
    def draw(indices: Indices, out: Pixels) -> list[Failure]:
        for row, index in enumerate(indices):
            out[row] = fit_array(pixels[index], shape)
        return []

    return draw


def _array(spec: DataSpec, part: str, kind: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    path = _file(spec, part, kind)
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, mtime_ns: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return read_idx(path)


def _file(spec: DataSpec, part: str, kind: str) -> Path:
    found = _present(spec, part, kind)
    if found is None:
        _download(spec)
        found = _present(spec, part, kind)
    if found is None:
        raise DataError(f"{spec.root} has no {FOLDERS[spec.source]} {part} {kind}.")
    return found


def _present(spec: DataSpec, part: str, kind: str) -> Path | None:
    """The file, plain before packed, in torchvision's layout or loose in the root."""
    root: Path = known(spec.root)
    name = f"{PARTS[part]}-{kind}-idx{3 if kind == 'images' else 1}-ubyte"
    for folder in (root / FOLDERS[spec.source] / "raw", root / "raw", root):
        for suffix in ("", ".gz"):
            if (folder / (name + suffix)).is_file():
                return folder / (name + suffix)
    return None


def _download(spec: DataSpec) -> None:
    from torchvision import datasets

    kind = {"mnist": datasets.MNIST, "fashion-mnist": datasets.FashionMNIST}[spec.source]
    try:
        kind(str(spec.root), download=True)
    except (OSError, RuntimeError) as error:
        raise DataError(
            f"{spec.source} is not at {spec.root} and cannot be downloaded: {error}. "
            "Give --root the folder that has it, or try the source digits, which needs none."
        ) from error
