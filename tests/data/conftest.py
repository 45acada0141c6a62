from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

CELEBA_ATTRIBUTES = ("Eyeglasses", "Male", "Smiling")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("LATENT_EXPLORER_DATA", raising=False)
    yield
    from explorer.data import cifar10, mnist, store

    for remembered in (cifar10._read, mnist._read, store._zip_store):
        remembered.cache_clear()


@pytest.fixture
def make_pictures() -> Callable[..., list[str]]:
    """Writes plain pictures whose red level is ten times their number."""

    def make(folder: Path, count: int, *, size: tuple[int, int] = (40, 30), suffix: str = "png"):
        folder.mkdir(parents=True, exist_ok=True)
        names = [f"{number:03d}.{suffix}" for number in range(count)]
        for number, name in enumerate(names):
            Image.new("RGB", size, (number * 10 % 256, 100, 50)).save(folder / name)
        return names

    return make


@pytest.fixture
def make_zip() -> Callable[[Path, Path], Path]:
    """Packs a folder's content into a zip."""

    def make(folder: Path, archive: Path) -> Path:
        with zipfile.ZipFile(archive, "w") as packed:
            for file in sorted(folder.rglob("*")):
                if file.is_file():
                    packed.write(file, file.relative_to(folder).as_posix())
        return archive

    return make


@pytest.fixture
def make_celeba() -> Callable[..., Path]:
    """Writes a small CelebA: 20 pictures; number n smiles when odd; the last 4 are held out."""

    def make(
        root: Path, *, pictures: str = "img_align_celeba", table: str = "txt", half: bool = False
    ) -> Path:
        folder = root / pictures
        folder.mkdir(parents=True)
        scale = 2 if half else 1
        names = [f"{number:06d}.jpg" for number in range(1, 21)]
        for number, name in enumerate(names, start=1):
            crossed = np.full((218 // scale, 178 // scale, 3), 10 * number, np.uint8)
            Image.fromarray(crossed).save(folder / name, quality=95)
        values = [(-1, 1, 1 if number % 2 else -1) for number in range(1, 21)]
        parts = [0] * 16 + [1, 1, 2, 2]
        write = _write_text if table == "txt" else _write_csv
        write(root, names, values, parts)
        return root

    return make


@pytest.fixture
def make_mnist() -> Callable[..., Path]:
    """Writes MNIST's four files: 40 training and 10 test pictures, packed or plain."""

    def make(folder: Path, *, packed: bool = True) -> Path:
        folder.mkdir(parents=True)
        for part, count in (("train", 40), ("t10k", 10)):
            pixels = np.zeros((count, 28, 28), np.uint8)
            pixels[:, 0, 0] = np.arange(count)
            labels = np.arange(count, dtype=np.uint8) % 10
            _write_idx(folder / f"{part}-images-idx3-ubyte", pixels, packed=packed)
            _write_idx(folder / f"{part}-labels-idx1-ubyte", labels, packed=packed)
        return folder

    return make


def _write_text(root: Path, names: list[str], values: list[tuple[int, ...]], parts: list[int]):
    rows = [
        f"{n} " + " ".join(f"{v:2d}" for v in row) for n, row in zip(names, values, strict=True)
    ]
    head = [str(len(names)), " ".join(CELEBA_ATTRIBUTES) + " "]
    (root / "list_attr_celeba.txt").write_text("\n".join(head + rows) + "\n")
    lines = [f"{name} {part}\n" for name, part in zip(names, parts, strict=True)]
    (root / "list_eval_partition.txt").write_text("".join(lines))


def _write_csv(root: Path, names: list[str], values: list[tuple[int, ...]], parts: list[int]):
    rows = [f"{n}," + ",".join(map(str, row)) for n, row in zip(names, values, strict=True)]
    head = ",".join(("image_id", *CELEBA_ATTRIBUTES))
    (root / "list_attr_celeba.csv").write_text("\n".join([head, *rows]) + "\n")
    lines = [f"{name},{part}\n" for name, part in zip(names, parts, strict=True)]
    (root / "list_eval_partition.csv").write_text("image_id,partition\n" + "".join(lines))


def _write_idx(path: Path, values: np.ndarray, *, packed: bool) -> None:
    head = bytes([0, 0, 8, values.ndim]) + np.array(values.shape, ">u4").tobytes()
    blob = head + values.tobytes()
    if packed:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(blob))
    else:
        path.write_bytes(blob)
