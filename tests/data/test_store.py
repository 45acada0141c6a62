from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from explorer.data import store
from explorer.data.dataset import DataError
from explorer.data.store import FolderStore, ZipStore, is_picture, open_store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "set"
    (root / "b").mkdir(parents=True)
    (root / "b" / "2.png").write_bytes(b"two")
    (root / "1.jpg").write_bytes(b"one")
    (root / "notes.txt").write_bytes(b"notes")
    for litter in (".DS_Store", "Thumbs.db", "b/._2.png"):
        (root / litter).write_bytes(b"litter")
    return root


def test_folder_and_zip_offer_the_same(folder: Path, tmp_path: Path, make_zip) -> None:
    archive = make_zip(folder, tmp_path / "set.zip")
    for opened, kind in ((open_store(folder), FolderStore), (open_store(archive), ZipStore)):
        assert isinstance(opened, kind)
        assert opened.names() == ["1.jpg", "b/2.png", "notes.txt"]
        assert opened.read("b/2.png") == b"two"
        assert opened.has("b/2.png")
        assert not opened.has("b/3.png")
        assert opened.has_folder("b")
        assert not opened.has_folder("c")


def test_nothing_outside_is_reached(folder: Path) -> None:
    (folder.parent / "secret.png").write_bytes(b"secret")
    opened = open_store(folder)
    for name in ("../secret.png", str(folder.parent / "secret.png"), "b/../../secret.png", ""):
        assert not opened.has(name)


def test_fingerprint_follows_the_files(folder: Path) -> None:
    first = open_store(folder).fingerprint()
    assert open_store(folder).fingerprint() == first
    os.utime(folder / "1.jpg", (1, 1))
    touched = open_store(folder).fingerprint()
    assert touched != first
    (folder / "b" / "2.png").rename(folder / "b" / "3.png")
    assert open_store(folder).fingerprint() not in (first, touched)


def test_a_changed_zip_is_opened_anew(folder: Path, tmp_path: Path, make_zip) -> None:
    archive = make_zip(folder, tmp_path / "set.zip")
    assert open_store(archive) is open_store(archive)
    (folder / "4.png").write_bytes(b"four")
    make_zip(folder, archive)
    os.utime(archive, (1, 1))
    assert "4.png" in open_store(archive).names()


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no folder or zip at .*nowhere; check --root"):
        open_store(tmp_path / "nowhere")


def test_what_is_no_zip_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello")
    with pytest.raises(DataError, match=r"a\.txt is neither a folder nor a zip"):
        open_store(tmp_path / "a.txt")
    (tmp_path / "a.zip").write_text("hello")
    with pytest.raises(DataError, match=r"a\.zip is not a whole zip file"):
        open_store(tmp_path / "a.zip")


def test_huge_files_are_not_read(
    folder: Path, tmp_path: Path, make_zip, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = make_zip(folder, tmp_path / "set.zip")
    monkeypatch.setattr(store, "MAX_BYTES", 2)
    for root in (folder, archive):
        with pytest.raises(ValueError, match="larger than 0 MiB"):
            open_store(root).read("1.jpg")


def test_macos_zip_litter_is_left_out(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.png", b"x")
        archive.writestr("__MACOSX/a.png", b"x")
    assert open_store(tmp_path / "a.zip").names() == ["a.png"]


def test_an_unreadable_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(folder: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", forbidden)
    with pytest.raises(DataError, match=r"The folder .* cannot be read: Permission denied"):
        FolderStore(tmp_path).names()


@pytest.mark.parametrize(
    ("name", "expected"), [("a.JPG", True), ("a/b.webp", True), ("a.txt", False), ("png", False)]
)
def test_pictures_are_known_by_suffix(name: str, expected: bool) -> None:
    assert is_picture(name) is expected
