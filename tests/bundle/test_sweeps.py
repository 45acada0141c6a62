from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from explorer import BundleError
from explorer.bundle.running import held, running
from explorer.bundle.sweeps import (
    INDEX,
    LOCK,
    NOTES,
    CellIndex,
    SweepIndex,
    failure_note,
    find_sweeps,
    read_index,
    read_sweep,
    write_index,
)
from tests.bundles import make_bundle

CELLS = tuple(
    CellIndex(f"beta-{beta:g}_dim-{dim}_conv", beta, dim, "conv", True, "none")
    for dim in (2, 8)
    for beta in (0.0, 4.0)
)
AUTOENCODER = CellIndex("ae_dim-8_conv", 0.0, 8, "conv", False, "none")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the first cell; not to be changed."""
    folder = tmp_path_factory.mktemp("done") / CELLS[0].name
    return make_bundle(folder, name=CELLS[0].name, beta=0.0, latent_dim=2, warmup="none")


@pytest.fixture
def sweep(done: Path, tmp_path: Path) -> Path:
    """One cell done, four missing."""
    folder = tmp_path / "shelf" / "grid"
    write_index(folder, SweepIndex("the command", (*CELLS, AUTOENCODER)))
    shutil.copytree(done, folder / CELLS[0].name)
    return folder


def edit(folder: Path, **changes: object) -> None:
    path = folder / INDEX
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    index = SweepIndex("python train_cli.py sweep", (*CELLS, AUTOENCODER))
    write_index(tmp_path / "a" / "grid", index)
    assert read_index(tmp_path / "a" / "grid") == index
    assert [path.name for path in (tmp_path / "a" / "grid").iterdir()] == [INDEX]


def test_each_state_of_a_cell(sweep: Path) -> None:
    for cell in CELLS[1:]:
        (sweep / cell.name / ".resume").mkdir(parents=True)
    failure_note(sweep, CELLS[2].name).parent.mkdir()
    failure_note(sweep, CELLS[2].name).write_text("the loss is nan.")
    with running(sweep / CELLS[1].name):
        found = read_sweep(sweep)
    assert [cell.status for cell in found.cells] == [
        "done",
        "running",
        "failed",
        "stopped",
        "missing",
    ]
    assert found.cells[0].config is not None
    assert found.cells[0].config.objective.beta == 0
    assert found.cells[2].reason == "the loss is nan."
    for cell in found.cells[1:]:
        assert cell.config is None
        assert cell.reason.endswith(".")


def test_a_sweep_that_is_being_trained(sweep: Path) -> None:
    assert not read_sweep(sweep).running
    with held(sweep / NOTES / LOCK, busy=""):
        assert read_sweep(sweep).running


def test_values_and_cells(sweep: Path) -> None:
    found = read_sweep(sweep)
    assert found.name == "grid"
    assert found.values("beta") == (0, 4)
    assert found.values("latent_dim") == (2, 8)
    assert found.values("variational") == (False, True)
    cell = found.cell(beta=4.0, latent_dim=8)
    assert cell is not None
    assert cell.path == sweep / "beta-4_dim-8_conv"
    autoencoder = found.cell(latent_dim=8, variational=False)
    assert autoencoder is not None
    assert autoencoder.index == AUTOENCODER
    assert found.cell(beta=4.0, latent_dim=16) is None


def test_an_index_from_before_free_bits_were_an_axis_opens(sweep: Path) -> None:
    assert "free_bits" not in (sweep / INDEX).read_text()
    found = read_sweep(sweep)
    assert found.values("free_bits") == (0.0,)
    assert found.cells[0].status == "done"


def test_free_bits_are_an_axis(sweep: Path) -> None:
    freed = replace(CELLS[1], name="beta-4_dim-2_conv_free-0.25", free_bits=0.25)
    write_index(sweep, SweepIndex("the command", (*CELLS, AUTOENCODER, freed)))
    found = read_sweep(sweep)
    assert found.values("free_bits") == (0.0, 0.25)
    cell = found.cell(free_bits=0.25)
    assert cell is not None
    assert cell.index == freed


def test_a_folder_that_was_replaced_is_told(sweep: Path, done: Path) -> None:
    shutil.copytree(done, sweep / CELLS[3].name)
    cell = read_sweep(sweep).cells[3]
    assert cell.status == "failed"
    assert f"{sweep / CELLS[3].name}: beta is 0.0 in its config.json, but 4.0" in cell.reason
    assert "Move it away" in cell.reason


def test_a_damaged_bundle_is_told(sweep: Path) -> None:
    (sweep / CELLS[0].name / "model.safetensors").write_bytes(b"cut")
    cell = read_sweep(sweep).cells[0]
    assert cell.status == "failed"
    assert "model.safetensors" in cell.reason


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"format_version": 2}, "format_version is 2; this Latent Explorer reads 1"),
        ({"colour": "blue"}, "colour is not a known key"),
        ({"cells": "all"}, "cells is 'all'; a list is needed"),
        ({"cells": [{"name": "a"}]}, r"cells\[0\]\.beta is missing"),
        ({"cells": 2 * [vars(AUTOENCODER)]}, "cells names 'ae_dim-8_conv' twice"),
        ({"cells": [vars(AUTOENCODER) | {"name": "../up"}]}, r"name is '\.\./up'; the plain name"),
        ({"cells": [vars(AUTOENCODER) | {"name": ".runs"}]}, r"name is '\.runs'; the plain name"),
        ({"cells": [vars(AUTOENCODER) | {"beta": "big"}]}, "beta is 'big'; a finite number"),
    ],
)
def test_an_index_edited_by_hand_is_a_sentence(
    changes: dict[str, object], sentence: str, sweep: Path
) -> None:
    edit(sweep, **changes)
    with pytest.raises(BundleError, match=sentence) as caught:
        read_sweep(sweep)
    assert str(caught.value).startswith(f"{sweep / INDEX}: ")
    assert "Restore the file, or delete it" in str(caught.value)


def test_an_index_that_is_no_json_or_not_there(sweep: Path) -> None:
    (sweep / INDEX).write_bytes(b"\xff{")
    with pytest.raises(BundleError, match="Restore the file"):
        read_sweep(sweep)
    (sweep / INDEX).unlink()
    with pytest.raises(BundleError, match=r"cannot be read \(No such file"):
        read_sweep(sweep)


def test_sweeps_are_found_and_broken_ones_told(sweep: Path, tmp_path: Path) -> None:
    broken = sweep.with_name("broken")
    broken.mkdir()
    (broken / INDEX).write_text("{")
    found = find_sweeps(tmp_path / "nowhere", sweep.parent)
    assert [item.path for item in found.found] == [sweep]
    assert len(found.problems) == 1
    assert found.problems[0].startswith(f"{broken / INDEX}: ")
    assert [item.name for item in find_sweeps(sweep).found] == ["grid"]
