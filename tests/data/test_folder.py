from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.data import folder
from explorer.data.dataset import TEST, TRAIN, UNKNOWN_SPLIT, VALID, DataError, DataSpec
from explorer.data.folder import read_folders
from explorer.data.loading import load
from explorer.data.sources import resolve


def test_a_flat_folder_has_no_labels(tmp_path: Path, make_pictures) -> None:
    make_pictures(tmp_path / "set", 20)
    dataset = load(DataSpec("folder", root=tmp_path / "set"), progress=False)
    assert dataset.images.shape == (20, 64, 64, 3)
    assert dataset.images[:, 30, 30, 0].tolist() == [10 * number for number in range(20)]
    assert dataset.label_names == ()
    assert (dataset.labels == -1).all()
    assert set(dataset.split) == {TRAIN, VALID, TEST}


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_sub_folders_are_labels(tmp_path: Path, packed: bool, make_pictures, make_zip) -> None:
    root = tmp_path / "set"
    make_pictures(root / "cats" / "young", 10)
    make_pictures(root / "dogs", 10)
    make_pictures(root, 1)
    place = make_zip(root, tmp_path / "set.zip") if packed else root
    dataset = load(DataSpec("folder", root=place), progress=False)
    assert dataset.label_names == ("cats", "dogs")
    assert dataset.ids[[0, 1, 20]].tolist() == ["000.png", "cats/young/000.png", "dogs/009.png"]
    assert dataset.labels.tolist() == [-1] + [0] * 10 + [1] * 10


def test_a_limit_takes_from_all_labels(tmp_path: Path, make_pictures) -> None:
    for label in "abcd":
        make_pictures(tmp_path / "set" / label, 10)
    dataset = load(DataSpec("folder", root=tmp_path / "set", limit=20), progress=False)
    assert np.bincount(dataset.labels).tolist() == [5, 5, 5, 5]
    assert dataset.ids[:2].tolist() == ["a/000.png", "a/002.png"]
    more = load(DataSpec("folder", root=tmp_path / "set", limit=41), progress=False)
    assert len(more.ids) == 40


def test_shared_folders_and_split_folders_are_no_labels() -> None:
    folders = read_folders(["s/train/a/1", "s/train/b/1", "s/Val/a/2", "s/test/b/9"])
    assert folders.label_names == ("a", "b")
    assert folders.labels.tolist() == [0, 1, 0, 1]
    assert folders.split.tolist() == [TRAIN, TRAIN, VALID, TEST]


def test_a_label_called_test_is_a_label() -> None:
    folders = read_folders(["test/1", "cats/1"])
    assert folders.label_names == ("cats", "test")
    assert (folders.split == UNKNOWN_SPLIT).all()


def test_one_folder_is_no_label() -> None:
    assert read_folders(["a/1", "a/2"]).label_names == ()
    assert read_folders(["train/a/1", "test/a/2"]).label_names == ()
    assert read_folders([]).label_names == ()


def test_bad_files_are_named_and_skipped(tmp_path: Path, make_pictures) -> None:
    root = tmp_path / "set"
    names = make_pictures(root, 22)
    noise = np.random.default_rng(0).integers(0, 256, (60, 60, 3), np.uint8)
    Image.fromarray(noise).save(root / "cut.jpg")
    whole = (root / "cut.jpg").read_bytes()
    (root / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (root / names[5]).write_bytes(b"")
    (root / names[6]).write_text("text that calls itself a picture")
    (root / "notes.txt").write_text("text")
    (root / "nosuffix").write_text("text")
    dataset = load(DataSpec("folder", root=root), progress=False)
    assert len(dataset) == 20
    assert dataset.images[:, 30, 30, 0].tolist() == [
        10 * number for number in range(22) if number not in (5, 6)
    ]
    skipped = "\n".join(dataset.skipped)
    assert len(dataset.skipped) == 5
    assert "notes.txt: not a picture." in dataset.skipped
    assert "nosuffix: not a picture." in dataset.skipped
    assert "006.png: not a picture." in dataset.skipped
    assert "005.png: the file is empty (0 bytes)." in dataset.skipped
    assert "cut.jpg: " in skipped
    assert not {"cut.jpg", *names[5:7]} & set(dataset.ids)


def test_a_name_that_is_no_text_is_skipped(tmp_path: Path, make_pictures) -> None:
    root = tmp_path / "set"
    names = make_pictures(root, 17)
    (root / names[0]).rename(root / os.fsdecode(b"\xff.png"))
    dataset = load(DataSpec("folder", root=root), progress=False)
    assert len(dataset) == 16
    assert dataset.skipped == ("\\udcff.png: its name is not valid UTF-8.",)


def test_fewer_than_16_are_too_few(tmp_path: Path, make_pictures) -> None:
    root = tmp_path / "set"
    names = make_pictures(root, 17)
    load(DataSpec("folder", root=root), progress=False)
    for name in names[:2]:
        (root / name).write_bytes(b"")
    message = r"Only 15 usable pictures in .*; at least 16 are needed. 2 files were skipped, the f"
    with pytest.raises(DataError, match=message):
        load(DataSpec("folder", root=root), progress=False)


def test_no_folder_and_empty_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no folder or zip at .*nowhere; check --root"):
        load(DataSpec("folder", root=tmp_path / "nowhere"), progress=False)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"Only 0 usable pictures in .*empty"):
        load(DataSpec("folder", root=tmp_path / "empty"), progress=False)


