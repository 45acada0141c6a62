from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import numpy as np
import pytest

from explorer.data import cache
from explorer.data.cache import Building, default_cache, read_entry
from explorer.data.dataset import DataError


def build(folder: Path, level: int = 7) -> None:
    with Building(folder) as building:
        building.allocate((4, 8, 8, 3))[:] = level
        building.finish({"ids": np.array(["a", "b", "c", "d"])}, {"notes": ["hello"]})


def test_what_is_built_is_read_back(tmp_path: Path) -> None:
    build(tmp_path / "c" / "entry")
    entry = read_entry(tmp_path / "c" / "entry")
    assert entry.images.shape == (4, 8, 8, 3)
    assert isinstance(entry.images, np.memmap)
    assert not entry.images.flags.writeable
    assert (entry.images == 7).all()
    assert entry.tables["ids"].tolist() == ["a", "b", "c", "d"]
    assert entry.facts == {"notes": ["hello"]}
    assert {path.name for path in (tmp_path / "c").iterdir()} == {"entry"}


def test_nothing_there_is_none(tmp_path: Path) -> None:
    assert read_entry(tmp_path / "entry") is None


def _flip(path: Path) -> None:
    blob = bytearray(path.read_bytes())
    blob[-1] ^= 1
    path.write_bytes(bytes(blob))


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: _flip(folder / cache.IMAGES),
        lambda folder: _flip(folder / cache.TABLES),
        lambda folder: (folder / cache.IMAGES).write_bytes(b""),
        lambda folder: (folder / cache.IMAGES).unlink(),
        lambda folder: (folder / cache.META).write_text("{"),
        lambda folder: (folder / cache.META).write_text("[]"),
        lambda folder: os.truncate(folder / cache.IMAGES, 500),
    ],
    ids=["pixel", "table", "empty", "absent", "half-json", "other-json", "truncated"],
)
def test_damage_is_noticed_and_replaced(tmp_path: Path, damage) -> None:
    folder = tmp_path / "entry"
    build(folder)
    damage(folder)
    assert read_entry(folder) is None
    build(folder, level=9)
    assert (read_entry(folder).images == 9).all()


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with Building(tmp_path / "entry") as building:
            building.allocate((4, 8, 8, 3))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_build_left_is_removed_after_a_day(tmp_path: Path) -> None:
    for name in (".building-old", ".building-new"):
        (tmp_path / name).mkdir()
    os.utime(tmp_path / ".building-old", (1, 1))
    build(tmp_path / "entry")
    assert {path.name for path in tmp_path.iterdir()} == {"entry", ".building-new"}


def test_the_faster_of_two_processes_wins(tmp_path: Path) -> None:
    folder = tmp_path / "entry"
    with Building(folder) as slower:
        slower.allocate((4, 8, 8, 3))[:] = 1
        build(folder, level=2)
        slower.finish({}, {})
    assert (read_entry(folder).images == 2).all()


def test_keep_drops_the_other_pictures(tmp_path: Path) -> None:
    with Building(tmp_path / "entry") as building:
        building.allocate((4, 8, 8, 3))[:] = np.arange(4).reshape(4, 1, 1, 1)
        images = np.load(building._temporary / cache.IMAGES, mmap_mode="r")
        building.keep(images, np.array([1, 3]))
        building.finish({}, {})
    assert read_entry(tmp_path / "entry").images[:, 0, 0, 0].tolist() == [1, 3]


def test_a_full_disk_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    message = "cannot be written: No space left on device. Make room there, or point LATENT_"
    with pytest.raises(DataError, match=message), Building(tmp_path / "entry") as building:
        building.allocate((4, 8, 8, 3))
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_place_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataError, match=r"picture cache at .*file cannot be written"):
        Building(tmp_path / "file" / "entry")


def test_large_files_are_checked_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "CHUNK", 16)
    monkeypatch.setattr(cache, "MAX_CHUNKS", 4)
    build(tmp_path / "entry")
    assert read_entry(tmp_path / "entry") is not None
    _flip(tmp_path / "entry" / cache.IMAGES)  # the last chunk is among those checked
    assert read_entry(tmp_path / "entry") is None


def test_the_environment_chooses_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", "elsewhere")
    assert default_cache() == Path("elsewhere")
    monkeypatch.delenv("LATENT_EXPLORER_CACHE")
    assert default_cache() == Path.home() / ".cache" / "latent-explorer"


def test_metadata_is_plain_json(tmp_path: Path) -> None:
    build(tmp_path / "entry")
    meta = json.loads((tmp_path / "entry" / cache.META).read_text())
    assert set(meta) == {"facts", "checksums"}
