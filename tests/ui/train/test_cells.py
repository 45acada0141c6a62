from __future__ import annotations

from pathlib import Path

import pytest

from explorer import BundleError
from explorer.bundle.running import running
from explorer.bundle.sweeps import CellIndex, SweepIndex, failure_note, write_index
from explorer.ui.train.cells import cells_of, row_title
from tests.bundle.stub_cli import begin
from tests.bundles import make_bundle

CELLS = tuple(CellIndex(name, 1.0, 8, "conv", True, "none") for name in "abcde")


def test_a_row_says_what_its_cells_share() -> None:
    assert row_title(CELLS[0]) == "β 1"
    assert row_title(CellIndex("x", 0, 8, "mlp", False, "none")) == "autoencoder, mlp"
    assert row_title(CellIndex("x", 0.075, 8, "conv", True, "linear")) == "β 0.075, linear warm-up"


def test_cells_in_every_state(tmp_path: Path) -> None:
    write_index(tmp_path, SweepIndex("python train_cli.py sweep", CELLS))
    make_bundle(tmp_path / "a", name="a", beta=1.0)
    begin(tmp_path / "c", 2)
    failure_note(tmp_path, "d").parent.mkdir()
    failure_note(tmp_path, "d").write_text("the loss is nan.")
    with running(tmp_path / "b"):
        begin(tmp_path / "b", 3)
        cells = cells_of(tmp_path)
    assert [cell.text for cell in cells] == [
        "elbo -410.0",
        "epoch 3 of 4",
        "stopped",
        "failed: the loss is nan.",
        "waits",
    ]
    assert [cell.is_done for cell in cells] == [True, False, False, False, False]
    assert cells[0].picture == (tmp_path / "a" / "preview.webp").read_bytes()


def test_an_index_edited_by_hand_is_no_grid(tmp_path: Path) -> None:
    (tmp_path / "sweep.json").write_text("{")
    with pytest.raises(BundleError, match=r"sweep\.json"):
        cells_of(tmp_path)
