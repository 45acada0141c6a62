from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from explorer import BundleError
from explorer.bundle import worker as module
from explorer.bundle.jobs import WORKER_LOCK, Job, Queue
from explorer.bundle.orders import Order
from explorer.bundle.running import held
from explorer.bundle.runs import has_state, is_whole, watch
from explorer.bundle.worker import last_words, main, start_worker, work
from tests.bundles import make_bundle

STUB = Path(__file__).with_name("stub_cli.py")
PATIENCE_S = 60


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Queue:
    monkeypatch.setenv("STUB", str(tmp_path / "stub"))
    (tmp_path / "stub").mkdir()
    return Queue(tmp_path / "out")


@pytest.fixture
def plan(queue: Queue, tmp_path: Path) -> Callable[..., None]:
    """Queues runs; each does what its name says."""

    def plan_it(*names: str) -> None:
        for name in names:
            (tmp_path / "stub" / f"{name}.json").write_text(json.dumps({"do": name.split("-")[0]}))
            if name.startswith("finish"):
                make_bundle(tmp_path / "stub" / name, name=name)
            queue.submit(Order(name, task="train"))

    return plan_it


@pytest.fixture
def at_work(queue: Queue) -> Iterator[Callable[[], Thread]]:
    """A worker in a thread; a run that still waits at the end is stopped."""
    threads: list[Thread] = []

    def start() -> Thread:
        threads.append(Thread(target=work, args=(queue.out,), kwargs={"script": STUB}))
        threads[-1].start()
        return threads[-1]

    yield start
    for job in queue.listing().jobs:
        if job.is_active:
            queue.stop(job.number)
    for thread in threads:
        thread.join(PATIENCE_S)


def jobs(queue: Queue) -> dict[str, Job]:
    return {job.order.name: job for job in queue.listing().jobs}


def wait_for(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_runs_are_done_in_turn_and_told_how_they_ended(
    queue: Queue, plan: Callable[..., None]
) -> None:
    plan("fail", "die", "finish")
    work(queue.out, script=STUB)
    found = jobs(queue)
    assert {name: job.status for name, job in found.items()} == {
        "fail": "failed",
        "die": "stopped",
        "finish": "done",
    }
    assert found["fail"].reason == "the loss is nan, so the run\nstopped before that step."
    assert "killed from outside (signal 9, perhaps for want of memory)" in found["die"].reason
    assert is_whole(queue.out / "finish")
    words = found["fail"].log.read_text().splitlines()[0]
    assert words == f"train --data toy-faces --beta 1 --name fail --out {queue.out}"
    assert not (queue.folder / WORKER_LOCK).exists()


def test_a_run_is_stopped_and_goes_on_where_it_was(
    queue: Queue, plan: Callable[..., None], at_work: Callable[[], Thread]
) -> None:
    plan("wait", "wait-too")
    first = at_work()
    wait_for(lambda: has_state(queue.out / "wait"))
    assert [job.status for job in jobs(queue).values()] == ["running", "waiting"]
    queue.stop("000001")
    wait_for(lambda: jobs(queue)["wait"].status == "stopped")
    assert jobs(queue)["wait"].reason == "It was stopped."
    queue.stop("000002")
    first.join(PATIENCE_S)
    queue.go_on("000001")
    at_work()
    wait_for(lambda: watch(queue.out / "wait").progress.epoch == 2)


def test_a_run_that_does_not_hear_is_killed(
    queue: Queue,
    plan: Callable[..., None],
    at_work: Callable[[], Thread],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.1)
    plan("deaf")
    at_work()
    wait_for(lambda: has_state(queue.out / "deaf"))
    queue.stop("000001")
    wait_for(lambda: jobs(queue)["deaf"].status == "stopped")


def test_a_worker_that_is_killed_takes_its_run_along_and_loses_nothing(
    queue: Queue, plan: Callable[..., None]
) -> None:
    plan("wait", "finish")
    start_worker(queue.out, script=STUB)
    wait_for(lambda: has_state(queue.out / "wait"))
    (process,) = module._started
    process.kill()
    process.wait()
    wait_for(lambda: "Interrupted" in jobs(queue)["wait"].log.read_text())
    found = jobs(queue)
    assert (found["wait"].status, found["finish"].status) == ("stopped", "waiting")
    work(queue.out, script=STUB)
    found = jobs(queue)
    assert (found["wait"].status, found["finish"].status) == ("stopped", "done")
    assert "Going on starts after the last epoch" in found["wait"].reason


def test_there_is_one_worker(queue: Queue, plan: Callable[..., None]) -> None:
    plan("fail")
    with held(queue.folder / WORKER_LOCK, busy=""):
        start_worker(queue.out, script=STUB)
        assert module._started == []
        with pytest.raises(BundleError, match="another process works through this queue now"):
            work(queue.out, script=STUB)
    assert jobs(queue)["fail"].status == "waiting"


def test_a_full_disk_leaves_the_jobs_waiting(
    queue: Queue,
    plan: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plan("fail")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "touch", full)
    assert main([str(queue.out), str(STUB)]) == 1
    assert "cannot be written (No space left on device)" in capsys.readouterr().err
    assert jobs(queue)["fail"].status == "waiting"


def test_a_worker_that_cannot_be_started_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="the queue cannot be worked through"):
        start_worker(tmp_path / "nowhere")


def test_an_empty_queue_is_done_at_once(queue: Queue) -> None:
    assert main([str(queue.out)]) == 0
    assert not queue.out.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "It ended without a word."),
        ("loading 1%\rloading 2%\n\nThe disk is full.\n", "The disk is full."),
        ("one line", "one line"),
    ],
)
def test_the_last_words(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "log").write_text(text)
    assert last_words(tmp_path / "log") == words
