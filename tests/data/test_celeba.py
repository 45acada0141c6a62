from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.data import celeba
from explorer.data.dataset import TEST, TRAIN, VALID, DataError, Dataset, DataSpec
from explorer.data.loading import load
from explorer.data.sources import resolve


def check(dataset: Dataset) -> None:
    """Everything `make_celeba` promises."""
    assert dataset.images.shape == (20, 64, 64, 3)
    assert dataset.ids[[0, 19]].tolist() == ["000001.jpg", "000020.jpg"]
    assert np.abs(dataset.images[:, 32, 32, 0] - 10.0 * np.arange(1, 21)).max() <= 2
    assert dataset.attribute_names == ("Eyeglasses", "Male", "Smiling")
    assert dataset.attributes.T.tolist() == [[0] * 20, [1] * 20, [0, 1][::-1] * 10]
    assert dataset.split.tolist() == [TRAIN] * 16 + [VALID] * 2 + [TEST] * 2
    assert dataset.skipped == dataset.notes == ()
    assert "non-commercial" in dataset.license


@pytest.mark.parametrize("table", ["txt", "csv"])
@pytest.mark.parametrize("levels", ["img_align_celeba", "img_align_celeba/img_align_celeba"])
@pytest.mark.parametrize("half", [False, True], ids=["full", "half"])
def test_folders(tmp_path: Path, table: str, levels: str, half: bool, make_celeba) -> None:
    root = make_celeba(tmp_path / "set", pictures=levels, table=table, half=half)
    check(load(DataSpec("celeba", root=root), progress=False))
    # The same, when the root is the folder of the pictures itself.
    check(load(DataSpec("celeba", root=root / levels), progress=False))


@pytest.mark.parametrize("levels", ["img_align_celeba", "img_align_celeba/img_align_celeba", "."])
def test_zip_of_pictures_beside_the_tables(
    tmp_path: Path, levels: str, make_celeba, make_zip
) -> None:
    root = make_celeba(tmp_path / "set", pictures="p")
    (tmp_path / "pictures" / levels).parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(root / "p", tmp_path / "pictures" / levels, dirs_exist_ok=True)
    shutil.rmtree(root / "p")
    make_zip(tmp_path / "pictures", root / "img_align_celeba.zip")
    check(load(DataSpec("celeba", root=root), progress=False))
    check(load(DataSpec("celeba", root=root / "img_align_celeba.zip"), progress=False))


def test_kaggles_single_zip(tmp_path: Path, make_celeba, make_zip) -> None:
    levels = "img_align_celeba/img_align_celeba"
    make_celeba(tmp_path / "set", pictures=levels, table="csv", half=True)
    (tmp_path / "root").mkdir()
    (tmp_path / "other").mkdir()
    make_zip(tmp_path / "other", tmp_path / "root" / "another.zip")
    archive = make_zip(tmp_path / "set", tmp_path / "root" / "archive.zip")
    check(load(DataSpec("celeba", root=archive), progress=False))
    check(load(DataSpec("celeba", root=tmp_path / "root"), progress=False))


def test_the_official_download(tmp_path: Path, make_celeba) -> None:
    root = make_celeba(tmp_path / "set", pictures="Img/img_align_celeba")
    for part, name in (("Anno", "list_attr_celeba"), ("Eval", "list_eval_partition")):
        (root / part).mkdir()
        (root / f"{name}.txt").rename(root / part / f"{name}.txt")
    check(load(DataSpec("celeba", root=root), progress=False))


def test_full_and_half_size_show_the_same_crop(tmp_path: Path, make_celeba) -> None:
    root = make_celeba(tmp_path / "set")
    half = make_celeba(tmp_path / "half", half=True)
    marked = np.zeros((218, 178, 3), np.uint8)
    marked[36:182, 16:162] = 255  # one pixel inside the crop of 148 at (15, 35)
    Image.fromarray(marked).save(root / "img_align_celeba/000001.jpg", quality=100)
    small = Image.fromarray(marked).resize((89, 109), Image.Resampling.BOX)
    small.save(half / "img_align_celeba/000001.jpg", quality=100)
    spec = DataSpec("celeba", root=root)
    full_image = load(spec, progress=False).images[0].astype(int)
    half_image = load(DataSpec("celeba", root=half), progress=False).images[0].astype(int)
    assert full_image[2:-2, 2:-2].min() > 245
    assert full_image[:, 0].max() < 230
    assert np.abs(full_image - half_image)[2:-2, 2:-2].max() < 12
    wider = load(DataSpec("celeba", root=root, crop=178), progress=False).images[0]
    assert wider[30, :4].max() < 10


