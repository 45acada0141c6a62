from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer.bundle.runs import Progress, progress_of, read_events, unfinished, watch
from tests.bundles import make_bundle

SETTINGS = {"optimisation": {"epochs": 4, "batch_size": 10}}


def train(step: int, epoch: int, **more: object) -> dict[str, object]:
    return {"split": "train", "step": step, "epoch": epoch, "images_per_s": 50.0, **more}


def valid(step: int, epoch: int) -> dict[str, object]:
    return {"split": "valid", "step": step, "epoch": epoch, "elbo": -9.5}


def begin(run: Path, *events: object, settings: object = SETTINGS, end: str = "") -> Path:
    (run / ".resume").mkdir(parents=True)
    (run / ".resume" / "settings.json").write_text(json.dumps(settings))
    lines = "".join(f"{json.dumps(event)}\n" for event in events)
    (run / ".resume" / "metrics.jsonl").write_text(lines + end)
    return run


def test_a_run_before_its_first_event(tmp_path: Path) -> None:
    found = watch(begin(tmp_path / "run"))
    assert (found.events, found.sheet) == ((), None)
    assert found.progress == Progress(epochs=4)


def test_progress_in_the_first_epoch_is_about_right(tmp_path: Path) -> None:
    found = watch(begin(tmp_path / "run", train(5, 1), train(10, 1))).progress
    # The first of four events came after 5 steps: 20 an epoch, 80 in all, 70 of 10 pictures left.
    assert found == Progress(1, 4, 10 / 80, 50.0, 70 * 10 / 50)


def test_progress_is_exact_once_an_epoch_was_validated(tmp_path: Path) -> None:
    events = [train(5, 1), train(20, 1), valid(22, 1), train(27, 2, images_per_s=100.0)]
    found = watch(begin(tmp_path / "run", *events)).progress
    assert found.fraction == pytest.approx(27 / 88)
    assert found.images_per_s == pytest.approx((50 + 50 + 100) / 3)
    assert found.seconds_left == pytest.approx((88 - 27) * 10 * 3 / 200)


@pytest.mark.parametrize("settings", [[], {}, {"optimisation": {"epochs": "x"}}])
def test_damaged_settings_leave_the_curves(settings: object, tmp_path: Path) -> None:
    found = watch(begin(tmp_path / "run", train(5, 1), settings=settings))
    assert found.progress == Progress(1, None, 0.0, 50.0, None)
    assert len(found.events) == 1


def test_lines_that_are_no_events_are_passed_over(tmp_path: Path) -> None:
    nonsense = [7, [], {}, {"split": "test"}, {"split": "train", "step": "1", "epoch": 1}]
    nonsense += [{"split": "valid", "step": 3, "epoch": 0}]
    run = begin(tmp_path / "run", *nonsense, train(5, 1, elbo=float("nan")), end='{"split": "tr')
    (event,) = read_events(run / ".resume" / "metrics.jsonl")
    assert event == {"split": "train", "step": 5, "epoch": 1, "images_per_s": 50.0}


def test_a_finished_run_is_watched_in_its_bundle(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "run")
    found = watch(bundle)
    assert found.progress.fraction == 1
    assert len(found.events) == 5
    assert found.sheet == (bundle / "preview.webp").read_bytes()
    begin(bundle, train(5, 1))  # it is being replaced
    assert watch(bundle).progress.epoch == 1


def test_runs_that_are_not_finished_are_found(tmp_path: Path) -> None:
    make_bundle(tmp_path / "done")
    begin(tmp_path / "b")
    begin(tmp_path / "a")
    begin(tmp_path / ".hidden")
    assert [path.name for path in unfinished(tmp_path)] == ["a", "b"]
    assert unfinished(tmp_path / "nothing") == ()


def test_without_speeds_there_is_no_guess() -> None:
    event = {"split": "train", "step": 5, "epoch": 1}
    assert progress_of([event], {"epochs": 2}) == Progress(1, 2, 5 / 40, None, None)
