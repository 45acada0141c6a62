from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.driver import Visitor

pytestmark = pytest.mark.e2e


def tiles(page: Page, section: str) -> list[str]:
    """The pictures shown in a section."""
    found = page.locator(f".st-key-diagnose_{section} .diagnose-tiles img")
    return [str(found.nth(i).get_attribute("src")) for i in range(found.count())]


def test_the_verdict_appears_by_itself_with_a_command_and_is_there_at_once_again(
    visitor: Visitor,
) -> None:
    page = visitor.page
    visitor.open("/diagnose?model=faces")
    verdict = page.locator(".st-key-diagnose_verdict")
    verdict.get_by_text("What shows it").first.wait_for()
    expect(verdict.locator("code", has_text="python train_cli.py train").first).to_be_visible()
    said = verdict.get_by_role("alert").first.inner_text()
    plots = page.locator(".st-key-diagnose_factors .js-plotly-plot")
    plots.nth(1).wait_for()
    page.reload()
    verdict.get_by_text("What shows it").first.wait_for()
    expect(verdict.get_by_role("alert").first).to_contain_text(said.splitlines()[0])
    plots.nth(1).wait_for()
    expect(page.get_by_role("progressbar")).to_have_count(0)


def test_another_seed_shows_other_pictures_and_is_in_the_link(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/diagnose?model=digits&seed=3")
    identical = page.locator(".st-key-diagnose_identical .diagnose-tiles img")
    identical.last.wait_for()
    expect(identical).to_have_count(12)
    before = tiles(page, "identical")
    field = page.locator(".st-key-seed input")
    expect(field).to_have_value("3")
    visitor.page.get_by_text("What shows it").first.wait_for()
    field.fill("4")
    field.press("Enter")
    expect(identical.first).not_to_have_attribute("src", before[0])
    page.wait_for_url("**seed=4*")


def test_a_narrow_dark_window_shows_whole_pictures(visit: Callable[..., Visitor]) -> None:
    visitor = visit(width=400, dark=True)
    visitor.open("/diagnose?model=digits")
    strip = visitor.page.locator(".st-key-diagnose_interpolation .diagnose-tiles img")
    strip.last.wait_for()
    expect(strip).to_have_count(9)
    strip.last.scroll_into_view_if_needed()
    expect(strip.last).to_be_in_viewport(ratio=0.9)
    assert visitor.ask("document.scrollingElement.scrollWidth") <= 400
    assert strip.last.evaluate("image => image.complete && image.naturalWidth > 0")
