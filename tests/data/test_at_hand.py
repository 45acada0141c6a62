from __future__ import annotations

from pathlib import Path

from explorer.data.at_hand import AtHand, at_hand


def test_what_needs_no_disk_is_always_at_hand(tmp_path: Path) -> None:
    found = {one.source: one for one in at_hand(tmp_path / "nowhere")}
    ready = {name for name, one in found.items() if not one.missing}
    assert ready == {"toy-faces", "digits"}
    assert found["toy-faces"].root is None
    assert found["mnist"].missing == (
        f"MNIST is not in {tmp_path / 'nowhere' / 'mnist'}; a run in a terminal (python "
        "train_cli.py train --data mnist) downloads it."
    )
    assert found["celeba"].missing.endswith("it has to be fetched by hand.")


def test_a_folder_that_is_there_is_used_and_an_empty_one_is_not(tmp_path: Path) -> None:
    (tmp_path / "mnist" / "MNIST").mkdir(parents=True)
    (tmp_path / "cifar10").mkdir()
    found = {one.source: one for one in at_hand(tmp_path)}
    assert found["mnist"] == AtHand("mnist", "MNIST", tmp_path / "mnist")
    assert "CIFAR-10 is not in" in found["cifar10"].missing


def test_folders_and_zips_of_ones_own(tmp_path: Path) -> None:
    for name in ("cats/one", "empty", ".hidden/one", "mnist/one"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("dogs.zip", "notes.txt"):
        (tmp_path / name).touch()
    own = [one for one in at_hand(tmp_path) if one.source == "folder"]
    assert [(one.title, one.root) for one in own] == [
        ("Pictures in cats", tmp_path / "cats"),
        ("Pictures in dogs.zip", tmp_path / "dogs.zip"),
    ]
