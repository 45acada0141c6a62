"""The map page in a real headless Chromium: faces a second, clicks, opening, memory.

    python benchmarks/map.py pretrained/toy-faces
    python benchmarks/map.py pretrained/faces --seconds 20 --json

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

import explorer  # noqa: E402 - the repository is not installed
from tests.e2e.driver import MAP_OBJECT, Server, Visitor, launch, serve  # noqa: E402

# Starts a clock at the end of a press; notes the first paint of a large face and of its facts.
WATCH = """() => {
  const roots = [...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter((e) => e);
  const find = (name) => roots.map((e) => e.querySelector(name)).find((e) => e);
  const root = find(".face");
  const times = (window.__times = {});
  const start = () => (times.start = performance.now());
  find("canvas.points").addEventListener("pointerup", start, { once: true, capture: true });
  const note = (name) =>
    requestAnimationFrame(() => (times[name] ??= performance.now() - times.start));
  const watch = new MutationObserver(() => {
    note("face");
    if (root.dataset.early || !root.querySelector("h3").textContent) return;
    note("facts");
    watch.disconnect();
  });
  const all = { attributes: true, subtree: true, childList: true, characterData: true };
  watch.observe(root, all);
}"""


@dataclass(frozen=True)
class Figures:
    """What was measured; times in ms unless named otherwise."""

    points: int
    image_size: int
    first_open_s: float
    warm_open_s: float
    moves_per_s: float
    faces_per_s: float
    click_to_face: float
    click_to_face_worst: float
    click_to_facts: float
    server_rss_mb: float
    console_errors: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long the pointer moves")
    parser.add_argument("--clicks", type=int, default=25)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.bundle, seconds=options.seconds, clicks=options.clicks)
    if options.json:
        print(json.dumps(asdict(figures)))
        return 0
    for name, value in asdict(figures).items():
        print(f"{name:22} {value:10.1f}" if isinstance(value, float) else f"{name:22} {value:10}")
    return 0


def measure(path: Path, *, seconds: float, clicks: int) -> Figures:
    bundle = explorer.load(path)
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(path.resolve(), log=Path(folder) / "log.txt") as server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        visitor = Visitor(page, server)
        opens = [time_open(visitor) for _ in range(4)]
        moves, faces = time_hover(visitor, seconds)
        times = [time_click(visitor, number) for number in range(clicks)]
        figures = Figures(
            points=len(bundle.items),
            image_size=bundle.config.model.image_size,
            first_open_s=opens[0],
            warm_open_s=statistics.median(opens[1:]),
            moves_per_s=moves,
            faces_per_s=faces,
            click_to_face=statistics.median(times_of(times, "face")),
            click_to_face_worst=max(times_of(times, "face")),
            click_to_facts=statistics.median(times_of(times, "facts")),
            server_rss_mb=resident_mb(server),
            console_errors=len(visitor.errors),
        )
        browser.close()
    for error in visitor.errors:
        print(error, file=sys.stderr)
    return figures


def time_open(visitor: Visitor) -> float:
    """Seconds from asking for the page to a map with all its points drawn."""
    visitor.page.goto("about:blank")
    start = time.perf_counter()
    visitor.open_map()
    visitor.page.wait_for_function(f"{MAP_OBJECT}.root.dataset.drawMs !== undefined")
    return time.perf_counter() - start


def time_hover(visitor: Visitor, seconds: float) -> tuple[float, float]:
    """Moves sent and faces shown, a second, along a curve over the whole map."""
    visitor.hover(visitor.corner(0.5, 0.5))
    before, start, moves = visitor.faces, time.perf_counter(), 0
    while (spent := time.perf_counter() - start) < seconds:
        angle = 2.1 * spent
        visitor.page.mouse.move(
            *visitor.corner(0.5 + 0.3 * math.cos(angle), 0.5 + 0.35 * math.sin(1.37 * angle))
        )
        moves += 1
    return moves / spent, (visitor.faces - before) / spent


def time_click(visitor: Visitor, number: int) -> dict[str, float]:
    """From the end of a click, without resting there before, to the large face and its facts."""
    share = (0.618 * number) % 1, (0.381 * number + 0.2) % 1
    visitor.page.evaluate(WATCH)
    visitor.page.mouse.click(*visitor.corner(0.2 + 0.6 * share[0], 0.2 + 0.6 * share[1]))
    visitor.page.wait_for_function("window.__times.facts !== undefined")
    times: dict[str, float] = visitor.page.evaluate("window.__times")
    visitor.page.wait_for_timeout(300)
    return times


def times_of(times: list[dict[str, float]], name: str) -> list[float]:
    # The first click finds an empty panel and mounts it.
    return [one[name] for one in times[1:]]


def resident_mb(server: Server) -> float:
    status = Path(f"/proc/{server.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    raise SystemExit(main())
