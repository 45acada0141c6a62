from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.driver import Visitor, serve

pytestmark = pytest.mark.e2e


def test_home_leads_to_the_map_of_a_model(visitor: Visitor) -> None:
    visitor.open()
    page = visitor.page
    expect(page.get_by_role("heading", name="faces")).to_be_visible()
    expect(page.get_by_role("heading", name="digits")).to_be_visible()
    page.get_by_text("One folder could not be opened").click()
    expect(page.get_by_text("model.safetensors: truncated or damaged")).to_be_visible()
    page.get_by_role("button", name="Open the map").nth(1).click()
    visitor.wait_for_map()
    expect(page.get_by_role("heading", name="faces")).to_be_visible()
    assert "model=faces" in page.url


def test_home_shows_a_model_card(visitor: Visitor) -> None:
    visitor.open()
    visitor.page.get_by_role("button", name="Model card").first.click()
    expect(visitor.page.get_by_role("dialog")).to_contain_text("limitations")


def test_the_first_visitor_of_a_new_server_may_come_by_a_link(
    visit: Callable[..., Visitor], shelf: Path, tmp_path: Path
) -> None:
    with serve(shelf, log=tmp_path / "log.txt") as fresh:
        visitor = visit()
        visitor.server = fresh
        visitor.open_map("?model=faces&pick=toy-000007")
        visitor.wait_for_title("toy-000007")
        expect(visitor.page.get_by_text("Page not found")).to_have_count(0)
        visitor.page.goto("about:blank")


@pytest.mark.parametrize("width", [1400, 800, 420])
def test_nothing_is_wider_than_the_window(visit: Callable[..., Visitor], width: int) -> None:
    visitor = visit(width=width)
    visitor.open_map("?model=digits&pick=toy-000007")
    visitor.wait_for_title("toy-000007")
    assert visitor.ask("document.documentElement.scrollWidth") <= width
    box = visitor.canvas.bounding_box()
    assert box is not None
    assert box["width"] > min(350, width - 60)
