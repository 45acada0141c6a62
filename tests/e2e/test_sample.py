from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, expect

import explorer
from explorer.bundle import Bundle
from explorer.ui.folders import ROOT
from tests.e2e.driver import Visitor, differ, serve

pytestmark = pytest.mark.e2e

CHANGED = 3.0  # mean difference, 0 to 255, of two pictures that plainly differ
SAME = 1.0
ALIKE = 6.0  # of two that are the same in two sizes; samples of these bundles differ by some 15


class Samples:
    """The sheet as a visitor sees it."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.root = self.page.locator(".sample[data-ready]")
        self.chosen = self.page.locator(".chosen[data-number]:not([data-early])")

    def open(self, query: str = "?model=faces&count=16") -> Samples:
        self.visitor.open(f"/sample{query}")
        self.root.wait_for()
        self.chosen.wait_for()
        return self

    @property
    def buttons(self) -> Locator:
        return self.root.locator("button")

    @property
    def sheet(self) -> str:
        return self.root.get_attribute("data-sheet") or ""

    def pictures(self, count: int = 16) -> np.ndarray:
        canvases = self.root.locator("button canvas")
        return np.stack([self.visitor.pixels(canvases.nth(i)) for i in range(count)])

    def wait_for_another(self, sheet: str) -> None:
        expect(self.root).not_to_have_attribute("data-sheet", sheet)

    def reroll(self) -> None:
        before = self.sheet
        self.page.get_by_role("button", name="Reroll").click()
        self.wait_for_another(before)

    def draw_from(self, source: str) -> None:
        before = self.sheet
        self.page.get_by_role("radio", name=source).click()
        self.wait_for_another(before)

    def set_seed(self, seed: int) -> None:
        before = self.sheet
        field = self.page.get_by_label("Seed", exact=True)
        field.fill(str(seed))
        field.press("Enter")
        self.wait_for_another(before)

    @property
    def large(self) -> np.ndarray:
        return self.visitor.pixels(self.page.locator(".chosen .big canvas"))


@pytest.fixture
def samples(visitor: Visitor) -> Samples:
    return Samples(visitor).open()


def test_the_same_seed_gives_the_same_pictures_and_another_others(samples: Samples) -> None:
    first = samples.pictures()
    samples.reroll()
    assert differ(samples.pictures(), first) > CHANGED
    samples.set_seed(0)
    assert differ(samples.pictures(), first) < SAME


def test_the_sheet_is_what_the_bundle_draws(samples: Samples, faces: Bundle) -> None:
    codes = faces.sample(16, temperature=0.8, seed=0)
    wanted = faces.decode(codes).reshape(16, 32, 2, 32, 2, 3).mean(axis=(2, 4))
    assert differ(samples.pictures(), wanted) < ALIKE


def test_a_class_at_temperature_0_is_one_picture(samples: Samples) -> None:
    assert differ(samples.pictures()[1:], samples.pictures()[:1]) > CHANGED
    samples.open("?model=faces&count=16&sampler=A+class&temperature=0")
    found = samples.pictures()
    assert differ(found[1:], found[:1]) < SAME


def test_a_click_shows_a_sample_large_with_what_is_near(samples: Samples) -> None:
    first = samples.large
    samples.buttons.nth(5).click()
    expect(samples.chosen.locator("h3")).to_have_text("Sample 6 of the mixture, seed 0")
    expect(samples.buttons.nth(5)).to_have_attribute("aria-pressed", "true")
    expect(samples.chosen.locator("figure")).to_have_count(6)
    expect(samples.chosen.locator(".memorised")).to_contain_text("Not a copy")
    assert differ(samples.large, first) > CHANGED
    assert differ(samples.large, samples.pictures(6)[5]) < ALIKE
    assert "sample=5" in samples.page.url
    samples.buttons.nth(5).click()  # nothing new: nothing to wait for
    expect(samples.chosen).to_be_visible()


def test_resting_on_a_training_picture_compares(samples: Samples) -> None:
    before = samples.large
    samples.chosen.locator("figure").first.hover()
    expect(samples.chosen.locator(".badge")).to_have_text("training")
    assert differ(samples.large, before) > CHANGED
    samples.page.mouse.move(5, 5)
    expect(samples.chosen.locator(".badge")).to_have_text("decoded")
    assert differ(samples.large, before) < SAME


def test_rings_begin_with_one_picture_and_grow_apart(samples: Samples) -> None:
    samples.draw_from("Rings")
    expect(samples.root.locator(".group")).to_have_count(8)
    found = samples.pictures(64).reshape(8, 8, 32, 32, 3)
    assert differ(found[0, 1:], found[0, :1]) < SAME
    assert differ(found[7, 1:], found[7, :1]) > CHANGED
    expect(samples.root.locator("header").first).to_contain_text("nearer to it than any face")


def test_more_sheets_can_be_looked_at(samples: Samples) -> None:
    samples.draw_from("Corners")
    expect(samples.buttons).to_have_count(16)
    samples.draw_from("Between classes")
    expect(samples.root).to_contain_text("From “Smiling” to “Eyeglasses”")
    samples.draw_from("Prior")
    expect(samples.buttons).to_have_count(16)


def test_the_samplers_are_compared(samples: Samples) -> None:
    table = samples.page.get_by_test_id("stTable")
    for name in ("Mixture", "Prior", "Class “Smiling”"):
        expect(table).to_contain_text(name)
    expect(samples.page.locator(".js-plotly-plot")).to_be_visible()


def test_sheet_and_codes_can_be_taken_home(samples: Samples, faces: Bundle) -> None:
    with samples.page.expect_download() as download:
        samples.page.get_by_role("button", name="Download PNG").click()
    assert download.value.suggested_filename == "faces-mixture-0.png"
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
    with samples.page.expect_download() as download:
        samples.page.get_by_role("button", name="Codes as JSON").click()
    read = json.loads(Path(download.value.path()).read_text())
    codes = faces.sample(16, temperature=0.8, seed=0)
    np.testing.assert_allclose(np.array(read["codes"]), codes, rtol=1e-5)


def test_a_link_brings_the_chosen_sample_back(samples: Samples) -> None:
    samples.buttons.nth(5).click()
    samples.page.wait_for_url("**sample=5*")
    wanted = samples.large
    address = samples.page.url.removeprefix(samples.visitor.server.url)
    samples.visitor.open("/")
    samples.open(address.removeprefix("/sample"))
    assert differ(samples.large, wanted) < SAME
    expect(samples.buttons.nth(5)).to_have_attribute("aria-pressed", "true")


def test_a_sample_goes_to_another_page(samples: Samples) -> None:
    samples.buttons.nth(5).click()
    expect(samples.chosen.locator("h3")).to_contain_text("Sample 6")
    wanted = samples.large
    samples.page.get_by_role("button", name="Take it to").click()
    samples.page.get_by_role("button", name="Change its numbers").click()
    samples.page.locator(".traverse[data-ready][data-faces]").wait_for()
    expect(samples.page.locator(".traverse h3")).to_contain_text("Sample 6")
    large = samples.visitor.pixels(samples.page.locator(".traverse canvas.now"))
    assert differ(large, wanted) < ALIKE


def test_a_kept_sample_is_at_hand_elsewhere(samples: Samples) -> None:
    samples.buttons.nth(3).click()
    expect(samples.chosen.locator("h3")).to_contain_text("Sample 4")
    samples.page.get_by_role("button", name="Keep this face").click()
    expect(samples.page.get_by_text("Kept: it is at hand")).to_be_visible()
    samples.page.get_by_role("link", name="Traverse").click()
    expect(samples.page.locator(".shelf button[aria-label^='Sample 4']")).to_be_visible()


def test_a_narrow_window_goes_to_the_chosen_sample(visit: Callable[..., Visitor]) -> None:
    visitor = visit(width=400, dark=True)
    samples = Samples(visitor).open()
    assert visitor.ask("document.scrollingElement.scrollWidth") <= 400
    samples.buttons.nth(2).click()
    expect(samples.chosen.locator("h3")).to_contain_text("Sample 3")
    expect(samples.page.locator(".chosen .big canvas")).to_be_in_viewport(ratio=0.9)


@pytest.fixture
def digits(browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    """A visit to the shipped bundles."""
    with serve(ROOT / "pretrained", log=tmp_path / "log.txt") as server:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        visitor = Visitor(page, server)
        yield visitor
        page.close()
    assert visitor.errors == []


def test_more_sevens_are_sevens(digits: Visitor) -> None:
    bundle = explorer.load(ROOT / "pretrained" / "mnist")
    samples = Samples(digits).open("?model=mnist&count=36&sampler=A+class&class=7&temperature=0.5")
    canvases = samples.root.locator("button canvas")
    shown = [digits.pixels(canvases.nth(i), side=28)[..., :1] for i in range(36)]
    mu, _ = bundle.encode(np.stack(shown))
    distance = np.linalg.norm(
        mu[:, None] - np.stack([bundle.cloud(label).mean for label in "0123456789"]), axis=2
    )
    assert np.mean(distance.argmin(axis=1) == 7) > 0.8