def test_sizes_modes_and_orientation_mix(tmp_path: Path, make_pictures) -> None:
    root = tmp_path / "set"
    make_pictures(root, 16)
    Image.new("L", (300, 20), 77).save(root / "wide.png")
    Image.new("RGBA", (5, 9), (0, 0, 0, 0)).save(root / "clear.png")
    Image.new("CMYK", (50, 50)).save(root / "ink.jpg")
    Image.new("I;16", (50, 50), 65535).save(root / "deep.png")
    Image.new("P", (50, 50)).save(root / "palette.gif")
    exif = Image.Exif()
    exif[0x0112] = 3
    Image.new("RGB", (50, 40), "white").save(root / "turned.jpg", exif=exif)
    dataset = load(DataSpec("folder", root=root, image_size=32), progress=False)
    shown = {name: int(dataset.images[k, 16, 16].mean()) for k, name in enumerate(dataset.ids)}
    assert dataset.skipped == ()
    assert shown["wide.png"] == 77
    for name in ("clear.png", "deep.png", "ink.jpg", "turned.jpg"):
        assert shown[name] >= 250
    assert shown["palette.gif"] == 0


def test_crop_counts_the_pictures_own_pixels(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    framed = np.zeros((80, 100, 3), np.uint8)
    framed[24:56, 34:66] = 255
    for number in range(16):
        Image.fromarray(framed).save(tmp_path / "set" / f"{number}.png")
    spec = DataSpec("folder", root=tmp_path / "set", crop=28, image_size=28)
    assert load(spec, progress=False).images.min() == 255
    spec = DataSpec("folder", root=tmp_path / "set", image_size=28)
    assert load(spec, progress=False).images.min() == 0


def test_attributes_come_from_a_csv(tmp_path: Path, make_pictures) -> None:
    root = tmp_path / "set"
    names = make_pictures(root, 18)
    rows = [f"{name},{number % 2}" for number, name in enumerate(names[:-1])]
    table = root / "attributes.csv"
    table.write_text("\n".join(["file,Odd", *rows, "other.png,1"]))
    dataset = load(DataSpec("folder", root=root, attributes=table), progress=False)
    assert dataset.attribute_names == ("Odd",)
    assert dataset.attributes[:, 0].tolist() == [0, 1] * 8 + [0, -1]
    assert dataset.skipped == ()  # the table itself is expected here
    assert dataset.notes == (
        "attributes.csv names 1 files that are not there: other.png.",
        "attributes.csv has no row for 1 pictures: attributes missing.",
    )


def test_factors_come_from_a_csv(tmp_path: Path, make_pictures) -> None:
    root = tmp_path / "set"
    names = make_pictures(root, 16)
    table = root / "factors.csv"
    spec = DataSpec("folder", root=root, factors=table)
    for scale in (0.5, 2):  # a changed table is read again
        rows = [f"{name},{scale * number},{'ab'[number % 2]}" for number, name in enumerate(names)]
        table.write_text("\n".join(["file,size,shape", *rows]))
        dataset = load(spec, progress=False)
        assert dataset.factor_names == ("size", "shape")
        assert dataset.factors[:, 0].tolist() == [scale * number for number in range(16)]
        assert dataset.factors[:, 1].tolist() == [0, 1] * 8
        assert dataset.skipped == ()
    assert dataset.attribute_names == ()


def test_a_changed_csv_is_read_again_and_errors_are_told(tmp_path: Path, make_pictures) -> None:
    names = make_pictures(tmp_path / "set", 16)
    table = tmp_path / "a.csv"
    table.write_text("file,Odd\n" + "".join(f"{name},1\n" for name in names))
    spec = DataSpec("folder", root=tmp_path / "set", attributes=table)
    assert load(spec, progress=False).attributes.tolist() == [[1]] * 16
    table.write_text("file,Odd\n" + "".join(f"{name},maybe\n" for name in names))
    with pytest.raises(DataError, match=r"row 2 \(000.png\), column Odd is 'maybe'"):
        load(spec, progress=False)
    table.unlink()
    with pytest.raises(DataError, match=r"a\.csv cannot be read"):
        load(spec, progress=False)


def test_a_bomb_is_skipped(tmp_path: Path, make_pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    make_pictures(tmp_path / "set", 16)
    Image.new("L", (100, 100)).save(tmp_path / "set" / "bomb.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 40 * 30)
    dataset = load(DataSpec("folder", root=tmp_path / "set"), progress=False)
    assert len(dataset) == 16
    assert dataset.skipped[0].startswith("bomb.png: Image size (10000 pixels) exceeds limit")


def test_an_original_is_the_picture_of_the_data_set(
    tmp_path: Path, make_pictures, make_zip
) -> None:
    make_pictures(tmp_path / "set" / "a", 9)
    make_pictures(tmp_path / "set" / "b", 9)
    archive = make_zip(tmp_path / "set", tmp_path / "set.zip")
    for root in (tmp_path / "set", archive):
        spec = resolve(DataSpec("folder", root=root))
        images = load(spec, progress=False).images
        assert np.array_equal(folder.original(spec, "b/004.png"), images[13])
        assert folder.original(spec, "b/009.png") is None
