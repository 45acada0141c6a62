"""The Compare page in a browser: one slider for all models, a click, linked maps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

import explorer
from explorer.bundle.sweeps import CellIndex, SweepIndex, write_index
from tests.bundles import make_bundle
from tests.e2e.driver import Server, Visitor, differ, serve

pytestmark = pytest.mark.e2e
BETAS = (0.1, 1.0, 4.0)


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three models of the same faces, by their betas; a fourth cell is empty."""
    shelf = tmp_path_factory.mktemp("shelf")
    cells = [CellIndex(f"b{beta:g}", beta, 8, "conv", True, "linear") for beta in (*BETAS, 10.0)]
    write_index(shelf / "grid", SweepIndex("", tuple(cells)))
    for beta in BETAS:
        name = f"b{beta:g}"
        make_bundle(shelf / "grid" / name, name=name, num_images=200, beta=beta)
    return shelf


@pytest.fixture(scope="module")
def server(grid: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(grid, log=tmp_path_factory.mktemp("server") / "log.txt") as running:
        yield running


def open_compare(visitor: Visitor, query: str = "") -> None:
    visitor.open(f"/compare{query}")
    # The first visitor waits for torch as well.
    visitor.page.locator(".compare[data-rounds]").wait_for(timeout=60_000)


def panel(visitor: Visitor, number: int) -> np.ndarray:
    return visitor.pixels(visitor.page.locator(f".panel[data-number='{number}'] canvas"))


def wait_for_round(visitor: Visitor, act: Callable[[], object]) -> None:
    """Waits until a move is shown in all panels."""
    before = int(visitor.page.locator(".compare").get_attribute("data-rounds") or 0)
    act()
    visitor.page.locator(f".compare:not([data-rounds='{before}'])").wait_for()


def drawn(path: Path, picture: str, *, value: float) -> np.ndarray:
    """What a model draws for a picture moved towards Smiling, (32, 32, 3)."""
    bundle = explorer.load(path)
    row = bundle.items["id"].tolist().index(picture)
    code = np.asarray(bundle.latents.mu[row : row + 1], np.float32)
    return bundle.decode(bundle.direction("Smiling").apply(code, alpha=value))[0]


def shows_first(seen: np.ndarray, candidates: list[np.ndarray]) -> bool:
    """Whether a canvas, smoother than what it was painted with, is nearest to the first."""
    return int(np.argmin([differ(seen, candidate) for candidate in candidates])) == 0


def test_one_slider_moves_the_same_picture_in_every_model(visitor: Visitor, grid: Path) -> None:
    open_compare(visitor, "?slider=Smiling&picture=toy-000190")
    before = [panel(visitor, number) for number in range(3)]
    slider = visitor.page.locator(".compare input[type=range]")
    wait_for_round(visitor, lambda: slider.press("End"))
    for number, beta in enumerate(BETAS):
        seen, path = panel(visitor, number), grid / "grid" / f"b{beta:g}"
        assert differ(seen, before[number]) > 3
        candidates = [("toy-000190", 3.0), ("toy-000190", 0.0), ("toy-000191", 3.0)]
        assert shows_first(seen, [drawn(path, name, value=at) for name, at in candidates])
    assert "This cell is empty" in visitor.page.locator(".panel[data-number='3']").inner_text()
    visitor.page.wait_for_function("location.search.includes('edit=3')")


def test_a_click_on_a_picture_puts_it_under_the_slider(visitor: Visitor, grid: Path) -> None:
    open_compare(visitor, "?picture=toy-000190")
    visitor.page.locator(".compare[data-drawn='12']").wait_for()  # 4 rows of 3 models
    other = visitor.page.locator(".strip[data-key='pictures0'] button").nth(4)
    name = str(other.get_attribute("aria-label"))
    wait_for_round(visitor, other.click)
    visitor.page.locator(f"[aria-pressed='true'][aria-label='{name}']").first.wait_for()
    visitor.page.wait_for_function(f"location.search.includes('picture={name}')")
    candidates = [drawn(grid / "grid" / "b0.1", each, value=0) for each in (name, "toy-000190")]
    assert shows_first(panel(visitor, 0), candidates)


def test_a_point_of_one_map_lights_up_in_all_and_stays_when_clicked(visitor: Visitor) -> None:
    visitor.open("/compare?view=Maps&picture=toy-000190")
    maps = visitor.page.locator(".maps[data-ready]")
    maps.wait_for()
    rings = visitor.page.locator("canvas.rings")
    before = [visitor.pixels(rings.nth(number), side=64) for number in range(3)]
    rings.nth(1).focus()
    rings.nth(1).press("ArrowRight")
    visitor.page.locator(".maps[data-lit]:not([data-lit='-1'])").wait_for()
    after = [visitor.pixels(rings.nth(number), side=64) for number in range(3)]
    assert all(differ(*pair) > 0 for pair in zip(before, after, strict=True))
    rings.nth(1).press("Enter")
    visitor.page.wait_for_function("!location.search.includes('picture=toy-000190')")
