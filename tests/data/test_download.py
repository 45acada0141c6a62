from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from urllib.error import URLError

import pytest

from explorer.data.dataset import DataError, DataSpec
from explorer.data.download import download
from explorer.data.loading import load


@pytest.fixture
def torchvision(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A stand-in, so that no test opens a connection."""
    package, datasets = ModuleType("torchvision"), ModuleType("torchvision.datasets")
    package.datasets = datasets
    monkeypatch.setitem(sys.modules, "torchvision", package)
    monkeypatch.setitem(sys.modules, "torchvision.datasets", datasets)
    return datasets


def test_the_set_is_asked_for_at_the_root(tmp_path: Path, torchvision: ModuleType) -> None:
    asked = []
    torchvision.FashionMNIST = lambda root, download: asked.append((root, download))
    download("fashion-mnist", tmp_path)
    assert asked == [(str(tmp_path), True)]


@pytest.mark.parametrize("error", [URLError("no route"), RuntimeError("File not found\nmore")])
def test_no_network_is_a_sentence(
    tmp_path: Path, torchvision: ModuleType, error: Exception
) -> None:
    def fail(root: str, download: bool) -> None:
        raise error

    torchvision.MNIST = fail
    message = (
        r"mnist is not at .* cannot be downloaded: .*(no route|File not found).*\. Give --root"
    )
    with pytest.raises(DataError, match=message):
        load(DataSpec("mnist", root=tmp_path), progress=False)


def test_a_download_that_brings_nothing_is_a_sentence(
    tmp_path: Path, torchvision: ModuleType
) -> None:
    torchvision.MNIST = lambda root, download: None
    with pytest.raises(DataError, match="has no MNIST train images"):
        load(DataSpec("mnist", root=tmp_path), progress=False)
