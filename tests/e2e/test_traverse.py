from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, expect

import explorer
from explorer.bundle import Bundle, write_bundle
from tests.bundles import make_contents
from tests.e2e.driver import Server, Visitor, differ, serve

pytestmark = pytest.mark.e2e

# Mean difference, 0 to 255, of two pictures that are the same but for the way they were made
# smaller; one moved dimension makes some 16 to 20.
SAME = 4.0
FACE = 12


class Table:
    """The rows as a visitor sees and drags them."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page

    def open(self, query: str = f"?model=faces&face=toy-{FACE:06d}") -> Table:
        self.visitor.open(f"/traverse{query}")
        self.wait_for_rows()
        return self

    def wait_for_rows(self) -> None:
        self.page.locator(".traverse[data-ready][data-faces]").wait_for()
        self.page.wait_for_function(
            "() => [...document.querySelectorAll('*')].map((e) => e.shadowRoot?.querySelector"
            "('.traverse')).find((e) => e)?.dataset.filled >= 4"
        )

    def row(self, name: str) -> Locator:
        return self.page.locator(".traverse .row").filter(
            has=self.page.locator("b", has_text=name)
        )

    def handle(self, name: str) -> Locator:
        return self.row(name).locator("input")

    def value(self, name: str) -> float:
        return float(self.handle(name).input_value())

    @property
    def large(self) -> np.ndarray:
        return self.visitor.pixels(self.page.locator(".traverse canvas.now"))

    def cell(self, name: str, number: int) -> np.ndarray:
        return self.visitor.pixels(self.row(name).locator(".cells canvas"), part=number, of=11)

    def to_share(self, name: str, share: float) -> tuple[float, float]:
        """Page coordinates of a share of the way from the first picture of a row to its last."""
        box = self.row(name).locator(".cells").bounding_box()
        assert box is not None
        half = box["width"] / 22
        return box["x"] + half + share * (box["width"] - 2 * half), box["y"] + box["height"] / 2

    def press(self, name: str, share: float) -> None:
        self.page.mouse.move(*self.to_share(name, share))
        self.page.mouse.down()

    def drag(self, name: str, share: float) -> None:
        """Drags over the row's pictures and lets go there, and waits until that is known."""
        self.press(name, 0.5)
        self.page.mouse.move(*self.to_share(name, share), steps=8)
        self.page.mouse.up()
        number = name.removeprefix("Dimension ")
        self.page.wait_for_url(f"**moves=*{number}%3A*")

    def wait_for_large(self, wanted: np.ndarray) -> None:
        for _ in range(100):
            if differ(self.large, wanted) < SAME:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"The picture differs by {differ(self.large, wanted):.1f}.")


@pytest.fixture
def table(visitor: Visitor) -> Table:
    return Table(visitor).open()


def code_of(bundle: Bundle, **dimensions: float) -> np.ndarray:
    code = bundle.latents.mu[FACE].astype(np.float32)
    for name, value in dimensions.items():
        code[int(name.removeprefix("d"))] = value
    return code


def seen(bundle: Bundle, code: np.ndarray) -> np.ndarray:
    """What a canvas of 64 x 64 pictures looks like at 32 x 32."""
    return bundle.decode(code[None])[0].reshape(32, 2, 32, 2, 3).mean(axis=(1, 3))


def test_the_page_opens_with_the_face_and_its_rows(table: Table, faces: Bundle) -> None:
    expect(table.page.locator(".traverse h3")).to_have_text(f"toy-{FACE:06d}")
    expect(table.page.locator(".traverse .row")).to_have_count(8)
    expect(table.row("Dimension 0")).to_contain_text("nats")
    expect(table.row("Dimension 0")).to_contain_text("Smiling +")
    table.wait_for_large(seen(faces, code_of(faces)))


def test_a_row_shows_its_dimension_from_low_to_high(table: Table, faces: Bundle) -> None:
    for number, value in ((0, -3.0), (5, 0.0), (10, 3.0)):
        wanted = seen(faces, code_of(faces, d4=value))
        assert differ(table.cell("Dimension 4", number), wanted) < 2 * SAME


def test_the_picture_changes_while_the_mouse_is_down(table: Table, faces: Bundle) -> None:
    table.press("Dimension 3", 0.5)
    table.wait_for_large(seen(faces, code_of(faces, d3=0.0)))
    table.page.mouse.move(*table.to_share("Dimension 3", 1.0), steps=5)
    table.wait_for_large(seen(faces, code_of(faces, d3=3.0)))
    assert "moves=" not in table.page.url  # nothing has been let go
    table.page.mouse.move(*table.to_share("Dimension 3", 0.0), steps=5)
    table.wait_for_large(seen(faces, code_of(faces, d3=-3.0)))
    table.page.mouse.up()
    table.page.wait_for_url("**moves=3%3A-3.000*")


def test_the_other_dimensions_stay_where_they_were_put(table: Table, faces: Bundle) -> None:
    table.drag("Dimension 3", 1.0)
    table.drag("Dimension 6", 0.0)
    table.wait_for_large(seen(faces, code_of(faces, d3=3.0, d6=-3.0)))
    expect(table.page.locator(".traverse .moved button")).to_have_count(3)


