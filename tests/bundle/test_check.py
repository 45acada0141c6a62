from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from explorer.bundle import BundleError, Config, check
from explorer.bundle.check import check_bundle, checked
from tests.bundles import make_bundle

DERIVED = (
    "latents.safetensors",
    "maps.safetensors",
    "directions.safetensors",
    "samplers.safetensors",
    "items.parquet",
)


@pytest.fixture
def copy(tiny_bundle: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tiny_bundle, tmp_path / "copy")


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_bundle(tmp_path_factory.mktemp("foreign") / "b", seed=1)


def test_a_good_bundle_gives_its_config(tiny_bundle: Path) -> None:
    assert check_bundle(tiny_bundle).name == "tiny"


def test_the_wrong_weights(copy: Path, foreign: Path) -> None:
    shutil.copy(foreign / "model.safetensors", copy)
    with pytest.raises(
        BundleError, match=r"model\.safetensors: sha256 is .*config\.json's weights_sha256 says"
    ):
        check_bundle(copy)


def test_one_changed_bit_of_the_weights(copy: Path) -> None:
    content = bytearray((copy / "model.safetensors").read_bytes())
    content[-100] ^= 1
    (copy / "model.safetensors").write_bytes(content)
    with pytest.raises(BundleError, match="not the weights the bundle was made with"):
        check_bundle(copy)


@pytest.mark.parametrize("name", [*DERIVED, "model.safetensors"])
def test_a_truncated_file(copy: Path, name: str) -> None:
    content = (copy / name).read_bytes()
    (copy / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(BundleError, match=f"{name}: truncated or damaged .*restore the file"):
        check_bundle(copy)


@pytest.mark.parametrize("name", DERIVED)
def test_a_derived_file_of_other_weights(copy: Path, foreign: Path, name: str) -> None:
    shutil.copy(foreign / name, copy)
    with pytest.raises(BundleError, match=f"{name}: computed with other weights .*stale or forei"):
        check_bundle(copy)


def without(name: str) -> Callable[[dict[str, np.ndarray]], object]:
    return lambda arrays: arrays.pop(name)


def shortened(name: str) -> Callable[[dict[str, np.ndarray]], object]:
    return lambda arrays: arrays.update({name: arrays[name][1:]})


@pytest.mark.parametrize(
    ("name", "edit", "message"),
    [
        ("latents", without("logvar"), "the array 'logvar' is missing"),
        ("latents", shortened("mu"), r"'mu' has shape \(299, 8\), .* say \(300, 8\)"),
        ("maps", shortened("umap.xy"), r"'umap\.xy' has shape \(299, 2\)"),
        ("maps", without("pca.xy"), r"the array 'pca\.xy' is missing"),
        ("samplers", without("prior.std"), r"the array 'prior\.std' is missing"),
        ("directions", without("meta"), "the array 'meta' is missing"),
    ],
)
def test_arrays_that_do_not_fit(
    copy: Path, name: str, edit: Callable[[dict[str, np.ndarray]], object], message: str
) -> None:
    path = copy / f"{name}.safetensors"
    sha256 = check_bundle(copy).weights_sha256
    arrays = load_file(path)
    edit(arrays)
    save_file(arrays, path, metadata={"weights_sha256": sha256})
    with pytest.raises(BundleError, match=rf"{name}\.safetensors: {message}"):
        check_bundle(copy)


def test_only_what_changed_is_checked_again(
    tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_into: list[Path] = []

    def counted(folder: Path) -> Config:
        looked_into.append(folder)
        return check_bundle(folder)

    monkeypatch.setattr(check, "check_bundle", counted)
    one, two = (Path(shutil.copytree(tiny_bundle, tmp_path / name)) for name in ("one", "two"))
    for _ in range(2):
        assert checked(one) == checked(two) == check_bundle(tiny_bundle)
    assert looked_into == [one, two]
    content = (one / "maps.safetensors").read_bytes()
    (one / "maps.safetensors").write_bytes(content[:100])
    for _ in range(2):
        with pytest.raises(BundleError, match=r"maps\.safetensors: truncated"):
            checked(one)
    checked(two)
    assert looked_into == [one, two, one, one]
    (one / "maps.safetensors").write_bytes(content)
    assert checked(one) == checked(two)
