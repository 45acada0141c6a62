"""The Compare page in a real headless Chromium: one slider move to all panels painted.

    python benchmarks/compare.py pretrained --query '?grid=mnist-grid'
    python benchmarks/compare.py pretrained --query '?grid=no+grid&models=faces&models=toy-faces'

Opens the page several times, each in a context of its own, with the models already in memory but
for the first, and measures from the request to the slider and all panels painted, and until all
rows below are. Then moves the slider in single steps, the next when all panels show the last, and
in a swing of 60 moves a second as a hand would. A round begins with the move and ends with the
first frame after the last of the panels was painted. Server and browser share this machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.e2e.driver import Server, Visitor, launch, serve  # noqa: E402

MOVE_GOAL_MS, OPEN_GOAL_S = 250, 3.0
TIMEOUT_MS = 120_000

# Notes how long after the move each round was on the screen.
WATCH = """() => {
  const roots = [...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter((e) => e);
  const root = roots.map((e) => e.querySelector(".compare")).find((e) => e);
  const seen = (window.__seen = { latencies: [], root, input: root.querySelector("input") });
  new MutationObserver(() => {
    const [painted, latency] = [performance.now(), Number(root.dataset.latency)];
    requestAnimationFrame(() => seen.latencies.push(latency + performance.now() - painted));
  }).observe(root, { attributes: true, attributeFilter: ["data-rounds"] });
}"""
MOVE = """(value) => {
  const { input } = window.__seen;
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}"""
SWING = """() => {
  const { input } = window.__seen;
  const start = performance.now();
  window.__swing = setInterval(() => {
    input.value = 2.5 * Math.sin((performance.now() - start) / 500);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }, 1000 / 60);
}"""


@dataclass(frozen=True)
class Figures:
    """What was measured; ``load`` is the machine's mean load in the minute before."""

    panels: int
    first_open_s: float
    open_s: float
    rows_s: float
    move_ms: float
    move_p95_ms: float
    swing_ms: float
    swing_rounds_per_s: float
    load: float
    console_errors: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="of bundles and grids")
    parser.add_argument("--query", default="", help="of the page's address; the default shows 4")
    parser.add_argument("--moves", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=8.0, help="of the swing")
    parser.add_argument("--openings", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options)
    if options.json:
        print(json.dumps(asdict(figures)))
        return 0
    print(f"load before: {figures.load:.1f}; {figures.panels} panels")
    print(
        f"opening: {figures.open_s:.2f} s to all panels (first: {figures.first_open_s:.2f} s), "
        f"{figures.rows_s:.2f} s to all rows; goal {OPEN_GOAL_S:g} s"
    )
    print(
        f"one move: {figures.move_ms:.0f} ms to all panels (95 %: {figures.move_p95_ms:.0f} ms); "
        f"goal {MOVE_GOAL_MS} ms"
    )
    print(f"swing: {figures.swing_ms:.0f} ms, {figures.swing_rounds_per_s:.1f} rounds/s")
    return 0


def measure(options: argparse.Namespace) -> Figures:
    load = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(options.folder.resolve(), log=Path(folder) / "log.txt") as server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        time.sleep(5)  # the server imports torch in the background
        visits = [visit(browser, server, options.query) for _ in range(options.openings + 1)]
        page = visits[-1][0].page
        page.evaluate(WATCH)
        moves = [one_move(page, number) for number in range(options.moves)]
        swing = drag(page, options.seconds)
        errors = [error for visitor, *_ in visits for error in visitor.errors]
        panels = page.locator(".panel canvas").count()
        browser.close()
    for error in errors:
        print(error, file=sys.stderr)
    return Figures(
        panels=panels,
        first_open_s=visits[0][1],
        open_s=statistics.median(opened for _, opened, _ in visits[1:]),
        rows_s=statistics.median(rows for *_, rows in visits[1:]),
        move_ms=statistics.median(moves),
        move_p95_ms=sorted(moves)[int(0.95 * len(moves))],
        swing_ms=statistics.median(swing),
        swing_rounds_per_s=len(swing) / options.seconds,
        load=load,
        console_errors=len(errors),
    )


def visit(browser: Browser, server: Server, query: str) -> tuple[Visitor, float, float]:
    """A visitor, and the seconds until all panels and until all rows were painted."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    visitor = Visitor(context.new_page(), server)
    visitor.page.set_default_timeout(TIMEOUT_MS)
    start = time.perf_counter()
    visitor.open(f"/compare{query}")
    visitor.page.locator(".compare[data-rounds]").wait_for()
    opened = time.perf_counter() - start
    asked = visitor.page.locator(".pictures").count()
    visitor.page.locator(".pictures:not(:empty)").nth(asked - 1).wait_for()
    return visitor, opened, time.perf_counter() - start


def one_move(page: Page, number: int) -> float:
    """Milliseconds from a move to all panels painted."""
    count = page.evaluate("window.__seen.latencies.length")
    page.evaluate(MOVE, 2.5 if number % 2 else -2.5)
    page.wait_for_function("(n) => window.__seen.latencies.length > n", arg=count)
    page.wait_for_timeout(120)
    return float(page.evaluate("window.__seen.latencies.at(-1)"))


def drag(page: Page, seconds: float) -> list[float]:
    """The latency of each round while a hand swings."""
    before = page.evaluate("window.__seen.latencies.length")
    page.evaluate(SWING)
    time.sleep(seconds)
    page.evaluate("clearInterval(window.__swing)")
    return list(page.evaluate("window.__seen.latencies")[before:])


if __name__ == "__main__":
    raise SystemExit(main())
