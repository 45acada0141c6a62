from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from explorer import BundleError
from explorer.bundle import jobs as module
from explorer.bundle.jobs import ORPHANED, WORKER_LOCK, Ending, Job, Queue
from explorer.bundle.orders import Order
from explorer.bundle.running import held, running
from explorer.bundle.sweeps import SweepIndex, write_index
from tests.bundle.stub_cli import begin
from tests.bundles import make_bundle


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Queue:
    monkeypatch.setattr(module, "PATIENCE_S", 0.1)
    return Queue(tmp_path / "out")


def only(queue: Queue) -> Job:
    (job,) = queue.listing().jobs
    return job


def taken(queue: Queue, name: str = "run", **changes: object) -> str:
    """A job that a worker began."""
    number = queue.submit(Order(name, **changes))  # type: ignore[arg-type]
    job = queue.take()
    assert job is not None
    assert job.number == number
    return number


def test_nothing_was_ever_queued(queue: Queue) -> None:
    assert queue.listing() == module.Listing((), (), False)
    assert not queue.out.exists()


def test_orders_wait_in_turn_and_outlive_the_app(queue: Queue) -> None:
    for name in ("one", "two"):
        queue.submit(Order(name))
    jobs = Queue(queue.out).listing().jobs
    assert [(job.number, job.order.name, job.status) for job in jobs] == [
        ("000001", "one", "waiting"),
        ("000002", "two", "waiting"),
    ]
    assert jobs[0].folder == queue.out / "one"
    first = queue.take()
    assert first is not None
    assert first.order.name == "one"


def test_what_a_job_is_doing_follows_from_the_files_and_the_lock(queue: Queue) -> None:
    number = taken(queue)
    with held(queue.folder / WORKER_LOCK, busy=""):
        assert queue.listing().is_worked_on
        assert only(queue).status == "running"
        queue.stop(number)
        assert queue.is_stop_asked(number)
        assert only(queue).status == "stopping"
        queue.end(number, Ending("stopped", "It was stopped."))
        assert (only(queue).status, only(queue).reason) == ("stopped", "It was stopped.")
    assert queue.take() is None


def test_a_job_whose_worker_was_killed_is_stopped(queue: Queue) -> None:
    taken(queue)
    with running(queue.out / "run"):  # it has not heard of it yet
        assert only(queue).status == "stopping"
    assert (only(queue).status, only(queue).reason) == ("stopped", ORPHANED)
    queue.settle()
    with held(queue.folder / WORKER_LOCK, busy=""):  # of the next worker
        assert only(queue).status == "stopped"


def test_a_stopped_run_goes_on_and_one_that_never_began_starts_again(queue: Queue) -> None:
    for name in ("begun", "new"):
        queue.end(taken(queue, name), Ending("stopped", ""))
    begin(queue.out / "begun", 1)
    queue.go_on("000002")
    queue.go_on("000001")
    jobs = queue.listing().jobs
    assert [(job.number, job.order.name, job.order.task) for job in jobs] == [
        ("000003", "new", "train"),
        ("000004", "begun", "resume"),
    ]
    assert sorted(path.suffix for path in queue.folder.iterdir()) == [".json", ".json"]


def test_a_sweep_goes_on_by_the_same_command(queue: Queue) -> None:
    queue.end(taken(queue, "grid", task="sweep", betas=(0.0, 1.0)), Ending("failed", "one cell"))
    write_index(queue.out / "grid", SweepIndex("python train_cli.py sweep", ()))
    queue.go_on("000001")
    assert only(queue).order == Order("grid", task="sweep", betas=(0.0, 1.0))


def test_replacing_a_run_that_was_killed_as_it_began_does_not_resume_the_old_one(
    queue: Queue,
) -> None:
    begin(queue.out / "run", 1)
    os.utime(queue.out / "run" / ".resume" / "settings.json", (1, 1))
    queue.end(taken(queue, overwrite=True), Ending("stopped", ""))
    queue.go_on("000001")
    assert only(queue).order.overwrite
    queue.end(taken_again(queue), Ending("stopped", ""))
    os.utime(queue.out / "run" / ".resume" / "settings.json", (2**33, 2**33))  # its own now
    queue.go_on("000002")
    assert only(queue).order == Order("run", task="resume")


def taken_again(queue: Queue) -> str:
    job = queue.take()
    assert job is not None
    return job.number


def test_a_run_stopped_in_a_terminal_is_adopted(queue: Queue) -> None:
    begin(queue.out / "run", 1)
    queue.adopt("run")
    assert only(queue).order == Order("run", task="resume")
    with pytest.raises(BundleError, match="nothing has no run to go on with"):
        queue.adopt("nothing")
    with pytest.raises(BundleError, match=r"name is '\.\./out'"):
        queue.adopt("../out")


def test_two_apps_start_runs_with_one_name(queue: Queue) -> None:
    queue.submit(Order("run"))
    with pytest.raises(BundleError, match=r"run is in the queue already \(waiting\); choose"):
        Queue(queue.out).submit(Order("Run", data="digits"))
    assert only(queue).order.data == "toy-faces"