def test_the_other_rows_start_from_what_was_changed(table: Table, faces: Bundle) -> None:
    table.drag("Dimension 3", 1.0)
    table.wait_for_rows()
    expect(table.page.locator(".traverse .row[data-stale]")).to_have_count(0)
    wanted = seen(faces, code_of(faces, d3=3.0, d4=3.0))
    assert differ(table.cell("Dimension 4", 10), wanted) < 2 * SAME


def test_a_double_click_puts_a_handle_back(table: Table, faces: Bundle) -> None:
    table.drag("Dimension 3", 1.0)
    table.handle("Dimension 3").dblclick()
    table.wait_for_large(seen(faces, code_of(faces)))
    expect(table.page.locator(".traverse .moved button")).to_have_count(0)


def test_the_keyboard_moves_a_handle(table: Table) -> None:
    before = table.value("Dimension 5")
    table.handle("Dimension 5").focus()
    for _ in range(4):
        table.page.keyboard.press("ArrowRight")
    table.page.wait_for_url("**moves=5%3A*")
    assert table.value("Dimension 5") == pytest.approx(before + 0.6, abs=0.01)


def test_a_link_brings_the_picture_back(table: Table, faces: Bundle) -> None:
    table.drag("Dimension 3", 1.0)
    address = table.page.url.removeprefix(table.visitor.server.url)
    table.visitor.open("/")
    table.open(address.removeprefix("/traverse"))
    table.wait_for_large(seen(faces, code_of(faces, d3=3.0)))
    assert table.value("Dimension 3") == pytest.approx(3.0)


def test_handles_stay_over_pages(table: Table, faces: Bundle) -> None:
    table.drag("Dimension 3", 1.0)
    table.page.get_by_role("link", name="Photo").click()
    expect(table.page.get_by_role("heading", name="Photo")).to_be_visible()
    table.page.get_by_role("link", name="Traverse").click()
    table.wait_for_rows()
    table.wait_for_large(seen(faces, code_of(faces, d3=3.0)))


def test_zero_is_a_start(table: Table, faces: Bundle) -> None:
    table.page.get_by_role("button", name="Start from zero").click()
    expect(table.page.locator(".traverse h3")).to_have_text("Zero")
    table.wait_for_large(seen(faces, np.zeros(8, np.float32)))


def test_principal_components_are_other_rows(table: Table) -> None:
    before = table.page.locator(".traverse .row b").all_inner_texts()
    table.page.get_by_role("radio", name="Principal components").click()
    expect(table.page.locator(".traverse .row b").first).to_have_text("PC 1")
    assert table.page.locator(".traverse .row b").all_inner_texts() != before


def test_the_changed_face_goes_to_another_page(table: Table) -> None:
    table.drag("Dimension 3", 1.0)
    table.page.get_by_role("button", name="Take it to").click()
    table.page.get_by_role("button", name="Find its place on the map").click()
    table.visitor.wait_for_map()
    table.visitor.wait_for_title("A place on the map")


def test_a_narrow_window_holds_it_all(visit: object, faces: Bundle) -> None:
    visitor = visit(width=400)  # type: ignore[operator]
    table = Table(visitor).open()
    assert visitor.ask("document.scrollingElement.scrollWidth") <= 400
    table.row("Dimension 3").scroll_into_view_if_needed()
    table.drag("Dimension 3", 1.0)
    expect(table.page.locator(".traverse canvas.now")).to_be_in_viewport()
    table.wait_for_large(seen(faces, code_of(faces, d3=3.0)))


@pytest.fixture
def thrifty(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Visitor, Bundle]]:
    """A visit to a model of 26 dimensions, two of them dead."""
    folder = tmp_path_factory.mktemp("thrifty")
    contents = make_contents(name="thrifty", latent_dim=26, image_size=64)
    mu = contents.mu.copy()
    mu[:, [2, 5]] *= 0.01
    path: Path = write_bundle(folder / "thrifty", replace(contents, mu=mu))
    with serve(folder, log=folder / "log.txt") as server:
        server_of: Server = server
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        visitor = Visitor(page, server_of)
        yield visitor, explorer.load(path)
        page.close()
    assert visitor.errors == []


def test_dead_dimensions_are_folded_and_many_rows_are_paged(
    thrifty: tuple[Visitor, Bundle],
) -> None:
    visitor, _ = thrifty
    table = Table(visitor).open("?model=thrifty")
    living = table.page.locator(".traverse .living .row")
    dead = table.page.locator(".traverse .dead .row")
    expect(living).to_have_count(20)
    table.page.get_by_role("button", name="Show 4 more of 4 rows").click()
    expect(living).to_have_count(24)
    expect(dead.first).to_be_hidden()
    table.page.get_by_text("2 dead", exact=True).click()
    expect(dead.first).to_be_visible()
    expect(table.page.locator(".traverse .dead p")).to_contain_text("the model has put nothing")
    names = dead.locator("b").all_inner_texts()
    assert set(names) == {"Dimension 2", "Dimension 5"}
