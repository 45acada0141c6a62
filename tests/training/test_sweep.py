from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from explorer import BundleError
from explorer.bundle.running import held, running
from explorer.bundle.sweeps import INDEX, LOCK, NOTES, read_index, read_sweep
from explorer.training import TrainingError, cell, sweep
from explorer.training.engines import Engine, LocalEngine
from explorer.training.grid import Axes
from explorer.training.settings import RunSettings, to_json
from explorer.training.sweep import Outcome, train_sweep
from explorer.vae import ConfigError
from tests.bundles import make_bundle
from tests.training.runs import make_settings

AXES = Axes(betas=(0.0, 4.0), latent_dims=(2, 4))
NAMES = ("beta-0_dim-2_conv", "beta-4_dim-2_conv", "beta-0_dim-4_conv", "beta-4_dim-4_conv")
PATIENCE_S = 60


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the stub leaves for each cell; not to be changed."""
    shelf = tmp_path_factory.mktemp("stub")
    for name in NAMES:
        beta, dim = (float(word.split("-")[1]) for word in name.split("_")[:2])
        options = {"beta": beta, "latent_dim": int(dim), "warmup": "none"}
        make_bundle(shelf / name, name=name, num_images=60, **options)
    return shelf


@pytest.fixture
def shelf(bundles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the stub does for each cell: at first all finish."""
    monkeypatch.setattr(cell, "MODULE", "tests.training.stub_cell")
    shelf = tmp_path / "stub"
    shelf.mkdir()
    for name in NAMES:
        (shelf / name).symlink_to(bundles / name)
        does(shelf, name, "finish")
    monkeypatch.setenv("STUB_CELLS", str(shelf))
    return shelf


@pytest.fixture
def base(tmp_path: Path, shelf: Path) -> RunSettings:
    return make_settings(tmp_path / "out", name="grid")


def does(shelf: Path, name: str, action: str) -> None:
    (shelf / f"{name}.json").write_text(json.dumps({"do": action}))


def go(
    base: RunSettings,
    axes: Axes = AXES,
    *,
    command: str = "the command",
    open_engine: Callable[[int], Engine] = lambda cells: LocalEngine(2),
) -> Outcome:
    return train_sweep(base, axes, command=command, open_engine=open_engine)


def no_engine(cells: int) -> Engine:
    raise AssertionError(f"{cells} cells were to be trained")


def statuses(base: RunSettings) -> dict[str, str]:
    return {item.index.name: item.status for item in read_sweep(base.folder).cells}


def wait_for(path: Path) -> Path:
    until = time.monotonic() + PATIENCE_S
    while not path.exists():
        assert time.monotonic() < until
        time.sleep(0.01)
    return path


# A whole sweep.