def test_two_apps_at_the_very_same_moment(queue: Queue) -> None:
    with (
        held(queue.folder / "queue.lock", busy=""),
        pytest.raises(BundleError, match="being changed by somebody else; try again"),
    ):
        queue.submit(Order("run"))
    queue.submit(Order("run"))


def test_a_name_is_taken(queue: Queue) -> None:
    make_bundle(queue.out / "model")
    begin(queue.out / "stopped", 1)
    write_index(queue.out / "grid", SweepIndex("python train_cli.py sweep", ()))
    (queue.out / "notes").mkdir()
    (queue.out / "notes" / "thesis.tex").touch()
    (queue.out / "file").touch()
    (queue.out / "link").symlink_to(queue.out / "model")
    for name, sentence in {
        "model": "model is a model already; replace it, or choose another name",
        "stopped": "stopped is a run that was stopped; go on with it, replace it",
        "grid": "grid is a grid of models; choose another name",
        "notes": "notes holds thesis.tex, which is no part of a model",
        "file": "file is a link or a file; choose another name",
        "link": "link is a link or a file; choose another name",
    }.items():
        with pytest.raises(BundleError, match=sentence):
            queue.submit(Order(name))
    for name in ("grid", "notes", "link"):
        with pytest.raises(BundleError):
            queue.submit(Order(name, overwrite=True))
    with pytest.raises(BundleError, match="model is a single model; choose another name"):
        queue.submit(Order("model", task="sweep"))
    for name in ("model", "stopped"):
        queue.submit(Order(name, overwrite=True))
    queue.submit(Order("grid", task="sweep"))
    assert len(queue.listing().jobs) == 3


def test_a_name_in_which_a_terminal_trains_is_taken(queue: Queue) -> None:
    with (
        running(queue.out / "run"),
        pytest.raises(BundleError, match="run is being trained now; wait for it"),
    ):
        queue.submit(Order("run", overwrite=True))


def test_what_cannot_be_trained_is_not_queued(queue: Queue) -> None:
    with pytest.raises(BundleError, match="beta holds 1 twice; give each value once"):
        queue.submit(Order("grid", task="sweep", betas=(1.0, 1.0)))
    assert not queue.folder.exists()


def test_a_waiting_job_is_taken_out_and_a_running_one_is_not(queue: Queue) -> None:
    queue.submit(Order("one"))
    queue.stop("000001")
    assert queue.listing().jobs == ()
    number = taken(queue)
    with held(queue.folder / WORKER_LOCK, busy=""):
        with pytest.raises(BundleError, match="run is running; stop it first"):
            queue.remove(number)
        with pytest.raises(BundleError, match="run is running; it has not ended"):
            queue.go_on(number)
    queue.end(number, Ending("done", ""))
    with pytest.raises(BundleError, match="run has ended already"):
        queue.stop(number)
    queue.remove(number)
    assert list(queue.folder.iterdir()) == []


@pytest.mark.parametrize("number", ["000009", "../000001", "", "x"])
def test_what_is_not_in_the_queue(number: str, queue: Queue) -> None:
    for act in (queue.stop, queue.go_on):
        with pytest.raises(BundleError, match="not in the queue"):
            act(number)


def test_a_damaged_job_is_told_passed_over_and_removed(queue: Queue) -> None:
    queue.submit(Order("one"))
    queue.submit(Order("two"))
    path = queue.folder / "000001.json"
    values = json.loads(path.read_text())
    for text, why in (
        ("{", "Expecting property name"),
        (json.dumps(values | {"name": "../../etc"}), "choose letters, digits"),
        ("\xff", "utf-8"),
    ):
        path.write_bytes(text.encode("latin-1"))
        (damaged,) = queue.listing().damaged
        assert damaged.number == "000001"
        assert why in damaged.reason
        assert damaged.reason.endswith("It is passed over; remove it.")
    job = queue.take()
    assert job is not None
    assert job.order.name == "two"
    queue.remove("000001")
    assert queue.listing().damaged == ()


def test_a_damaged_ending_is_a_stop(queue: Queue) -> None:
    number = taken(queue)
    (queue.folder / f"{number}.end").write_text('{"status": "done"')
    assert only(queue).reason == "How it ended cannot be read."


def test_a_kill_between_the_new_order_and_the_old_one_leaves_one_job(queue: Queue) -> None:
    number = taken(queue)
    queue.end(number, Ending("failed", ""))
    order = (queue.folder / f"{number}.json").read_bytes()
    (queue.folder / "000002.json").write_bytes(order)
    assert (only(queue).number, only(queue).status) == ("000002", "waiting")


def test_a_folder_that_cannot_be_written_is_a_sentence(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue.out.write_text("no folder")
    with pytest.raises(BundleError, match=r"\.queue: cannot be written \(.+\); free some space"):
        queue.submit(Order("run"))
    queue.out.unlink()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("explorer.bundle.atomic.write_through", full)
    with pytest.raises(BundleError, match=r"cannot be written \(No space left on device\)"):
        queue.submit(Order("run"))
    assert queue.listing().jobs == ()


def test_there_is_an_end_to_what_can_wait(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ACTIVE", 1)
    queue.submit(Order("one"))
    with pytest.raises(BundleError, match="1 runs wait already"):
        queue.submit(Order("two"))
