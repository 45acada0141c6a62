"""Traversals and samples in a real headless Chromium: how long until they are seen.

    python benchmarks/sampling.py pretrained/toy-faces
    python benchmarks/sampling.py pretrained/faces --repeats 15 --json

Served from this machine to this machine: a remote visitor adds the network's round trip. What
must be reached on 2 cores: 64 samples 400 ms, a grid of 20 x 11 pictures 500 ms, 20 pictures a
second while a handle is dragged.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import FloatRect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import explorer  # noqa: E402 - the repository is not installed
from tests.e2e.driver import Visitor, launch, serve  # noqa: E402

ROWS, PICTURES = 20, 64
# Tall enough for 20 rows: all of them are in sight, so all are decoded.
TALL = {"width": 1400, "height": 2200}
FIND = """const find = (name) => [...document.querySelectorAll("*")]
  .map((e) => e.shadowRoot?.querySelector(name)).find((e) => e);"""
# Starts a clock at the end of the next press; stops it at the first paint after a condition.
WATCH = (
    "([name, ready]) => {"
    + FIND
    + """
  const root = find(name);
  const isReady = new Function("root", "before", `return ${ready}`);
  const before = { ...root.dataset };
  const time = (window.__time = {});
  const start = () => (time.start = performance.now());
  addEventListener("pointerup", start, { once: true, capture: true });
  const watch = new MutationObserver(() => {
    if (time.start === undefined || time.end !== undefined || !isReady(root, before)) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => (time.end = performance.now())));
  });
  watch.observe(root, { attributes: true });
}"""
)
SHEET_READY = "root.dataset.sheet !== before.sheet"
GRID_READY = "Number(root.dataset.filled) >= %d"


@dataclass(frozen=True)
class Figures:
    """What was measured; times in ms unless named otherwise."""

    image_size: int
    latent_dim: int
    rows: int
    sample_64: float
    sample_64_worst: float
    grid: float
    grid_worst: float
    drag_moves_per_s: float
    drag_pictures_per_s: float
    console_errors: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=8.0, help="how long a handle is dragged")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.bundle, repeats=options.repeats, seconds=options.seconds)
    if options.json:
        print(json.dumps(asdict(figures)))
        return 0
    for name, value in asdict(figures).items():
        print(f"{name:22} {value:10.1f}" if isinstance(value, float) else f"{name:22} {value:10}")
    return 0


def measure(path: Path, *, repeats: int, seconds: float) -> Figures:
    model = explorer.load(path).config.model
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(path.resolve(), log=Path(folder) / "log.txt") as server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        visitor = Visitor(browser.new_page(viewport=TALL), server)
        samples = time_samples(visitor, repeats)
        rows = min(ROWS, model.latent_dim)
        grids = time_grids(visitor, repeats, rows)
        moves, pictures = time_drag(visitor, seconds)
        figures = Figures(
            image_size=model.image_size,
            latent_dim=model.latent_dim,
            rows=rows,
            sample_64=statistics.median(samples),
            sample_64_worst=max(samples),
            grid=statistics.median(grids),
            grid_worst=max(grids),
            drag_moves_per_s=moves,
            drag_pictures_per_s=pictures,
            console_errors=len(visitor.errors),
        )
        browser.close()
    for error in visitor.errors:
        print(error, file=sys.stderr)
    return figures


def time_samples(visitor: Visitor, repeats: int) -> list[float]:
    """From the end of the click on Reroll to all 64 pictures painted."""
    visitor.open(f"/sample?count={PICTURES}")
    visitor.page.locator(".sample[data-ready]").wait_for()
    visitor.page.wait_for_timeout(6000)  # the comparison of the samplers is measured once
    button = visitor.page.get_by_role("button", name="Reroll")
    times = [time_press(visitor, ".sample", SHEET_READY, button.click) for _ in range(repeats)]
    return times[1:]


def time_grids(visitor: Visitor, repeats: int, rows: int) -> list[float]:
    """From letting a handle go to all rows redrawn from there."""
    visitor.open("/traverse")
    visitor.page.locator(f".traverse[data-filled='{rows}']").wait_for()
    times = []
    for number in range(repeats):
        x, y = place(film(visitor), 0.2 + 0.6 * ((0.618 * number) % 1))
        press = partial(visitor.page.mouse.click, x, y)
        times.append(time_press(visitor, ".traverse", GRID_READY % rows, press))
    return times[1:]


def time_press(visitor: Visitor, name: str, ready: str, press: Callable[[], None]) -> float:
    visitor.page.evaluate(WATCH, [name, ready])
    press()
    visitor.page.wait_for_function("window.__time.end !== undefined")
    time_of: dict[str, float] = visitor.page.evaluate("window.__time")
    visitor.page.wait_for_timeout(700)
    return time_of["end"] - time_of["start"]


def time_drag(visitor: Visitor, seconds: float) -> tuple[float, float]:
    """Moves of the mouse and large pictures drawn, a second, while a handle is dragged."""
    box = film(visitor)
    visitor.page.mouse.move(*place(box, 0.5))
    visitor.page.mouse.down()
    count = f"() => {{ {FIND} return Number(find('.traverse').dataset.faces); }}"
    before, start, moves = visitor.page.evaluate(count), time.perf_counter(), 0
    while (spent := time.perf_counter() - start) < seconds:
        visitor.page.mouse.move(*place(box, 0.5 + 0.45 * math.sin(3 * spent)))
        moves += 1
    drawn = visitor.page.evaluate(count) - before
    visitor.page.mouse.up()
    return moves / spent, drawn / spent


def film(visitor: Visitor) -> FloatRect:
    """Where the pictures of the first row are on the page."""
    box = visitor.page.locator(".traverse .row .cells").first.bounding_box()
    assert box is not None
    return box


def place(box: FloatRect, share: float) -> tuple[float, float]:
    """Page coordinates of a share of the way along a row."""
    return box["x"] + share * box["width"], box["y"] + box["height"] / 2


if __name__ == "__main__":
    raise SystemExit(main())
