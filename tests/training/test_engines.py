from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from explorer.training import cell, engines
from explorer.training.engines import (
    LocalEngine,
    local_engine,
    require_jobs,
    search_path,
    usable_cores,
    visible_gpus,
)
from explorer.training.settings import RunSettings
from explorer.vae import ConfigError
from tests.training.runs import make_settings

PATIENCE_S = 60


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunSettings:
    monkeypatch.setattr(engines, "usable_cores", lambda: 4)
    return make_settings(tmp_path, threads=None)


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The notes of a sweep whose cells are the stub's."""
    monkeypatch.setattr(cell, "MODULE", "tests.training.stub_cell")
    monkeypatch.setenv("STUB_CELLS", str(tmp_path / "stub"))
    for folder in ("stub", "sweep/.runs"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path / "sweep" / ".runs"


def start(notes: Path, *, do: str, threads: int = 1) -> engines.CellProcess:
    (notes.parents[1] / "stub" / "a.json").write_text(json.dumps({"do": do}))
    engine = LocalEngine(1, threads=threads)
    return engine.start(notes / "a.json", notes / "a.log", slot=0)


def code_of(started: engines.CellProcess) -> int:
    until = time.monotonic() + PATIENCE_S
    while (code := started.poll()) is None:
        assert time.monotonic() < until
        time.sleep(0.01)
    return code


def with_gpus(count: int, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(torch.cuda, "is_available", lambda: count > 0)
    patch.setattr(torch.cuda, "device_count", lambda: count)


def test_on_a_cpu_there_is_one_cell_per_core(base: RunSettings) -> None:
    assert local_engine(base, jobs=None).slots == 4
    assert local_engine(replace(base, threads=2), jobs=None).slots == 2
    assert local_engine(replace(base, threads=9), jobs=None).slots == 1
    assert local_engine(base, jobs=3).slots == 3


def test_a_process_has_no_more_threads_than_its_share(base: RunSettings) -> None:
    environ = local_engine(base, jobs=None).environ(0)
    assert (environ["OMP_NUM_THREADS"], environ["NUMBA_NUM_THREADS"]) == ("1", "1")
    assert local_engine(replace(base, threads=2), jobs=None).environ(0)["OMP_NUM_THREADS"] == "2"


def test_on_gpus_there_is_one_cell_per_gpu(
    base: RunSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_gpus(2, monkeypatch)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "5, GPU-7")
    engine = local_engine(replace(base, device="auto"), jobs=None)
    assert engine.slots == 2
    assert engine.threads == 2  # of four cores
    shown = [engine.environ(slot)["CUDA_VISIBLE_DEVICES"] for slot in range(3)]
    assert shown == ["5", "GPU-7", "5"]
    assert local_engine(base, jobs=None).gpus == ()  # device is cpu


def test_gpus_that_can_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    with_gpus(2, monkeypatch)
    assert visible_gpus({}) == ("0", "1")
    with_gpus(0, monkeypatch)
    assert visible_gpus({"CUDA_VISIBLE_DEVICES": "3"}) == ()


@pytest.mark.parametrize("jobs", [0, -2])
def test_no_job_at_all_is_refused(jobs: int) -> None:
    with pytest.raises(ConfigError, match=f"jobs is {jobs}; choose 1 or more"):
        require_jobs(jobs)
    require_jobs(None)


def test_cores_are_those_this_process_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 3}, raising=False)
    assert usable_cores() == 2
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert usable_cores() == 1


def test_the_program_is_found_from_anywhere() -> None:
    root = str(Path(__file__).parents[2])
    assert search_path({}) == root
    assert search_path({"PYTHONPATH": "mine"}) == f"{root}{os.pathsep}mine"


@pytest.mark.parametrize(("do", "code"), [("fail", 1), ("die", -9)])
def test_how_a_cell_ends(do: str, code: int, notes: Path) -> None:
    assert code_of(start(notes, do=do)) == code


def test_what_a_cell_says_is_added_to_its_log(notes: Path) -> None:
    for _ in range(2):
        code_of(start(notes, do="fail", threads=3))
    lines = (notes / "a.log").read_text().split("\n\n")
    assert len(lines) == 3
    assert lines[0] == "started 3"


def test_a_cell_stops_when_asked(notes: Path) -> None:
    started = start(notes, do="wait")
    assert started.poll() is None
    started.stop()
    started.end(PATIENCE_S)
    assert started.poll() == cell.STOPPED


def test_a_cell_that_does_not_hear_is_killed(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell, "MODULE", "timeit")  # reads nothing, and runs for long
    started = LocalEngine(1).start(Path("while True: pass"), notes / "a.log", slot=0)
    started.stop()
    started.end(0.1)
    assert started.poll() == -9
