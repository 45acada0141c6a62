from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from explorer.lab.gaussians import kl_parts
from tests.e2e.driver import Visitor, differ, serve
from tests.lab_models import make_models

pytestmark = pytest.mark.e2e

CHANGED = 3.0  # mean difference, 0 to 255, of two pictures that plainly differ
SAME = 0.5


@pytest.fixture(scope="module")
def visitor(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """One visitor of an app with the models that the experiments need."""
    folder = tmp_path_factory.mktemp("lab")
    make_models(folder)
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with serve(folder, log=log) as server:
        page = browser.new_context(viewport={"width": 1280, "height": 1400}).new_page()
        page.set_default_timeout(20_000)
        found = Visitor(page, server)
        yield found
        page.context.close()
    assert (found.errors, found.foreign) == ([], [])


def columns_ready(visitor: Visitor, faces: int) -> None:
    visitor.page.locator(".models[data-ready]").wait_for()
    visitor.page.wait_for_function(
        "n => [...document.querySelectorAll('*')].some(e => Number("
        "e.shadowRoot?.querySelector('.models')?.dataset.faces ?? 0) >= n)",
        arg=faces,
    )


def test_pointing_at_one_plane_asks_all_models(visitor: Visitor) -> None:
    visitor.open("/lab?experiment=kl_term")
    columns_ready(visitor, 4)
    pictures = visitor.page.locator(".here canvas")
    before = [visitor.pixels(pictures.nth(i)) for i in range(4)]
    box = visitor.page.locator(".plane").first.bounding_box()
    assert box is not None
    visitor.page.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + 0.2 * box["height"])
    columns_ready(visitor, 8)
    after = [visitor.pixels(pictures.nth(i)) for i in range(4)]
    assert all(differ(old, new) > CHANGED for old, new in zip(before, after, strict=True))
    visitor.page.wait_for_function("location.search.includes('place=')")


def test_the_divergence_is_told_while_a_slider_moves(visitor: Visitor) -> None:
    visitor.open("/lab?experiment=kl_term&mu=0&sigma=1")
    total = visitor.page.locator(".kl .total output")
    expect(total).to_have_text("0.00")
    slider = visitor.page.get_by_label("Mean μ of the posterior")
    slider.focus()
    for _ in range(12):
        slider.press("ArrowRight")
    expect(total).to_have_text(f"{kl_parts(0.6, 1).total:.2f}")
    visitor.page.wait_for_function("location.search.includes('mu=0.60')")


def test_another_sampler_draws_other_pictures_and_leaves_the_walks(visitor: Visitor) -> None:
    visitor.open("/lab?experiment=autoencoder")
    columns_ready(visitor, 2)
    ready = visitor.page.locator(".models")
    version = ready.get_attribute("data-ready") or ""
    samples = visitor.page.locator(".sheet").first.locator("canvas").first
    walk = visitor.page.locator(".sheet").nth(1).locator("canvas").first
    before = visitor.pixels(samples), visitor.pixels(walk)
    visitor.page.get_by_text("a mixture fitted to them").click()
    expect(ready).not_to_have_attribute("data-ready", version)
    assert differ(before[0], visitor.pixels(samples)) > CHANGED
    assert differ(before[1], visitor.pixels(walk)) < SAME


def test_the_slider_moves_a_real_picture_along_the_vector(visitor: Visitor) -> None:
    visitor.open("/lab?experiment=class_cloud")
    way = visitor.page.locator(".way[data-faces]")
    way.wait_for()
    expect(visitor.page.locator(".models[data-ready] h4")).to_contain_text("The 7s")
    before = visitor.pixels(way.locator(".picture"))
    slider = visitor.page.get_by_label("Share of the vector that is added")
    slider.focus()
    for _ in range(4):
        slider.press("PageUp")
    expect(way.locator("output")).to_have_text("1.00 of the vector")
    visitor.page.wait_for_function("location.search.includes('alpha=1.00')")
    expect(way.locator(".picture")).to_have_attribute(
        "aria-label", "The picture with 1.00 of the vector added"
    )
    assert differ(before, visitor.pixels(way.locator(".picture"))) > CHANGED
