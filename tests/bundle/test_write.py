from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import explorer
from explorer.bundle import (
    FILES,
    BundleContents,
    BundleError,
    update_directions,
    write_bundle,
)
from explorer.latent import Cloud
from tests.bundles import make_contents, make_effects

CONTRACT = {
    "config.json",
    "model.safetensors",
    "latents.safetensors",
    "items.parquet",
    "maps.safetensors",
    "directions.safetensors",
    "samplers.safetensors",
    "metrics.jsonl",
    "preview.webp",
    "README.md",
}


@pytest.fixture(scope="module")
def contents() -> BundleContents:
    return make_contents()


@pytest.fixture(scope="module")
def others() -> BundleContents:
    return make_contents(seed=1, name="other")


def content_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def fail_at(number: int) -> Callable[[int], None]:
    """An fsync that finds the disk full at its n-th call."""
    calls = iter(range(1, 100))

    def fsync(_: int) -> None:
        if next(calls) == number:
            raise OSError(errno.ENOSPC, "No space left on device")

    return fsync


def test_exactly_the_files_of_the_contract(contents: BundleContents, tmp_path: Path) -> None:
    folder = write_bundle(tmp_path / "deep" / "er" / "b", contents)
    assert {path.name for path in folder.iterdir()} == CONTRACT == set(FILES)
    assert [path.name for path in folder.parent.iterdir()] == ["b"]


def test_config_comes_last() -> None:
    assert FILES[-1] == "config.json"


def test_equal_contents_give_equal_files(contents: BundleContents, tmp_path: Path) -> None:
    first = write_bundle(tmp_path / "a", contents)
    second = write_bundle(tmp_path / "b", make_contents())
    assert content_of(first) == content_of(second)


def test_nothing_is_pickled(contents: BundleContents, tmp_path: Path) -> None:
    for content in content_of(write_bundle(tmp_path / "b", contents)).values():
        assert not content.startswith((b"\x80", b"PK"))


def test_the_preview_can_be_looked_at(contents: BundleContents, tmp_path: Path) -> None:
    with Image.open(write_bundle(tmp_path / "b", contents) / "preview.webp") as image:
        assert (image.format, image.size) == ("WEBP", (96, 64))


def test_a_grey_preview(contents: BundleContents, tmp_path: Path) -> None:
    grey = replace(contents, preview=np.zeros((32, 48, 1), np.uint8))
    with Image.open(write_bundle(tmp_path / "b", grey) / "preview.webp") as image:
        assert image.size == (48, 32)


def test_float16_halves_the_weights(contents: BundleContents, tmp_path: Path) -> None:
    half = write_bundle(tmp_path / "half", contents) / "model.safetensors"
    full = write_bundle(tmp_path / "full", contents, weights_dtype="float32")
    assert half.stat().st_size < 0.55 * (full / "model.safetensors").stat().st_size
    z = contents.mu[:4]
    images = [explorer.load(tmp_path / name).decode(z).astype(int) for name in ("half", "full")]
    assert np.abs(images[0] - images[1]).max() <= 3


def test_a_bundle_is_not_overwritten_unasked(
    contents: BundleContents, others: BundleContents, tmp_path: Path
) -> None:
    folder = write_bundle(tmp_path / "b", contents)
    before = content_of(folder)
    with pytest.raises(BundleError, match="b: a bundle is there already; choose another name"):
        write_bundle(folder, others)
    assert content_of(folder) == before


def test_overwriting_leaves_only_the_new(
    contents: BundleContents, others: BundleContents, tmp_path: Path
) -> None:
    folder = write_bundle(tmp_path / "b", contents)
    write_bundle(folder, others, overwrite=True)
    assert explorer.load(folder).name == "other"
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


@pytest.mark.parametrize("number", [1, 5, len(FILES), len(FILES) + 1])
def test_a_full_disk_leaves_nothing(
    contents: BundleContents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(os, "fsync", fail_at(number))
    with pytest.raises(
        BundleError, match=r"b: the bundle cannot be written \(No space left on device\); free"
    ):
        write_bundle(tmp_path / "b", contents)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [1, 5, len(FILES) + 1])