def test_pictures_without_rows_have_missing_attributes(tmp_path: Path, make_celeba) -> None:
    root = make_celeba(tmp_path / "set")
    for name, drop in (("list_attr_celeba.txt", 2), ("list_eval_partition.txt", 0)):
        lines = (root / name).read_text().splitlines()
        del lines[drop]  # picture 000001
        (root / name).write_text("\n".join(lines) + "\n")
    dataset = load(DataSpec("celeba", root=root), progress=False)
    assert dataset.attributes[0].tolist() == [-1, -1, -1]
    assert dataset.split[0] == TRAIN
    assert dataset.attributes[1].tolist() == [0, 1, 0]


def test_without_tables_there_is_a_note(tmp_path: Path, make_celeba) -> None:
    root = make_celeba(tmp_path / "set")
    for name in ("list_attr_celeba.txt", "list_eval_partition.txt"):
        (root / name).unlink()
    dataset = load(DataSpec("celeba", root=root), progress=False)
    assert dataset.attribute_names == ()
    assert set(dataset.split) == {TRAIN, VALID, TEST}
    assert "No list_attr_celeba.txt or .csv beside the pictures" in dataset.notes[0]
    assert "No list_eval_partition" in dataset.notes[1]


def test_limit_still_has_all_parts(tmp_path: Path, make_celeba) -> None:
    root = make_celeba(tmp_path / "set")
    dataset = load(DataSpec("celeba", root=root, limit=10), progress=False)
    assert len(dataset) == 10
    assert set(dataset.split) == {TRAIN, VALID, TEST}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "list_eval_partition.txt",
            "000001.jpg 7\n",
            "000001.jpg the partition 7.*; it must be 0, 1 or 2",
        ),
        ("list_eval_partition.txt", "000001.jpg x\n", "000001.jpg the partition x; it must be"),
        (
            "list_attr_celeba.txt",
            "1\nSmiling\n000001.jpg yes\n",
            "000001.jpg the Smiling yes; it must be -1, 0 or 1",
        ),
        ("list_attr_celeba.txt", "1\n", "is not a table of CelebA"),
        (
            "list_attr_celeba.txt",
            "1\nSmiling\n000001.jpg 1\n000001.jpg 1\n",
            "names 000001.jpg twice; remove one",
        ),
    ],
)
def test_bad_tables_are_named(
    tmp_path: Path, name: str, text: str, message: str, make_celeba
) -> None:
    root = make_celeba(tmp_path / "set")
    (root / name).write_text(text)
    with pytest.raises(DataError, match=message):
        load(DataSpec("celeba", root=root), progress=False)


def test_a_wrong_root_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no CelebA at .*nowhere; check --root"):
        load(DataSpec("celeba", root=tmp_path / "nowhere"), progress=False)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="holds neither a folder img_align_celeba nor"):
        load(DataSpec("celeba", root=tmp_path / "empty"), progress=False)


def test_the_same_picture_twice_is_named(tmp_path: Path, make_celeba) -> None:
    root = make_celeba(tmp_path / "set")
    (root / "img_align_celeba" / "copy").mkdir()
    shutil.copy(root / "img_align_celeba/000001.jpg", root / "img_align_celeba/copy/000001.jpg")
    with pytest.raises(DataError, match=r"holds the same CelebA picture twice"):
        load(DataSpec("celeba", root=root), progress=False)


def test_an_original_is_the_picture_of_the_data_set(tmp_path: Path, make_celeba, make_zip) -> None:
    root = make_celeba(tmp_path / "set", pictures="img_align_celeba/img_align_celeba")
    archive = make_zip(root, tmp_path / "archive.zip")
    for place in (root, archive):
        spec = resolve(DataSpec("celeba", root=place))
        images = load(spec, progress=False).images
        assert np.array_equal(celeba.original(spec, "000007.jpg"), images[6])
        assert celeba.original(spec, "000021.jpg") is None
        assert celeba.original(spec, "../../list_attr_celeba.txt") is None


def test_a_shift_moves_each_picture_and_its_original_alike(tmp_path: Path, make_celeba) -> None:
    root = make_celeba(tmp_path / "set")
    ramp = np.broadcast_to(np.arange(178, dtype=np.uint8)[None, :, None], (218, 178, 3))
    for path in (root / "img_align_celeba").iterdir():
        Image.fromarray(ramp).save(path, quality=95)
    spec = resolve(DataSpec("celeba", root=root, crop=118, shift=30))
    images = load(spec, progress=False).images
    middles = images[:, 32, 31:33, 0].mean(1)
    assert middles.std() > 10
    assert np.abs(middles - 89).max() < 32
    assert np.array_equal(celeba.original(spec, "000007.jpg"), images[6])
