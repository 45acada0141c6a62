from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import explorer
from explorer.bundle import Problem
from explorer.bundle.sweeps import CellIndex, SweepIndex, write_index
from tests.bundles import make_bundle


@pytest.fixture
def shelf(tiny_bundle: Path, tmp_path: Path) -> Path:
    """Good and bad folders side by side."""
    for name in ("good", "also-good", "truncated", "newer", "incomplete"):
        shutil.copytree(tiny_bundle, tmp_path / name)
    content = (tmp_path / "truncated" / "maps.safetensors").read_bytes()
    (tmp_path / "truncated" / "maps.safetensors").write_bytes(content[:100])
    config = json.loads((tmp_path / "newer" / "config.json").read_text())
    (tmp_path / "newer" / "config.json").write_text(json.dumps(config | {"format_version": 9}))
    (tmp_path / "incomplete" / "items.parquet").unlink()
    (tmp_path / "running" / ".resume").mkdir(parents=True)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "todo.txt").write_text("x")
    (tmp_path / "empty").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "README.md").write_text("a file among the folders")
    return tmp_path


def test_what_opens_and_why_the_rest_does_not(shelf: Path) -> None:
    found = explorer.catalogue(shelf)
    assert [entry.path.name for entry in found.bundles] == ["also-good", "good"]
    assert found.bundles[0].name == "tiny"
    reasons = {problem.path.name: problem.reason for problem in found.problems}
    assert list(reasons) == ["incomplete", "newer", "notes", "running", "truncated"]
    assert "items.parquet is missing" in reasons["incomplete"]
    assert "format_version is 9" in reasons["newer"]
    assert "not a bundle: config.json is missing" in reasons["notes"]
    assert "a run in progress" in reasons["running"]
    assert "maps.safetensors: truncated" in reasons["truncated"]


def test_every_bundle_listed_opens(shelf: Path) -> None:
    for entry in explorer.catalogue(shelf).bundles:
        assert explorer.load(entry.path).config == entry.config


def test_every_problem_listed_does_not_open(shelf: Path) -> None:
    for problem in explorer.catalogue(shelf).problems:
        with pytest.raises(explorer.BundleError) as caught:
            explorer.load(problem.path)
        assert str(caught.value) == problem.reason


def test_no_such_folder_holds_nothing(tmp_path: Path) -> None:
    found = explorer.catalogue(tmp_path / "checkpoints")
    assert (found.bundles, found.problems) == ((), ())


def test_a_bundle_may_be_named_itself_and_is_listed_once(tiny_bundle: Path) -> None:
    found = explorer.catalogue(tiny_bundle, str(tiny_bundle.parent), tiny_bundle)
    assert [entry.path for entry in found.bundles].count(tiny_bundle) == 1


def test_a_shelf_in_a_shelf_is_no_problem_when_both_are_given(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    shutil.copytree(tiny_bundle, tmp_path / "one")
    shutil.copytree(tiny_bundle, tmp_path / "lab" / "two")
    both = explorer.catalogue(tmp_path, tmp_path / "lab")
    assert [entry.path.name for entry in both.bundles] == ["one", "two"]
    assert both.problems == ()
    assert "lab: not a bundle" in explorer.catalogue(tmp_path).problems[0].reason


@pytest.fixture
def sweep(tiny_bundle: Path, tmp_path: Path) -> Path:
    """Two cells done, in another order than that of their names, one running, one missing."""
    names = ("beta-4", "beta-10", "beta-20", "beta-30")
    cells = tuple(CellIndex(name, 1.0, 8, "conv", True, "linear") for name in names)
    folder = tmp_path / "shelf" / "grid"
    write_index(folder, SweepIndex("the command", cells))
    (folder / ".runs").mkdir()
    for name in names[:2]:
        shutil.copytree(tiny_bundle, folder / name)
    (folder / "beta-20" / ".resume").mkdir(parents=True)
    return folder


def test_the_bundles_of_a_sweep_are_found_in_its_order(sweep: Path, tiny_bundle: Path) -> None:
    shutil.copytree(tiny_bundle, sweep.parent / "single")
    found = explorer.catalogue(sweep.parent)
    assert found.problems == ()
    listed = [(entry.path.name, entry.sweep) for entry in found.bundles]
    assert listed == [("beta-4", "grid"), ("beta-10", "grid"), ("single", None)]
    assert explorer.catalogue(sweep).bundles == found.bundles[:2]


def test_a_cell_named_itself_is_still_one_of_its_sweep(sweep: Path) -> None:
    assert explorer.catalogue(sweep / "beta-4").bundles[0].sweep == "grid"


def test_a_sweep_that_cannot_be_read_still_shows_its_bundles(sweep: Path) -> None:
    (sweep / "sweep.json").write_text("{")
    found = explorer.catalogue(sweep.parent)
    assert [entry.path.name for entry in found.bundles] == ["beta-10", "beta-4"]
    assert [problem.path for problem in found.problems] == [sweep]
    assert "sweep.json" in found.problems[0].reason


def test_a_damaged_cell_is_a_problem_of_its_own(sweep: Path) -> None:
    (sweep / "beta-4" / "items.parquet").unlink()
    found = explorer.catalogue(sweep.parent)
    assert [entry.path.name for entry in found.bundles] == ["beta-10"]
    assert "items.parquet is missing" in found.problems[0].reason


def test_folders_keep_their_order(tmp_path: Path) -> None:
    make_bundle(tmp_path / "z" / "one")
    make_bundle(tmp_path / "a" / "two")
    found = explorer.catalogue(tmp_path / "z", tmp_path / "a")
    assert [entry.path.name for entry in found.bundles] == ["one", "two"]


def test_a_folder_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "iterdir", refused)
    found = explorer.catalogue(tmp_path)
    assert found.problems == (
        Problem(tmp_path, f"{tmp_path}: cannot be read (Permission denied)."),
    )


def test_listing_and_opening_load_no_torch(tiny_bundle: Path) -> None:
    script = (
        "import sys, explorer\n"
        f"found = explorer.catalogue({str(tiny_bundle.parent)!r})\n"
        f"bundle = explorer.load({str(tiny_bundle)!r})\n"
        "bundle.latents, bundle.items, bundle.maps, bundle.directions, bundle.sample(2)\n"
        "print(len(found.bundles), 'torch' in sys.modules, 'streamlit' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.stdout.split()[1:] == ["False", "False"]
