"""The Interpolate page in a real headless Chromium: from a pick to its strip, and scrubbing.

    python benchmarks/interpolate.py pretrained/faces
    python benchmarks/interpolate.py pretrained/faces --way Linear --json

Served from this machine to this machine: a remote visitor adds the network's round trip.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.e2e.driver import Visitor, launch, serve  # noqa: E402 - the repository is not installed

# Starts a clock at the end of a press; notes when each strip has been painted anew.
WATCH = """() => {
  const roots = [...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter((e) => e);
  const rows = roots.map((e) => e.querySelector(".steps .row")).filter((e) => e);
  const times = (window.__times = { strips: [] });
  const start = () => (times.start = performance.now());
  document.addEventListener("pointerup", start, { once: true, capture: true });
  rows.forEach((row) => {
    const watch = new MutationObserver(() => {
      watch.disconnect();
      requestAnimationFrame(() => times.strips.push(performance.now() - times.start));
    });
    watch.observe(row, { childList: true });
  });
  return rows.length;
}"""


@dataclass(frozen=True)
class Figures:
    """What was measured; times in ms unless named otherwise."""

    way: str
    steps: int
    first_open_s: float
    warm_open_s: float
    pick_to_strip: float
    pick_to_all_strips: float
    pick_to_all_strips_worst: float
    moves_per_s: float
    scrub_pictures_per_s: float
    play_pictures_per_s: float
    console_errors: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--way", choices=("Both", "Linear", "Spherical"), default="Both")
    parser.add_argument("--steps", type=int, default=11)
    parser.add_argument("--picks", type=int, default=25)
    parser.add_argument("--seconds", type=float, default=8.0, help="how long the handle moves")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options)
    if options.json:
        print(json.dumps(asdict(figures)))
        return 0
    for name, value in asdict(figures).items():
        print(f"{name:26} {value:10.1f}" if isinstance(value, float) else f"{name:26} {value:>10}")
    return 0


def measure(options: argparse.Namespace) -> Figures:
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(options.bundle.resolve(), log=Path(folder) / "log.txt") as server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        visitor = Visitor(page, server)
        link = f"/interpolate?way={options.way}&steps={options.steps}"
        opens = [time_open(visitor, link) for _ in range(4)]
        page.wait_for_timeout(2000)
        picks = [time_pick(visitor) for _ in range(options.picks)][1:]
        moves, scrubbed = time_scrub(visitor, options.seconds)
        played = time_play(visitor, options.seconds)
        figures = Figures(
            way=options.way,
            steps=options.steps,
            first_open_s=opens[0],
            warm_open_s=statistics.median(opens[1:]),
            pick_to_strip=statistics.median(min(one) for one in picks),
            pick_to_all_strips=statistics.median(max(one) for one in picks),
            pick_to_all_strips_worst=max(max(one) for one in picks),
            moves_per_s=moves,
            scrub_pictures_per_s=scrubbed,
            play_pictures_per_s=played,
            console_errors=len(visitor.errors),
        )
        browser.close()
    for error in visitor.errors:
        print(error, file=sys.stderr)
    return figures


def time_open(visitor: Visitor, link: str) -> float:
    """Seconds from asking for the page to a strip and the large picture at the handle."""
    visitor.page.goto("about:blank")
    start = time.perf_counter()
    visitor.open(link)
    visitor.page.locator(".steps .row[data-count]").first.wait_for()
    visitor.page.locator(".walk[data-faces]").first.wait_for()
    return time.perf_counter() - start


def time_pick(visitor: Visitor) -> list[float]:
    """From the end of a click on a random picture to each strip."""
    strips = visitor.page.evaluate(WATCH)
    visitor.page.locator(".st-key-random_from button").click()
    visitor.page.wait_for_function(f"window.__times.strips.length === {strips}")
    times: list[float] = visitor.page.evaluate("window.__times.strips")
    visitor.page.wait_for_timeout(700)  # what comes after the strips is drawn
    return times


def time_scrub(visitor: Visitor, seconds: float) -> tuple[float, float]:
    """Moves sent and large pictures shown, a second, while the handle is held."""
    box = visitor.page.locator(".walk input[type=range]").first.bounding_box()
    assert box is not None
    mouse, middle = visitor.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] / 2, middle)
    mouse.down()
    before, start, moves = shown(visitor), time.perf_counter(), 0
    while (spent := time.perf_counter() - start) < seconds:
        mouse.move(box["x"] + box["width"] * (0.5 + 0.45 * math.sin(2.1 * spent)), middle)
        moves += 1
    rates = moves / spent, (shown(visitor) - before) / spent
    mouse.up()
    return rates


def time_play(visitor: Visitor, seconds: float) -> float:
    """Large pictures shown, a second, while the walk plays."""
    button = visitor.page.locator(".walk .play").first
    button.click()
    before, start = shown(visitor), time.perf_counter()
    visitor.page.wait_for_timeout(1000 * seconds)
    rate = (shown(visitor) - before) / (time.perf_counter() - start)
    button.click()
    return rate


def shown(visitor: Visitor) -> int:
    return int(visitor.page.locator(".walk").first.get_attribute("data-faces") or 0)


if __name__ == "__main__":
    raise SystemExit(main())