def test_every_cell_is_a_bundle_and_the_index_names_them(
    base: RunSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    found = go(base)
    assert found == Outcome(tuple(base.folder / name for name in NAMES), ())
    index = read_index(base.folder)
    assert tuple(item.name for item in index.cells) == NAMES
    assert index.command == "the command"
    assert set(statuses(base).values()) == {"done"}
    out, err = capsys.readouterr()
    assert out == ""
    assert "grid: 0 of 4 cells done, 4 waiting." in err
    assert "beta-4_dim-4_conv: done in 00:0" in err
    assert not (base.folder / NOTES / LOCK).exists()


def test_the_same_command_again_trains_nothing(base: RunSettings) -> None:
    first = go(base)
    assert go(base, command="again", open_engine=no_engine) == first
    assert read_index(base.folder).command == "the command"


def test_more_values_extend_the_sweep(base: RunSettings) -> None:
    go(base, Axes(betas=(0.0,), latent_dims=(2,)), command="the first")
    counts: list[int] = []

    def engine(cells: int) -> Engine:
        counts.append(cells)
        return LocalEngine(2)

    assert len(go(base, open_engine=engine).done) == 4
    assert counts == [3]
    part = go(base, Axes(betas=(4.0,), latent_dims=(2,)), open_engine=no_engine)
    assert part.done == (base.folder / NAMES[1],)
    index = read_index(base.folder)
    assert tuple(item.name for item in index.cells) == NAMES
    assert index.command == "the first\nthe command"


def test_a_sweep_may_be_moved_and_renamed(base: RunSettings, tmp_path: Path) -> None:
    go(base)
    base.folder.rename(tmp_path / "renamed")
    moved = replace(base, out=tmp_path, name="renamed")
    assert len(go(moved, open_engine=no_engine).done) == 4


# Cells that fail, are killed, or are stopped.


def test_a_cell_that_fails_stops_no_other_and_is_tried_again(
    base: RunSettings, shelf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    does(shelf, NAMES[0], "fail")
    found = go(base)
    reason = "the loss is nan, so the run stopped before that step."
    assert found.done == tuple(base.folder / name for name in NAMES[1:])
    assert found.failures == (f"{NAMES[0]}: {reason}",)
    assert f"{NAMES[0]}: {reason}" in capsys.readouterr().err
    told = read_sweep(base.folder).cells[0]
    assert (told.status, told.reason) == ("failed", reason)
    does(shelf, NAMES[0], "finish")
    assert go(base).failures == ()
    assert not list((base.folder / NOTES).glob("*.failed"))


def test_a_cell_that_is_killed_is_stopped_and_goes_on(base: RunSettings, shelf: Path) -> None:
    does(shelf, NAMES[0], "die")
    found = go(base)
    assert len(found.done) == 3
    assert found.failures == (
        f"{NAMES[0]}: it was killed (signal 9), perhaps for want of memory; run the sweep again "
        "to go on with it.",
    )
    assert statuses(base)[NAMES[0]] == "stopped"
    does(shelf, NAMES[0], "finish")
    assert go(base).failures == ()


def test_a_cell_that_cannot_be_started_stops_no_other(base: RunSettings) -> None:
    class Crowded(LocalEngine):
        def start(self, settings: Path, log: Path, *, slot: int) -> object:
            if settings.stem == NAMES[0]:
                raise OSError(11, "Resource temporarily unavailable")
            return super().start(settings, log, slot=slot)

    found = go(base, open_engine=lambda cells: Crowded(2))
    assert len(found.done) == 3
    assert found.failures == (
        f"{NAMES[0]}: it cannot be started (Resource temporarily unavailable).",
    )


def test_a_cell_whose_bundle_stays_on_another_machine(base: RunSettings, shelf: Path) -> None:
    (shelf / NAMES[0]).unlink()
    (shelf / NAMES[0]).mkdir()
    found = go(base, Axes(betas=(0.0,), latent_dims=(2,)))
    assert "choose an --out that all machines share" in found.failures[0]


def test_ctrl_c_stops_all_cells(base: RunSettings, shelf: Path) -> None:
    for name in NAMES[:2]:
        does(shelf, name, "wait")
    pids = [base.folder / name / ".resume" / "pid" for name in NAMES[:2]]

    def interrupt() -> None:
        for pid in pids:
            wait_for(pid)
        os.kill(os.getpid(), signal.SIGINT)

    thread = Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        go(base)
    thread.join()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid.read_text()), 0)
    assert list(statuses(base).values()) == ["stopped", "stopped", "missing", "missing"]
    assert not read_sweep(base.folder).running


