from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest

from explorer.training import sweep_table
from explorer.training.sweep_table import HEADER, Progress, Row, Table, progress_of

EVENT = {
    "split": "train",
    "step": 30,
    "epoch": 2,
    "elbo": -1234.56,
    "rate": 12.34,
    "distortion": 1222.22,
    "images_per_s": 1234.5,
}
ROW = Row("beta-4_dim-8_conv", Progress(0.5, EVENT), epochs=6, seconds=83)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def _always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_table, "REDRAWN_S", 0)
    monkeypatch.setattr(sweep_table, "LOGGED_S", 0)


def log_of(run: Path, *events: dict[str, object], end: str = "") -> Path:
    (run / ".resume").mkdir(parents=True)
    lines = "".join(f"{json.dumps(event)}\n" for event in events)
    (run / ".resume" / "metrics.jsonl").write_text(lines + end)
    return run


def test_progress_is_that_of_the_last_event_of_training(tmp_path: Path) -> None:
    events = [EVENT | {"step": 10}, EVENT, {"split": "valid", "step": 30, "elbo": -9}]
    found = progress_of(log_of(tmp_path / "run", *events), steps=60)
    assert (found.fraction, found.figures) == (0.5, EVENT)


def test_progress_reads_the_end_of_a_long_log_alone(tmp_path: Path) -> None:
    events = [EVENT | {"step": step} for step in range(1, 5001)]
    assert progress_of(log_of(tmp_path / "run", *events), steps=10_000).fraction == 0.5


def test_a_line_that_is_not_whole_yet_is_passed_over(tmp_path: Path) -> None:
    run = log_of(tmp_path / "run", EVENT, end='{"split": "tra')
    assert progress_of(run, steps=60).fraction == 0.5


def test_without_a_log_nothing_is_done_yet(tmp_path: Path) -> None:
    assert progress_of(tmp_path, steps=60) == Progress(0.0, {})


def test_a_row_has_the_columns_of_the_header() -> None:
    row = str(ROW)
    assert row.split() == [
        "beta-4_dim-8_conv",
        "2/6",
        "1,234",
        "-1,234.6",
        "12.3",
        "1,222.2",
        "01:23",
    ]
    assert len(row) == len(HEADER) == 79
    assert str(Row("a", Progress(0.0, {}), 6, 2)).split() == ["a", *5 * ["-"], "00:02"]
    assert "finish" in str(Row("a", Progress(1.0, EVENT), 6, 2))


@pytest.mark.usefixtures("_always")
def test_a_terminal_gets_the_table_redrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_table.shutil, "get_terminal_size", lambda: os.terminal_size((40, 4)))
    stream = Terminal()
    table = Table(stream)
    table.show("one of six", [ROW] * 5)
    first = stream.getvalue()
    assert first.splitlines() == ["one of six", HEADER[:39], str(ROW)[:39]]
    table.say("cell: done")
    table.show("two of six", [])
    assert stream.getvalue()[len(first) :].startswith("\x1b[3F\x1b[Jcell: done\ntwo of six\n")
    table.clear()
    assert stream.getvalue().endswith("\x1b[2F\x1b[J")


@pytest.mark.usefixtures("_always")
def test_a_log_gets_lines() -> None:
    stream = io.StringIO()
    table = Table(stream)
    table.show("one of six", [ROW])
    table.say("cell: done")
    table.clear()
    assert stream.getvalue().splitlines() == ["one of six", HEADER, str(ROW), "cell: done"]


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_the_table_is_not_drawn_all_the_time(stream: io.StringIO) -> None:
    table = Table(stream)
    table.show("one of six", [ROW])
    assert stream.getvalue() == ""
