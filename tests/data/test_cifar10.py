from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from explorer.data import cifar10
from explorer.data.dataset import TEST, DataError, DataSpec
from explorer.data.loading import load
from explorer.data.sources import resolve


class Stand:
    """Stands in for torchvision's class, whose checksums only the real files pass."""

    def __init__(self, root: str, train: bool = True, download: bool = False) -> None:
        folder = Path(root) / cifar10.FOLDER
        if download:
            folder.mkdir(parents=True)
            for name in cifar10.FILES:
                (folder / name).write_bytes(b"as if")
        if any((folder / name).read_bytes() != b"as if" for name in cifar10.FILES):
            raise RuntimeError("Dataset not found or corrupted.")
        count = 50 if train else 10
        self.data = np.full((count, 32, 32, 3), 5 if train else 6, np.uint8)
        self.targets = [number % 10 for number in range(count)]
        self.classes = [f"class{number}" for number in range(10)]


@pytest.fixture(autouse=True)
def _torchvision(monkeypatch: pytest.MonkeyPatch) -> None:
    package, datasets = ModuleType("torchvision"), ModuleType("torchvision.datasets")
    package.datasets, datasets.CIFAR10 = datasets, Stand
    monkeypatch.setitem(sys.modules, "torchvision", package)
    monkeypatch.setitem(sys.modules, "torchvision.datasets", datasets)


def test_it_is_downloaded_once_and_read(tmp_path: Path) -> None:
    dataset = load(DataSpec("cifar10", root=tmp_path), progress=False)
    assert dataset.images.shape == (60, 32, 32, 3)
    assert dataset.label_names[3] == "class3"
    assert (dataset.split[50:] == TEST).all()
    assert (dataset.images[50:] == 6).all()
    (tmp_path / cifar10.FOLDER / "test_batch").write_bytes(b"as if")
    load(DataSpec("cifar10", root=tmp_path), progress=False)  # would fail to make the folder


def test_originals_come_from_either_part(tmp_path: Path) -> None:
    spec = resolve(DataSpec("cifar10", root=tmp_path))
    assert cifar10.original(spec, "test-00003") is None
    Stand(str(tmp_path), download=True)
    assert (cifar10.original(spec, "test-00003") == 6).all()
    assert cifar10.original(spec, "test-00010") is None
    assert cifar10.original(spec, "other") is None


def test_damaged_files_are_named(tmp_path: Path) -> None:
    Stand(str(tmp_path), download=True)
    (tmp_path / cifar10.FOLDER / "test_batch").write_bytes(b"evil")
    with pytest.raises(DataError, match=r"CIFAR-10 in .*batches-py is damaged; remove that"):
        load(DataSpec("cifar10", root=tmp_path), progress=False)
