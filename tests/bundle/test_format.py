from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from explorer.bundle import FILES, BundleError
from explorer.bundle.format import config_text, read_config, require_files
from tests.bundles import Tiny, make_config

Values = dict[str, Any]


def in_section(section: str, key: str, value: object) -> Callable[[Values], object]:
    return lambda values: values[section].update({key: value})


def edited(tiny_bundle: Path, folder: Path, edit: Callable[[Values], object]) -> Path:
    values = json.loads((tiny_bundle / "config.json").read_text())
    edit(values)
    (folder / "config.json").write_text(json.dumps(values))
    return folder


def test_a_config_comes_back_equal(tmp_path: Path) -> None:
    config = replace(make_config(Tiny()), weights_sha256="a" * 64)
    (tmp_path / "config.json").write_text(config_text(config))
    assert read_config(tmp_path) == config


def test_format_version_stands_first() -> None:
    assert config_text(make_config(Tiny())).startswith('{\n  "format_version": 1,')


def test_a_config_of_wrong_types_is_not_written() -> None:
    config = make_config(Tiny())
    wrong = replace(config, training=replace(config.training, epochs=2.5))
    with pytest.raises(BundleError, match=r"cannot be written: training\.epochs is 2\.5"):
        config_text(wrong)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            lambda values: values.update(format_version=2),
            r"config\.json: format_version is 2, this Latent Explorer reads up to 1; update it",
        ),
        (
            # A newer file's other differences must not hide its version.
            lambda values: values.update(format_version=2, novelty=1),
            "format_version is 2",
        ),
        (lambda values: values.update(format_version="1"), "format_version is '1'; a whole"),
        (lambda values: values.pop("format_version"), "format_version is None; a whole number"),
        (in_section("objective", "betta", 1), r"objective\.betta is not a known key.*Remove it"),
        (lambda values: values["data"].pop("source"), r"data\.source is missing; restore"),
        (in_section("model", "latent_dim", "8"), r"model\.latent_dim is '8'; a whole number"),
        (in_section("model", "latent_dim", 0), r"model\.latent_dim is 0; choose a whole number"),
        (in_section("model", "image_size", 50), r"model\.image_size is 50; choose one of 28"),
        (in_section("model", "architecture", "gan"), r"model\.architecture is 'gan'; choose"),
        (in_section("objective", "beta", -1), r"objective\.beta is -1\.0; 0 or more"),
        (in_section("data", "num_images", 7), r"data\.split_sizes add up to 300, num_images is 7"),
        (in_section("data", "image_size", 64), r"model\.image_size is 32, data\.image_size is 64"),
        (lambda values: values.update(weights_sha256=""), "weights_sha256 is ''; the 64 hexa"),
        (lambda values: values.update(results=[]), "results is .*; an object of keys and values"),
    ],
)
def test_a_wrong_config_names_file_and_field(
    tiny_bundle: Path, tmp_path: Path, edit: Callable[[Values], object], message: str
) -> None:
    folder = edited(tiny_bundle, tmp_path, edit)
    with pytest.raises(BundleError, match=message) as caught:
        read_config(folder)
    assert str(caught.value).startswith(f"{folder / 'config.json'}: ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"not valid JSON \(Expecting value: line 1.*restore the file"),
        (b'{"format_version": 1,', "not valid JSON"),
        (b"\xff\xfe", "not valid JSON"),
        (b"[]", "an object of keys and values is needed"),
    ],
)
def test_a_config_that_is_no_json(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "config.json").write_bytes(content)
    with pytest.raises(BundleError, match=message):
        read_config(tmp_path)


@pytest.mark.parametrize("name", [name for name in FILES if name != "config.json"])
def test_a_missing_file_is_named(tiny_bundle: Path, tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(tiny_bundle, tmp_path / "b")
    (folder / name).unlink()
    with pytest.raises(BundleError, match=rf"b: {name} is missing; restore the whole folder"):
        require_files(folder)


def test_two_missing_files_are_both_named(tiny_bundle: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_bundle, tmp_path / "b")
    (folder / "items.parquet").unlink()
    (folder / "README.md").unlink()
    with pytest.raises(BundleError, match=r"items\.parquet, README\.md are missing"):
        require_files(folder)


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="nowhere: no such folder; give the folder of a bundle"):
        require_files(tmp_path / "nowhere")


def test_a_folder_without_config(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"not a bundle: config\.json is missing"):
        require_files(tmp_path)


def test_a_run_in_progress(tmp_path: Path) -> None:
    (tmp_path / ".resume").mkdir()
    with pytest.raises(BundleError, match=r"a run in progress .*train_cli\.py resume"):
        require_files(tmp_path)
