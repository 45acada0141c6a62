from __future__ import annotations

import os
from pathlib import Path

import pytest

from explorer.bundle.atomic import replace_file


def test_a_file_gets_its_new_content(tmp_path: Path) -> None:
    path = tmp_path / "part"
    for blob in (b"old", b"new"):
        replace_file(path, blob, staging=tmp_path)
        assert path.read_bytes() == blob
    assert list(tmp_path.iterdir()) == [path]


def test_a_killed_writer_leaves_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "part"
    path.write_bytes(b"old")

    def killed(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        replace_file(path, b"new", staging=tmp_path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_name_leads_to_whole_content_at_every_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "part"
    path.write_bytes(b"old")
    seen: list[bytes] = []
    fsync = os.fsync

    def looking(handle: int) -> None:
        seen.append(path.read_bytes())
        fsync(handle)

    monkeypatch.setattr(os, "fsync", looking)
    replace_file(path, b"new", staging=tmp_path)
    assert seen == [b"old", b"new"]