def test_a_full_disk_leaves_the_old_bundle(
    contents: BundleContents,
    others: BundleContents,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
) -> None:
    folder = write_bundle(tmp_path / "b", contents)
    before = content_of(folder)
    monkeypatch.setattr(os, "fsync", fail_at(number))
    with pytest.raises(BundleError, match="No space left on device"):
        write_bundle(folder, others, overwrite=True)
    assert content_of(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_a_swap_that_fails_puts_the_old_bundle_back(
    contents: BundleContents,
    others: BundleContents,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = write_bundle(tmp_path / "b", contents)
    before = content_of(folder)
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if ".writing-" in self.name:
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(BundleError, match=r"cannot be written \(Input/output error\)"):
        write_bundle(folder, others, overwrite=True)
    assert content_of(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_a_killed_writer_leaves_no_bundle(
    contents: BundleContents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        write_bundle(tmp_path / "b", contents)
    assert list(tmp_path.iterdir()) == []


def test_a_run_in_progress_becomes_a_bundle(contents: BundleContents, tmp_path: Path) -> None:
    run = tmp_path / "run"
    (run / ".resume").mkdir(parents=True)
    (run / ".resume" / "state").write_text("kept")
    (run / "metrics.jsonl").write_text('{"step": 7}\n')
    write_bundle(run, replace(contents, metrics=run / "metrics.jsonl"))
    assert (run / ".resume" / "state").read_text() == "kept"
    assert explorer.load(run).metrics["step"].tolist() == [7]
    assert {path.name for path in run.iterdir()} == CONTRACT | {".resume"}


def test_a_run_whose_bundle_cannot_be_written_stays_a_run(
    contents: BundleContents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run" / ".resume").mkdir(parents=True)
    monkeypatch.setattr(os, "fsync", fail_at(4))
    with pytest.raises(BundleError, match="No space left"):
        write_bundle(tmp_path / "run", contents)
    assert [path.name for path in (tmp_path / "run").iterdir()] == [".resume"]
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_folder_with_other_things_is_not_touched(
    contents: BundleContents, tmp_path: Path
) -> None:
    (tmp_path / "thesis.tex").write_text("precious")
    with pytest.raises(BundleError, match=r"holds thesis\.tex, which is no part of a bundle"):
        write_bundle(tmp_path, contents, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_in_the_way(contents: BundleContents, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("a file")
    with pytest.raises(BundleError, match="b: a file of that name is there; choose another name"):
        write_bundle(tmp_path / "b", contents)
    with pytest.raises(BundleError, match=r"cannot be written \((Not a directory|File exists)\)"):
        write_bundle(tmp_path / "b" / "c", contents)


def test_a_folder_without_a_name(contents: BundleContents) -> None:
    with pytest.raises(BundleError, match="not a name for a bundle"):
        write_bundle("/", contents)


def test_wrong_contents_touch_nothing(contents: BundleContents, tmp_path: Path) -> None:
    wrong = replace(contents, items=contents.items.drop(columns="error"))
    with pytest.raises(BundleError, match=r"items: wrong columns \(error missing\)"):
        write_bundle(tmp_path / "b", wrong)
    assert list(tmp_path.iterdir()) == []


# Directions alone.


def test_new_directions_change_one_file_alone(contents: BundleContents, tmp_path: Path) -> None:
    folder = write_bundle(tmp_path / "b", contents)
    before = content_of(folder)
    found = contents.directions[:2]
    update_directions(folder, directions=found, clouds=contents.clouds[:1], effects=make_effects())
    after = content_of(folder)
    assert {name for name in FILES if after[name] != before[name]} == {"directions.safetensors"}
    assert [path.name for path in tmp_path.iterdir()] == ["b"]
    opened = explorer.load(folder)
    assert [item.method for item in opened.directions] == ["mean", "logistic"]
    assert [item.name for item in opened.clouds] == ["Smiling"]
    assert opened.effects is not None
    assert opened.effects.accuracy.tolist() == [0.875, 1.0]


def test_equal_directions_give_an_equal_file(contents: BundleContents, tmp_path: Path) -> None:
    folder = write_bundle(tmp_path / "b", contents)
    before = content_of(folder)
    opened = explorer.load(folder)
    update_directions(folder, directions=opened.directions, clouds=opened.clouds, effects=None)
    assert content_of(folder) == before


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"effects": make_effects("Hat")}, "effects are those of 'Hat' by method 'mean', of whi"),
        ({"directions": ()}, "effects are those of 'Smiling' by method 'mean'"),
        (
            {"clouds": [Cloud("x", "label", np.zeros(7, "f4"), np.ones(7, "f4"), 30)]},
            r"the cloud of 'x' has shape \(7,\); \(8,\)",
        ),
    ],
)
def test_directions_that_do_not_fit_change_nothing(
    contents: BundleContents, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    folder = write_bundle(tmp_path / "b", contents)
    before = content_of(folder)
    edits = {"directions": contents.directions, "clouds": (), "effects": make_effects()}
    with pytest.raises(BundleError, match=message):
        update_directions(folder, **{**edits, **changes})
    assert content_of(folder) == before


def test_directions_on_a_full_disk_stay_as_they_were(
    contents: BundleContents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_bundle(tmp_path / "b", contents)
    before = content_of(folder)
    monkeypatch.setattr(os, "fsync", fail_at(1))
    with pytest.raises(BundleError, match=r"directions.safetensors: cannot be written \(No space"):
        update_directions(folder, directions=(), clouds=(), effects=None)
    assert content_of(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_directions_of_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no such folder"):
        update_directions(tmp_path / "b", directions=(), clouds=None, effects=None)
