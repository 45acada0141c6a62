from __future__ import annotations

from pathlib import Path

import pytest

from explorer.training import TrainingError
from explorer.training.metrics_log import MetricsLog


@pytest.fixture
def log(tmp_path: Path) -> MetricsLog:
    return MetricsLog(tmp_path / "run" / ".resume" / "metrics.jsonl")


@pytest.fixture
def events(log: MetricsLog) -> list[dict[str, object]]:
    log.path.parent.mkdir(parents=True)
    events: list[dict[str, object]] = [
        {"step": 10 * epoch, "epoch": epoch, "split": "train", "elbo": -1.5}
        for epoch in (1, 2, 2, 3)
    ]
    for event in events:
        log.write(event)
    return events


def test_what_is_written_is_read(log: MetricsLog, events: list[dict[str, object]]) -> None:
    assert log.read() == events


def test_a_log_that_was_never_written_is_empty(log: MetricsLog) -> None:
    assert log.read() == []


def test_a_line_cut_short_by_a_kill_is_left_out(
    log: MetricsLog, events: list[dict[str, object]]
) -> None:
    with log.path.open("a") as file:
        file.write('{"step": 40, "epo')
    assert log.read() == events


def test_rewinding_forgets_later_epochs_and_torn_lines(
    log: MetricsLog, events: list[dict[str, object]]
) -> None:
    with log.path.open("a") as file:
        file.write('{"step": 40, "epo')
    log.rewind(2)
    assert log.read() == events[:3]
    log.write(events[3])
    assert log.read() == events
    assert [path.name for path in log.path.parent.iterdir()] == ["metrics.jsonl"]


def test_rewinding_to_the_start_empties_it(
    log: MetricsLog, events: list[dict[str, object]]
) -> None:
    log.rewind(0)
    assert log.read() == []


def test_a_disk_that_refuses_is_a_sentence_with_the_way_on(log: MetricsLog) -> None:
    remedy = r"metrics\.jsonl: cannot be written \(.+\); free some space, then go on with: "
    remedy += r"python train_cli\.py resume .*run$"
    with pytest.raises(TrainingError, match=remedy):
        log.write({"epoch": 1})
    with pytest.raises(TrainingError, match=remedy):
        log.rewind(1)
