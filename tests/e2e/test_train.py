from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from explorer.bundle.jobs import Queue
from explorer.bundle.runs import watch
from tests.e2e.driver import Visitor, serve

pytestmark = pytest.mark.e2e
TRAINING_MS = 90_000


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    found = Queue(tmp_path / "shelf")
    found.out.mkdir()
    yield found
    for job in found.listing().jobs:
        if job.is_active:
            found.stop(job.number)


def fill(page: Page, label: str, value: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(value)
    field.press("Enter")
    expect(page.locator("[data-testid=stCode]").first).to_contain_text(value)


def button(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_run_is_started_watched_stopped_and_goes_on_after_a_restart(
    visit: Callable[..., Visitor], queue: Queue, tmp_path: Path
) -> None:
    with serve(queue.out, log=tmp_path / "log.txt") as server:
        visitor = visit()
        visitor.server, page = server, visitor.page
        visitor.open("/train?data=Digits&latent_dim=2")
        page.get_by_text("More", exact=True).click()
        for label, value in {"epochs": "500", "limit": "100", "width": "8"}.items():
            fill(page, label, value)
        button(page, "Start")
        curves = page.locator(".js-plotly-plot")
        curves.wait_for(timeout=TRAINING_MS)
        page.locator("[data-testid=stImage] img").wait_for(timeout=TRAINING_MS)
        expect(page.get_by_text("images/s")).to_be_visible()
        page.goto("about:blank")
    # The app is gone, the run is not.
    (job,) = queue.listing().jobs
    assert job.status == "running"
    epoch = watch(job.folder).progress.epoch
    with serve(queue.out, log=tmp_path / "log.txt") as server:
        visitor.server = server
        visitor.open("/train")
        button(page, "Stop")
        expect(page.get_by_text("It was stopped.")).to_be_visible(timeout=TRAINING_MS)
        button(page, "Resume")
        expect(page.get_by_text("images/s")).to_be_visible(timeout=TRAINING_MS)
        assert watch(job.folder).progress.epoch >= epoch
        button(page, "Stop")
        expect(page.get_by_text("It was stopped.")).to_be_visible(timeout=TRAINING_MS)
        page.goto("about:blank")
