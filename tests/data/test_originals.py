from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.data import DataSpec, load, original

TOY = {"source": "toy-faces", "image_size": 28, "channels": 3, "crop": None, "seed": 4}


def test_procedural_pictures_are_drawn_again() -> None:
    dataset = load(DataSpec("toy-faces", limit=20, image_size=28, seed=4), progress=False)
    assert np.array_equal(original(TOY, "toy-000011"), dataset.images[11])


def test_other_keys_of_the_section_are_ignored() -> None:
    section = {**TOY, "limit": 20, "num_images": 20, "license": "x", "attribute_names": []}
    assert original(section, "toy-000011") is not None


def test_files_are_found_in_the_usual_places(
    tmp_path: Path, make_celeba, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = {"source": "celeba", "image_size": 64, "channels": 3, "crop": 148, "seed": 0}
    root = make_celeba(tmp_path / "all" / "celeba")
    expected = load(DataSpec("celeba", root=root), progress=False).images[2]
    assert original(section, "000003.jpg") is None
    assert np.array_equal(original(section, "000003.jpg", root=root), expected)
    monkeypatch.setenv("LATENT_EXPLORER_DATA", str(tmp_path / "all"))
    assert np.array_equal(original(section, "000003.jpg"), expected)
    monkeypatch.delenv("LATENT_EXPLORER_DATA")
    (tmp_path / "all").rename(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    assert np.array_equal(original(section, "000003.jpg"), expected)


@pytest.mark.parametrize(
    "section",
    [{}, {"source": "unknown"}, {**TOY, "image_size": 50}, {**TOY, "seed": "x"}],
    ids=["empty", "unknown", "size", "seed"],
)
def test_what_makes_no_sense_has_no_original(section: dict[str, object]) -> None:
    assert original(section, "toy-000011") is None


def test_a_damaged_file_has_no_original(tmp_path: Path, make_pictures) -> None:
    make_pictures(tmp_path / "set", 1)
    (tmp_path / "set" / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\nnot really")
    assert original({"source": "folder"}, "000.png", root=tmp_path / "set") is not None
    assert original({"source": "folder"}, "bad.png", root=tmp_path / "set") is None
    assert original({"source": "folder"}, "none.png", root=tmp_path / "set") is None
