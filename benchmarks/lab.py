"""The lab's experiments in a real headless Chromium: how long until a control's effect is seen.

    python benchmarks/lab.py                          # on the models that ship
    python benchmarks/lab.py checkpoints --repeats 20 --json

Every experiment is opened, one of its controls is moved a few times, and the time is taken from
the press to the first frame that shows the effect. What must be reached on 2 cores: 200 ms.
Served from this machine to this machine: a remote visitor adds the network's round trip.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Error, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.e2e.driver import Visitor, launch, serve  # noqa: E402 - the repository is not installed

WINDOW = {"width": 1280, "height": 1000}
SHIPPED = [ROOT / "pretrained", ROOT / "pretrained" / "lab"]
OPEN_MS = 60_000  # the first experiment on a model opens it
EFFECT_MS = 20_000
REST_MS = 600  # between two presses
# Starts a clock at the next press; stops it at the frame after the watched attribute changes.
WATCH = """([name, attribute]) => {
  const find = () => [...document.querySelectorAll("*")]
    .map((e) => e.shadowRoot?.querySelector(name)).find((e) => e);
  const before = find()?.dataset[attribute];
  const time = (window.__time = {});
  const start = () => (time.start ??= performance.now());
  for (const event of ["pointerup", "keydown"]) addEventListener(event, start, { once: true, capture: true });
  const look = () => {
    const now = find()?.dataset[attribute];
    if (time.start === undefined || now === undefined || now === before) return requestAnimationFrame(look);
    // This is the frame that shows it; what comes after it was drawn is its end.
    setTimeout(() => (time.end = performance.now()));
  };
  look();
}"""  # noqa: E501
Press = Callable[[Page], None]


def slide(label: str) -> Press:
    """Moves a slider of Streamlit's by a step, back and forth."""
    return lambda page: _push(page.locator("[data-testid=stSlider]", has_text=label))


def count_up(label: str) -> Press:
    """Raises or lowers a number by 1, back and forth."""
    return lambda page: _alternate(page.get_by_label(label, exact=True), "ArrowUp", "ArrowDown")


def slide_inside(selector: str) -> Press:
    """Moves a slider of a component by a step."""
    return lambda page: page.locator(selector).press("ArrowRight")


def choose(key: str) -> Press:
    """Chooses an option that is not chosen, the first or the last in turn."""

    def press(page: Page) -> None:
        options = page.locator(f".st-key-{key} [role=radio]")
        is_first = options.first.get_attribute("aria-checked") == "true"
        (options.last if is_first else options.first).click()

    return press


@dataclass(frozen=True)
class Case:
    """A control of an experiment and where its effect is seen.

    Attributes:
        name: For the table.
        query: Of the link that opens it.
        root: What tells the effect, inside a component.
        attribute: The ``data-`` attribute of it that changes.
        press: Moves the control.
    """

    name: str
    query: str
    root: str
    attribute: str
    press: Press


MODELS = ".models"  # models side by side, in most experiments
CASES = (
    Case("1 stride", "convolution", ".stencil", "ready", count_up("Stride S")),
    Case("1 step", "convolution&step=40", ".stencil", "step", slide_inside(".stencil input")),
    Case(
        "1 checkerboard",
        "convolution&layer=Checkerboard",
        ".row[role]",
        "ready",
        slide("Kernel K"),
    ),
    Case("2 epsilon", "reparameterisation", ".posterior", "drawn", slide_inside("#slide-eps")),
    Case(
        "2 first draws",
        "reparameterisation&part=How+certain%3F",
        ".draws",
        "done",
        slide("Times σ"),
    ),
    Case("3 KL term", "kl_term", MODELS, "ready", choose("kl_beta")),
    Case("4 autoencoder", "autoencoder", MODELS, "ready", choose("ae_sampler")),
    Case("5 latent dimension", "latent_dimension", MODELS, "ready", choose("size_beta")),
    Case("6 annealing", "annealing", MODELS, "ready", choose("warmup")),
    Case("7 preprocessing", "preprocessing", MODELS, "ready", slide("Faces in the mean")),
    Case("8 class", "class_cloud", MODELS, "ready", slide("Temperature")),
    Case("9 network", "architecture", MODELS, "ready", choose("class")),
)


@dataclass(frozen=True)
class Figures:
    """Times in ms of one control; None where a model is missing, or nothing was seen."""

    median: float | None
    worst: float | None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundles", type=Path, nargs="*", default=SHIPPED)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(*options.bundles, repeats=options.repeats)
    if options.json:
        print(json.dumps({name: asdict(figures) for name, figures in found.items()}))
        return 0
    print(f"{'':20} {'median':>8} {'worst':>8}  ms")
    for name, figures in found.items():
        if figures.median is None:
            print(f"{name:20}  no figure: its model is missing, or see above")
        else:
            print(f"{name:20} {figures.median:8.0f} {figures.worst:8.0f}")
    return 0


def measure(*bundles: Path, repeats: int) -> dict[str, Figures]:
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(*(path.resolve() for path in bundles), log=Path(folder) / "log.txt") as server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        visitor = Visitor(browser.new_page(viewport=WINDOW), server)
        found = {case.name: time_case(visitor, case, repeats) for case in CASES}
        browser.close()
    for error in visitor.errors:
        print(error, file=sys.stderr)
    return found


def time_case(visitor: Visitor, case: Case, repeats: int) -> Figures:
    """The control moved ``repeats`` times, after a first time that opens what it needs."""
    visitor.open(f"/lab?experiment={case.query}")
    page = visitor.page
    ready = page.locator(f"{case.root}[data-{case.attribute}]")
    missing = page.get_by_text("which is not ready here")
    ready.or_(missing).first.wait_for(timeout=OPEN_MS)
    if missing.count():
        return Figures(None, None)
    page.wait_for_timeout(2000)
    try:
        times = [time_press(page, case) for _ in range(repeats + 1)][1:]
    except Error:
        print(f"{case.name}: no effect within {EFFECT_MS} ms.", file=sys.stderr)
        return Figures(None, None)
    return Figures(statistics.median(times), max(times))


def time_press(page: Page, case: Case) -> float:
    page.evaluate(WATCH, [case.root, case.attribute])
    case.press(page)
    page.wait_for_function("window.__time.end !== undefined", timeout=EFFECT_MS)
    time: dict[str, float] = page.evaluate("window.__time")
    page.wait_for_timeout(REST_MS)
    return time["end"] - time["start"]


def _push(slider: Locator) -> None:
    _alternate(slider.locator("input[type=range]").first, "ArrowRight", "ArrowLeft")


def _alternate(control: Locator, one: str, other: str) -> None:
    """Presses one key, and the other at the next call."""
    last = control.evaluate("(element) => element.dataset.pressed ?? ''")
    key = other if last == one else one
    control.evaluate("(element, key) => (element.dataset.pressed = key)", key)
    control.press(key)


if __name__ == "__main__":
    raise SystemExit(main())
