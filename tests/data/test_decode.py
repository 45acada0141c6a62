from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from explorer.data import decode
from explorer.data.dataset import DataError
from explorer.data.decode import FileDraw, blocks, fill
from explorer.data.listing import Failure
from explorer.data.pictures import Frame
from explorer.data.store import open_store

FRAME = Frame(28, 3)


@pytest.fixture
def draw(tmp_path: Path, make_pictures) -> FileDraw:
    names = make_pictures(tmp_path / "set", 150)
    whole = (tmp_path / "set" / names[0]).read_bytes()
    (tmp_path / "set" / names[3]).write_bytes(b"")
    (tmp_path / "set" / names[70]).write_bytes(whole[:60])
    (tmp_path / "set" / names[140]).write_text("no picture at all")
    return FileDraw(open_store(tmp_path / "set"), names, FRAME)


def filled(tmp_path: Path, draw: FileDraw, many_files: int) -> tuple[np.ndarray, list[Failure]]:
    shape = (len(draw.names), 28, 28, 3)
    out = np.lib.format.open_memmap(tmp_path / "out.npy", mode="w+", dtype=np.uint8, shape=shape)
    failures = fill(out, draw, label="x", progress=False, many_files=many_files)
    return np.array(out), failures


def test_threads_fill_every_row_and_name_what_failed(tmp_path: Path, draw: FileDraw) -> None:
    out, failures = filled(tmp_path, draw, 10**6)
    assert [failure.index for failure in failures] == [3, 70, 140]
    assert failures[0].reason == "003.png: the file is empty (0 bytes)"
    assert failures[1].reason.startswith("070.png: ")
    assert failures[2].reason == "140.png: not a picture"
    good = np.setdiff1d(np.arange(150), [3, 70, 140])
    assert np.array_equal(out[good, 14, 14, 0], good * 10 % 256)


@pytest.mark.parametrize("packed", [False, True])
def test_processes_do_the_same_as_threads(
    tmp_path: Path, draw: FileDraw, packed: bool, make_zip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "num_workers", lambda: 2)
    if packed:
        archive = make_zip(tmp_path / "set", tmp_path / "set.zip")
        draw = FileDraw(open_store(archive), draw.names, FRAME)
    threads = filled(tmp_path, draw, 10**6)
    processes = filled(tmp_path, draw, 1)
    assert np.array_equal(threads[0], processes[0])
    assert threads[1] == processes[1]


def test_a_process_that_dies_is_an_error(
    tmp_path: Path, draw: FileDraw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "num_workers", lambda: 2)
    monkeypatch.setattr(decode, "WORKER", "explorer.data.nothing")
    with pytest.raises(
        DataError, match=r"A process that made pictures of .*set was stopped; start again"
    ):
        filled(tmp_path, draw, 1)


def test_an_error_in_drawing_is_not_swallowed() -> None:
    def draw(indices: np.ndarray, out: np.ndarray) -> list[Failure]:
        raise RuntimeError("a mistake in a source")

    with pytest.raises(RuntimeError, match="a mistake in a source"):
        fill(np.zeros((5, 28, 28, 3), np.uint8), draw, label="x", progress=False)


def test_progress_goes_to_stderr(
    tmp_path: Path, draw: FileDraw, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(np.zeros((150, 28, 28, 3), np.uint8), draw, label="Faces", progress=True)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Faces: 100%" in printed.err
    assert "150/150" in printed.err
    assert "img/s" in printed.err


def test_blocks_of_all_workers_cover_everything_once() -> None:
    shares = [np.concatenate(list(blocks(1000, first=k, stride=3))) for k in range(3)]
    assert sorted(np.concatenate(shares)) == list(range(1000))


def test_there_is_at_least_one_worker() -> None:
    assert 1 <= decode.num_workers() <= (os.cpu_count() or 1)
