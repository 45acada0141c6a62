from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from explorer.latent import LatentError
from explorer.ui.diagnose.jobs import MAX_KEPT, Desk, Job

WAIT_S = 20


def quick(told: Callable[[float], object]) -> str:
    told(0.5)
    return "found"


def test_work_is_done_once_and_its_result_kept() -> None:
    desk, runs = Desk(), []

    def work(told: Callable[[float], object]) -> int:
        runs.append(1)
        return len(runs)

    job = desk.begin(("verdict", "a"), work)
    assert job.done.wait(WAIT_S)
    assert desk.begin(("verdict", "a"), work) is job
    assert (job.result, job.problem, job.share) == (1, "", 1.0)
    desk.forget(("verdict", "a"))
    again = desk.begin(("verdict", "a"), work)
    assert again.done.wait(WAIT_S)
    assert again.result == 2


def test_one_at_a_time_the_others_wait() -> None:
    desk, go, begun = Desk(), threading.Event(), threading.Event()

    def slow(told: Callable[[float], object]) -> str:
        told(0.25)
        begun.set()
        go.wait(WAIT_S)
        return "slow"

    first = desk.begin(("a",), slow)
    assert begun.wait(WAIT_S)
    second = desk.begin(("b",), quick)
    assert (first.is_waiting, second.is_waiting) == (False, True)
    assert first.share == 0.25
    assert first.seconds_left is not None
    assert second.seconds_left is None
    go.set()
    assert second.done.wait(WAIT_S)
    assert (first.result, second.result) == ("slow", "found")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (LatentError("mu has 3 rows; give at least 8."), "mu has 3 rows; give at least 8."),
        (MemoryError("no room"), "This could not be measured (MemoryError: no room)."),
    ],
)
def test_what_fails_is_a_sentence(error: Exception, sentence: str) -> None:
    def work(told: Callable[[float], object]) -> None:
        raise error

    job = Job()
    job.carry_out(work)
    assert job.done.is_set()
    assert (job.problem, job.result) == (sentence, None)


def test_the_oldest_results_are_forgotten() -> None:
    desk = Desk()
    first = desk.begin(("0",), quick)
    for number in range(MAX_KEPT + 1):
        assert desk.begin((str(number),), quick).done.wait(WAIT_S)
    assert desk.begin((str(MAX_KEPT),), quick).done.is_set()
    assert desk.begin(("0",), quick) is not first
