from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import explorer
from explorer.data import loading
from explorer.data.dataset import DataError, DataSpec
from explorer.data.loading import MODULES, load, source_module
from explorer.data.sources import SOURCES

SMALL = DataSpec("toy-faces", limit=200, image_size=28)


def entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_a_data_set_comes_out_the_same_from_the_cache(tmp_path: Path) -> None:
    first = load(SMALL, cache_dir=tmp_path / "c", progress=False)
    second = load(SMALL, cache_dir=tmp_path / "c", progress=False)
    assert len(entries(tmp_path / "c")) == 1
    assert isinstance(second.images, np.memmap)
    for field in ("images", "ids", "split", "attributes", "labels", "factors"):
        assert np.array_equal(getattr(first, field), getattr(second, field))
    assert first.factor_names == second.factor_names
    assert second.spec.channels == 3
    assert second.spec.crop is None


def test_the_second_time_nothing_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(SMALL, progress=False)
    monkeypatch.setattr(loading, "_build", None)  # calling it would fail
    start = time.perf_counter()
    load(SMALL, progress=False)
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    "other",
    [
        DataSpec("toy-faces", limit=201, image_size=28),
        DataSpec("toy-faces", limit=200, image_size=32),
        DataSpec("toy-faces", limit=200, image_size=28, channels=1),
        DataSpec("toy-faces", limit=200, image_size=28, seed=1),
    ],
    ids=["limit", "size", "channels", "seed"],
)
def test_every_setting_has_its_own_entry(tmp_path: Path, other: DataSpec) -> None:
    load(SMALL, cache_dir=tmp_path / "c", progress=False)
    load(other, cache_dir=tmp_path / "c", progress=False)
    assert len(entries(tmp_path / "c")) == 2


def test_more_pictures_do_not_change_the_first() -> None:
    few = load(SMALL, progress=False)
    more = load(DataSpec("toy-faces", limit=300, image_size=28), progress=False)
    assert np.array_equal(few.images, more.images[:200])
    assert np.array_equal(few.split, more.split[:200])


def test_a_changed_file_is_decoded_again_and_a_moved_folder_is_not(
    tmp_path: Path, make_pictures
) -> None:
    names = make_pictures(tmp_path / "set", 16)
    cache_dir = tmp_path / "c"
    load(DataSpec("folder", root=tmp_path / "set"), cache_dir=cache_dir, progress=False)
    (tmp_path / "set").rename(tmp_path / "moved")
    spec = DataSpec("folder", root=tmp_path / "moved")
    moved = load(spec, cache_dir=cache_dir, progress=False)
    assert moved.spec.root == tmp_path / "moved"
    assert len(entries(cache_dir)) == 1
    os.utime(tmp_path / "moved" / names[0], (1, 1))
    load(spec, cache_dir=cache_dir, progress=False)
    assert len(entries(cache_dir)) == 2


def test_a_damaged_cache_is_built_anew(tmp_path: Path) -> None:
    images = np.array(load(SMALL, cache_dir=tmp_path / "c", progress=False).images)
    [entry] = entries(tmp_path / "c")
    with (entry / "images.npy").open("r+b") as file:
        file.seek(5000)
        file.write(b"damage")
    again = load(SMALL, cache_dir=tmp_path / "c", progress=False)
    assert np.array_equal(again.images, images)


def test_few_pictures_are_allowed_when_asked_for() -> None:
    assert len(load(DataSpec("toy-faces", limit=5), progress=False)) == 5


def test_what_was_skipped_and_noted_goes_to_stderr(
    tmp_path: Path, make_pictures, capsys: pytest.CaptureFixture[str]
) -> None:
    make_pictures(tmp_path / "set", 16)
    for number in range(7):
        (tmp_path / "set" / f"x{number}.png").write_text("text")
    load(DataSpec("folder", root=tmp_path / "set"))
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "7 files were skipped:\n  x0.png: not a picture." in printed.err
    assert "and 2 more." in printed.err


def test_bad_settings_touch_nothing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="image_size is 50"):
        load(DataSpec("toy-faces", image_size=50), cache_dir=tmp_path / "c", progress=False)
    assert not (tmp_path / "c").exists()


def test_every_source_has_a_module_with_the_same_surface() -> None:
    assert set(MODULES) == set(SOURCES)
    for source in SOURCES:
        module = source_module(source)
        assert all(
            callable(getattr(module, name)) for name in ("fingerprint", "listing", "original")
        )


def test_importing_stays_light() -> None:
    heavy = "{'torch', 'torchvision', 'sklearn', 'pandas', 'streamlit'}"
    code = f"import sys, explorer.data; print({heavy} & set(sys.modules))"
    here = Path(explorer.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=here, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"