def test_the_table_tells_how_far_each_cell_is(
    base: RunSettings,
    shelf: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("explorer.training.sweep_table.LOGGED_S", 0.0)
    does(shelf, NAMES[0], "wait")

    def kill() -> None:
        pid = int(wait_for(base.folder / NAMES[0] / ".resume" / "pid").read_text())
        time.sleep(4 * sweep.POLL_S)
        os.kill(pid, signal.SIGKILL)

    thread = Thread(target=kill)
    thread.start()
    go(base)
    thread.join()
    err = capsys.readouterr().err
    rows = [line.split() for line in err.splitlines() if line.startswith(f"{NAMES[0]} ")]
    assert ["2/3", "9", "-1.5", "1.0", "0.5"] in [row[1:6] for row in rows]
    assert "1 being trained" in err
    assert " left\n" in err


# What was touched by hand, and who else is there.


def test_a_cell_that_was_replaced_is_told_and_left_alone(base: RunSettings, bundles: Path) -> None:
    stranger = base.folder / NAMES[0]
    go(base, Axes(betas=(4.0,), latent_dims=(2,)))
    shutil.copytree(bundles / NAMES[3], stranger)
    before = (stranger / "model.safetensors").read_bytes()
    found = go(base)
    assert len(found.done) == 3
    assert f"{stranger}: beta is 4.0 in its config.json, but 0.0 in {INDEX}" in found.failures[0]
    assert (stranger / "model.safetensors").read_bytes() == before


def test_a_stopped_run_that_is_another_is_told_and_left_alone(base: RunSettings) -> None:
    stranger = base.folder / NAMES[0]
    (stranger / ".resume").mkdir(parents=True)
    other = replace(base, seed=5)
    (stranger / ".resume" / "settings.json").write_text(to_json(other))
    found = go(base)
    assert len(found.done) == 3
    assert (
        "the run stopped there is not the sweep's (model.latent_dim is 4, not 2"
        in (found.failures[0])
    )
    (stranger / ".resume" / "settings.json").write_text("{}")
    assert "the saved settings do not fit this version" in go(base).failures[0]


def test_an_index_that_was_edited_is_told(base: RunSettings) -> None:
    go(base)
    path = base.folder / INDEX
    text = path.read_text()
    path.write_text(text.replace('"latent_dim": 4', '"latent_dim": 8', 1))
    with pytest.raises(BundleError, match=r"it was edited by hand\. Restore it, or delete it"):
        go(base, open_engine=no_engine)
    path.write_text("{")
    with pytest.raises(BundleError, match="Restore the file, or delete it"):
        go(base, open_engine=no_engine)
    path.unlink()
    assert len(go(base, open_engine=no_engine).done) == 4
    assert json.loads(path.read_text())["cells"] == json.loads(text)["cells"]


def test_other_settings_under_the_same_name_are_refused(base: RunSettings) -> None:
    go(base)
    sentence = r"seed is 1, not 0 in the sweep that is there \(.+\); repeat its command"
    with pytest.raises(ConfigError, match=sentence):
        go(replace(base, seed=1), open_engine=no_engine)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("config.json", "a single run is there; choose another --name"),
        ("thesis.txt", r"holds thesis\.txt, which is no part of a sweep"),
    ],
)
def test_a_folder_with_something_else_is_left_alone(
    name: str, sentence: str, base: RunSettings
) -> None:
    base.folder.mkdir(parents=True)
    (base.folder / name).write_text("all of it")
    with pytest.raises(TrainingError, match=sentence):
        go(base, open_engine=no_engine)
    assert [path.name for path in base.folder.iterdir()] == [name]


def test_two_sweeps_of_one_name_at_the_same_time(base: RunSettings) -> None:
    sentence = "another process trains this sweep now"
    with held(base.folder / NOTES / LOCK, busy=""), pytest.raises(BundleError, match=sentence):
        go(base, open_engine=no_engine)


def test_a_cell_that_somebody_else_trains_is_told_when_it_is_real(
    base: RunSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cell, "MODULE", "tests.training.quick_cell")
    with running(base.folder / NAMES[0]):
        found = go(base, Axes(betas=(0.0,), latent_dims=(2,)))
    assert "another process trains there now" in found.failures[0]


def test_values_that_cannot_be_leave_nothing(base: RunSettings) -> None:
    with pytest.raises(ConfigError, match="beta is -1"):
        go(base, Axes(betas=(-1.0,), latent_dims=(2,)), open_engine=no_engine)
    assert not base.out.exists()


def test_a_disk_that_refuses_is_a_sentence(base: RunSettings) -> None:
    base.out.write_text("no folder")
    with pytest.raises(BundleError, match=r"cannot be written \(.+\); free some space"):
        go(base, open_engine=no_engine)
