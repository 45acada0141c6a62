from __future__ import annotations

import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from explorer.data import mnist
from explorer.data.dataset import TEST, TRAIN, VALID, DataError, DataSpec
from explorer.data.loading import load
from explorer.data.sources import resolve

LAYOUTS = {"torchvision": "MNIST/raw", "raw": "raw", "loose": "."}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("packed", [True, False], ids=["gz", "plain"])
def test_files_are_read_where_they_are(
    tmp_path: Path, layout: str, packed: bool, make_mnist
) -> None:
    root = tmp_path / "data"
    folder = make_mnist(root / layout, packed=packed)
    before = sorted(folder.iterdir())
    dataset = load(DataSpec("mnist", root=root), progress=False)
    assert dataset.images.shape == (50, 28, 28, 1)
    assert dataset.images[:, 0, 0, 0].tolist() == [*range(40), *range(10)]
    assert dataset.labels.tolist() == [number % 10 for number in [*range(40), *range(10)]]
    assert dataset.ids[[0, 39, 40]].tolist() == ["train-00000", "train-00039", "test-00000"]
    assert (dataset.split[40:] == TEST).all()
    assert set(dataset.split[:40]) == {TRAIN, VALID}
    assert sorted(folder.iterdir()) == before


def test_fashion_has_its_own_folder_and_names(tmp_path: Path, make_mnist) -> None:
    make_mnist(tmp_path / "FashionMNIST" / "raw")
    dataset = load(DataSpec("fashion-mnist", root=tmp_path, image_size=32), progress=False)
    assert dataset.images.shape == (50, 32, 32, 1)
    assert dataset.label_names[9] == "Ankle boot"


def test_originals_come_from_either_part(tmp_path: Path, make_mnist) -> None:
    make_mnist(tmp_path / "MNIST" / "raw")
    spec = resolve(DataSpec("mnist", root=tmp_path))
    assert mnist.original(spec, "train-00033")[0, 0, 0] == 33
    assert mnist.original(spec, "test-00003")[0, 0, 0] == 3
    assert mnist.original(spec, "test-00010") is None
    assert mnist.original(spec, "valid-00001") is None


def test_no_original_and_no_download_without_files(tmp_path: Path) -> None:
    assert mnist.original(resolve(DataSpec("mnist", root=tmp_path)), "test-00003") is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("blob", "message"),
    [
        (b"", "is not a whole IDX file"),
        (bytes([0, 0, 8]), "is not a whole IDX file"),
        (bytes([0, 0, 8, 1, 0, 0]), "is not a whole IDX file"),
        (bytes([0, 0, 8, 1, 0, 0, 0, 4, 1, 2, 3]), "is not a whole IDX file"),
        (bytes([0, 0, 13, 1, 0, 0, 0, 1, 1]), "is not a whole IDX file"),
    ],
)
def test_damaged_files_are_named(tmp_path: Path, blob: bytes, message: str) -> None:
    (tmp_path / "x-ubyte").write_bytes(blob)
    with pytest.raises(DataError, match=f"x-ubyte {message}"):
        mnist.read_idx(tmp_path / "x-ubyte")


def test_a_known_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.gz").write_bytes(
        gzip.compress(bytes([0, 0, 8, 2, *[0, 0, 0, 2] * 2, *b"abcd"]))
    )
    assert mnist.read_idx(tmp_path / "x.gz").tolist() == [[97, 98], [99, 100]]


def test_a_truncated_archive_is_named(tmp_path: Path, make_mnist) -> None:
    folder = make_mnist(tmp_path / "MNIST" / "raw")
    os.truncate(folder / "train-images-idx3-ubyte.gz", 100)
    with pytest.raises(DataError, match=r"train-images-idx3-ubyte\.gz cannot be unpacked"):
        load(DataSpec("mnist", root=tmp_path), progress=False)


def test_files_that_do_not_belong_together_are_named(tmp_path: Path, make_mnist) -> None:
    folder = make_mnist(tmp_path / "MNIST" / "raw")
    (folder / "t10k-labels-idx1-ubyte.gz").replace(folder / "train-labels-idx1-ubyte.gz")
    (folder / "t10k-labels-idx1-ubyte").write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 10]) + bytes(10))
    with pytest.raises(DataError, match=r"train files of mnist .* do not go together"):
        load(DataSpec("mnist", root=tmp_path), progress=False)


def test_grey_can_be_colour(tmp_path: Path, make_mnist) -> None:
    make_mnist(tmp_path / "MNIST" / "raw")
    dataset = load(DataSpec("mnist", root=tmp_path, channels=3), progress=False)
    assert dataset.images.shape == (50, 28, 28, 3)
    assert np.array_equal(dataset.images[..., 0], dataset.images[..., 2])
