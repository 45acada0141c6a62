from __future__ import annotations

import errno
import io
from pathlib import Path
from typing import Any

import pytest
import torch

from explorer.training import TrainingError
from explorer.training.state import STATE, has_state, load_state, save_state
from tests.training.runs import (
    assert_same_numbers,
    make_dataset,
    make_settings,
    make_trainer,
    numbers_of,
)

OLD = {"epoch": 1, "model": {"weight": torch.arange(1000.0)}}
NEW = {"epoch": 2, "model": {"weight": torch.zeros(1000)}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A run's folder with a state in it."""
    folder = tmp_path / "run" / ".resume"
    folder.mkdir(parents=True)
    save_state(folder, OLD)
    return folder


def assert_old(folder: Path) -> None:
    assert [path.name for path in folder.iterdir()] == [STATE]
    loaded = load_state(folder)
    assert loaded["epoch"] == 1
    assert torch.equal(loaded["model"]["weight"], torch.arange(1000.0))


def test_what_is_saved_is_loaded(folder: Path) -> None:
    assert_old(folder)
    save_state(folder, NEW)
    assert load_state(folder)["epoch"] == 2


def test_a_trainer_survives_to_the_last_bit(tmp_path: Path) -> None:
    settings, dataset = make_settings(tmp_path), make_dataset()
    trainer = make_trainer(settings, dataset)
    trainer.run_epoch(lambda _: None)
    save_state(tmp_path, trainer.state())
    other = make_trainer(settings, dataset)
    other.restore(load_state(tmp_path))
    assert_same_numbers(other, numbers_of(trainer))
    assert (other.epoch, other.step, other.seconds) == (1, 3, trainer.seconds)


def test_a_full_disk_in_the_middle_leaves_the_old_state(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(state: Any, file: io.BufferedWriter) -> None:
        file.write(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(torch, "save", half)
    with pytest.raises(TrainingError) as caught:
        save_state(folder, NEW)
    sentence = str(caught.value)
    assert "cannot be written ([Errno 28] No space left on device); free some space" in sentence
    assert sentence.endswith(f"python train_cli.py resume {folder.parent}")
    monkeypatch.undo()
    assert_old(folder)


def test_torchs_own_error_of_a_full_disk_is_the_same_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(state: Any, file: io.BufferedWriter) -> None:
        raise RuntimeError("[enforce fail at inline_container.cc:664] . unexpected pos 64 vs 0")

    monkeypatch.setattr(torch, "save", refuse)
    with pytest.raises(TrainingError, match=r"cannot be written .* free some space"):
        save_state(folder, NEW)
    monkeypatch.undo()
    assert_old(folder)


def test_a_kill_before_the_rename_leaves_the_old_state(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        save_state(folder, NEW)
    monkeypatch.undo()
    assert load_state(folder)["epoch"] == 1
    save_state(folder, NEW)
    assert load_state(folder)["epoch"] == 2
    assert [path.name for path in folder.iterdir()] == [STATE]


@pytest.mark.parametrize("kept", [0, 1, 100, 2000])
def test_a_truncated_state_is_a_sentence(kept: int, folder: Path) -> None:
    path = folder / STATE
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(TrainingError, match=r"the saved state is damaged .* --overwrite"):
        load_state(folder)


def test_nothing_is_unpickled(folder: Path, tmp_path: Path) -> None:
    torch.save({"epoch": tmp_path}, folder / STATE)  # a Path is code to be run, not a number
    with pytest.raises(TrainingError, match=r"damaged \(UnpicklingError\)"):
        load_state(folder)


def test_no_state_is_a_sentence(tmp_path: Path) -> None:
    assert not has_state(tmp_path)
    with pytest.raises(TrainingError, match=r"no such file, so there is nothing to resume"):
        load_state(tmp_path)
