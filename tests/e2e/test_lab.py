from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.driver import Visitor, differ

pytestmark = pytest.mark.e2e

SAME = 0.3  # mean difference, 0 to 255, of two pictures that nobody can tell apart


def open_lab(visitor: Visitor, query: str, root: str) -> Page:
    visitor.open(f"/lab?{query}")
    visitor.page.locator(root).first.wait_for()
    return visitor.page


def test_a_chosen_experiment_opens_and_is_in_the_address(visitor: Visitor) -> None:
    page = open_lab(visitor, "", ".stencil[data-ready]")
    page.get_by_role("radio", name="2 · The reparameterisation trick").click()
    expect(page.get_by_role("heading", name="How can a network learn")).to_be_visible()
    page.locator(".posterior[data-ready]").wait_for()
    assert page.url.endswith("experiment=reparameterisation") or "reparameterisation&" in page.url


def test_the_window_is_swept_and_the_sums_are_told(visitor: Visitor) -> None:
    page = open_lab(visitor, "step=3", ".stencil[data-ready]")
    stencil = page.locator(".stencil")
    expect(stencil).to_have_attribute("data-stage", "sweep")
    page.locator(".stencil .after canvas").click(position={"x": 5, "y": 5})
    expect(page.locator(".stencil .says")).to_have_text("Row 1, column 1: 1 × 1 = 1")
    before = visitor.pixels(page.locator(".stencil .after canvas"))
    for _ in range(14):
        stencil.press("ArrowRight")
    expect(page.locator(".stencil .says")).to_contain_text("Row 2, column 3: 1 × 6 = 6")
    assert differ(visitor.pixels(page.locator(".stencil .after canvas")), before) > SAME
    page.get_by_role("button", name="Play").click()
    expect(stencil).not_to_have_attribute("data-step", "17")
    page.get_by_role("button", name="Pause").click()
    page.locator(".stages button", has_text="Crop").click()
    expect(page.locator(".stencil .after figcaption")).to_have_text("Output · 10 × 10")
    page.wait_for_url("**step=147*")


def test_a_setting_changes_the_sizes_and_a_wrong_one_is_explained(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit(width=400, dark=True)
    page = open_lab(visitor, "", ".stencil[data-ready]")
    assert visitor.ask("document.scrollingElement.scrollWidth") <= 400
    stride = page.get_by_label("Stride S", exact=True)
    stride.press("ArrowUp")
    stride.press("Enter")
    expect(page.locator(".stages button").last).to_contain_text("12 × 12")
    padding = page.get_by_label("Output pad. OP", exact=True)
    padding.fill("4")
    padding.press("Enter")
    expect(page.get_by_text("Output padding is 4 and the stride 4")).to_be_visible()


def test_noise_moves_the_face_and_the_way_back_restores_it(visitor: Visitor) -> None:
    page = open_lab(visitor, "experiment=reparameterisation&model=faces", ".posterior[data-drawn]")
    posterior = page.locator(".posterior")
    canvas = page.locator(".posterior .now canvas")
    first, z = visitor.pixels(canvas), float(posterior.get_attribute("data-z") or "nan")
    drawn = posterior.get_attribute("data-drawn") or ""
    page.locator("#slide-mu").fill("4")
    expect(posterior).to_have_attribute("data-z", "4.00")
    expect(posterior).not_to_have_attribute("data-drawn", drawn)
    moved = visitor.pixels(canvas)
    assert differ(moved, first) > SAME
    page.wait_for_url("**mu=4.00*")
    drawn = posterior.get_attribute("data-drawn") or ""
    page.get_by_role("button", name="Back to the face").click()
    expect(posterior).to_have_attribute("data-z", f"{z:.2f}")
    expect(posterior).not_to_have_attribute("data-drawn", drawn)
    assert differ(visitor.pixels(canvas), first) < SAME


def test_wider_draws_are_less_certain(visitor: Visitor) -> None:
    query = "experiment=reparameterisation&part=How+certain%3F&many=16"
    page = open_lab(visitor, query, ".draws[data-done='16']")
    draws = page.locator(".draws")
    spread = float(draws.get_attribute("data-spread") or "nan")
    name = draws.get_attribute("data-id") or ""
    slider = page.locator("[data-testid=stSlider]", has_text="Times σ").locator("input")
    slider.press("End")
    expect(draws).not_to_have_attribute("data-id", name)
    page.locator(".draws[data-done='16']").wait_for()
    assert float(draws.get_attribute("data-spread") or "nan") > 1.5 * spread
    slider.press("Home")
    expect(draws).to_have_attribute("data-spread", "0.00")
    sheet = page.locator(".draws .sheet canvas")
    assert np.array_equal(visitor.pixels(sheet.nth(0)), visitor.pixels(sheet.nth(5)))
