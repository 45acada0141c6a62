"""The Attributes page in a real headless Chromium: pictures a second while a slider is dragged.

    python benchmarks/attributes.py pretrained/faces
    python benchmarks/attributes.py pretrained/faces --seconds 20 --users 8 --json

One user drags with the mouse. Then several drag at once, twice: each in a page of their own,
where on a small machine the browsers take most of the cores; and one in a page, the others as
bare sockets that ask for 40 pictures a second, which leaves the cores to the server. The hands
of several are timers in the pages, 60 moves a second. The latency is from the input event to the
first frame after the picture was painted. Server and browsers share this machine.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import explorer  # noqa: E402 - the repository is not installed
from explorer.ui.resources import open_bundle  # noqa: E402
from explorer.ui.wire import pack_codes  # noqa: E402
from tests.e2e.driver import Server, Visitor, launch, serve  # noqa: E402

GOAL = 25.0  # pictures a second for one user
PACE = 40.0  # questions a second of a bare socket
UNDER_WAY = 2  # as in assets/decoder.js

# Notes each picture that is painted; with `drives`, a timer moves the slider as a hand would.
WATCH = """(drives) => {
  const roots = [...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter((e) => e);
  const root = roots.map((e) => e.querySelector(".editor")).find((e) => e);
  const input = root.querySelector("input[type=range]");
  const seen = (window.__seen = { latencies: [], others: 0, start: performance.now() });
  const others = Number(root.dataset.others);
  new MutationObserver(() => {
    const [painted, latency] = [performance.now(), Number(root.dataset.latency)];
    requestAnimationFrame(() => seen.latencies.push(latency + performance.now() - painted));
  }).observe(root, { attributes: true, attributeFilter: ["data-faces"] });
  new MutationObserver(() => (seen.others = Number(root.dataset.others) - others))
    .observe(root, { attributes: true, attributeFilter: ["data-others"] });
  if (!drives) return;
  setInterval(() => {
    input.value = 2.5 * Math.sin((performance.now() - seen.start) / 500);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }, 1000 / 60);
}"""
SEEN = "() => ({ ...window.__seen, ms: performance.now() - window.__seen.start })"


@dataclass(frozen=True)
class Drag:
    """What one user saw: pictures a second, latencies in ms, other faces a second."""

    pictures_per_s: float
    latency_median: float
    latency_p95: float
    others_per_s: float


@dataclass(frozen=True)
class Figures:
    """What was measured; ``load`` is the machine's mean load in the minute before."""

    one: Drag
    moves_per_s: float
    users: int
    slowest: Drag
    median_user: Drag
    among_sockets: Drag
    load: float
    console_errors: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each drag takes")
    parser.add_argument("--users", type=int, default=8)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.bundle, seconds=options.seconds, users=options.users)
    if options.json:
        print(json.dumps(asdict(figures)))
        return 0
    print(f"load before: {figures.load:.1f}")
    report("one user", figures.one)
    print(f"  of {figures.moves_per_s:.0f} moves/s; goal {GOAL:g} pictures/s")
    report(f"{figures.users} users, the median one", figures.median_user)
    report(f"{figures.users} users, the slowest", figures.slowest)
    report(f"one among {figures.users - 1} bare sockets", figures.among_sockets)
    return 0


def report(name: str, drag: Drag) -> None:
    print(
        f"{name}: {drag.pictures_per_s:.1f} pictures/s, latency {drag.latency_median:.0f} ms "
        f"(95 %: {drag.latency_p95:.0f} ms), other faces {drag.others_per_s:.1f}/s"
    )


def measure(path: Path, *, seconds: float, users: int) -> Figures:
    load = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(path.resolve(), log=Path(folder) / "log.txt") as server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        first = open_page(browser, server)
        moves, one = drag_with_mouse(first.page, seconds)
        first.page.context.close()
        visitors = [open_page(browser, server) for _ in range(users)]
        drags = drag_at_once([visitor.page for visitor in visitors], seconds)
        for visitor in visitors:
            visitor.page.context.close()
        last = open_page(browser, server)
        with sockets(path.resolve(), server, count=users - 1):
            (among,) = drag_at_once([last.page], seconds)
        errors = [error for visitor in (first, *visitors, last) for error in visitor.errors]
        browser.close()
    for error in errors:
        print(error, file=sys.stderr)
    ranked = sorted(drags, key=lambda drag: drag.pictures_per_s)
    median = ranked[len(ranked) // 2]
    return Figures(one, moves, users, ranked[0], median, among, load, len(errors))


@contextmanager
def sockets(path: Path, server: Server, *, count: int) -> Iterator[None]:
    """Users who drag without a browser."""
    bundle = explorer.load(path)
    identity = open_bundle(path, sha256=bundle.config.weights_sha256).identity
    codes = np.asarray(bundle.latents.mu[:1], np.float32)
    question = pack_codes({"bundle": identity, "seq": 1}, codes)
    over = threading.Event()
    threads = [
        threading.Thread(target=ask_on, args=(server, question, over)) for _ in range(count)
    ]
    for thread in threads:
        thread.start()
    yield
    over.set()
    for thread in threads:
        thread.join()


def ask_on(server: Server, question: bytes, over: threading.Event) -> None:
    """Asks at the pace of a hand, with no more questions under way than a browser has."""
    with connect(server.url.replace("http", "ws") + "/live") as socket:
        for _ in range(UNDER_WAY - 1):
            socket.send(question)
        while not over.wait(1 / PACE):
            socket.send(question)
            assert b'"picture"' in socket.recv()[:200]


def open_page(browser: Browser, server: Server) -> Visitor:
    """A visitor with everything on the page drawn."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    visitor = Visitor(context.new_page(), server)
    visitor.open("/attributes")
    visitor.page.locator(".editor[data-ready][data-strip='9']").wait_for(timeout=60_000)
    visitor.page.wait_for_timeout(500)
    return visitor


def drag_with_mouse(page: Page, seconds: float) -> tuple[float, Drag]:
    """Moves a second, and what was seen of them, along a swing over most of the slider."""
    box = page.locator("input[type=range]").first.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.evaluate(WATCH, False)
    start, moves = time.perf_counter(), 0
    while (spent := time.perf_counter() - start) < seconds:
        page.mouse.move(middle[0] + 0.4 * box["width"] * math.sin(2 * spent), middle[1])
        moves += 1
    seen = read(page)
    page.mouse.up()
    return moves / spent, seen


def drag_at_once(pages: list[Page], seconds: float) -> list[Drag]:
    for page in pages:
        page.evaluate(WATCH, True)
    time.sleep(seconds)
    return [read(page) for page in pages]


def read(page: Page) -> Drag:
    seen = page.evaluate(SEEN)
    latencies, span = sorted(seen["latencies"]), seen["ms"] / 1000
    return Drag(
        pictures_per_s=len(latencies) / span,
        latency_median=statistics.median(latencies),
        latency_p95=latencies[int(0.95 * len(latencies))],
        others_per_s=seen["others"] / span,
    )


if __name__ == "__main__":
    raise SystemExit(main())
