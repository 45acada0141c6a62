"""A photo on the photo page, in a real headless Chromium: from choosing the file to all of it.

    python benchmarks/photo.py pretrained/faces
    python benchmarks/photo.py pretrained/faces --photos 40 --json

The photos are faces the shipped model draws, 320 pixels wide on a photo of 1600 x 1200. Served
from this machine to this machine.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import explorer  # noqa: E402 - the repository is not installed
from explorer.data.photo import read_photo  # noqa: E402
from explorer.latent import CodeIndex  # noqa: E402
from explorer.ui.photo import messages, sights  # noqa: E402
from explorer.ui.photo.kinds import kind_of  # noqa: E402
from explorer.ui.photo.subjects import Photo, start_placement  # noqa: E402
from tests import photos  # noqa: E402
from tests.e2e.driver import Visitor, launch, serve  # noqa: E402

T = TypeVar("T")
# Whether a piece tells something else than before; each lives in a shadow root of its own.
TELLS = """([piece, name, old]) => [...document.querySelectorAll("*")]
  .map((e) => e.shadowRoot?.querySelector(piece)).filter((e) => e)
  .some((e) => e.dataset[name] && e.dataset[name] !== old)"""
IDLE = """() => document.querySelector("[data-testid=stApp]")
  .getAttribute("data-test-script-state") === "notRunning" """


@dataclass(frozen=True)
class Figures:
    """Milliseconds: medians, and the worst of the warm ones."""

    first_photo: float
    to_reconstruction: float
    to_reconstruction_worst: float
    to_everything: float
    to_everything_worst: float
    read: float
    find: float
    cut_encode_judge: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--photos", type=int, default=12)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    blobs = [make_photo(number) for number in range(options.photos)]
    figures = Figures(**(in_browser(options.bundle, blobs) | in_python(options.bundle, blobs)))
    if options.json:
        print(json.dumps(asdict(figures)))
        return 0
    for name, value in asdict(figures).items():
        print(f"{name:26} {value:8.0f} ms")
    return 0


def make_photo(number: int) -> bytes:
    photo = Image.new("RGB", (1600, 1200), photos.GROUND)
    photo.paste(photos.face(number + 5), (290 + 40 * (number % 10), 180 + 30 * (number % 7)))
    return photos.to_bytes(photo, quality=92)


def in_browser(path: Path, blobs: list[bytes]) -> dict[str, float]:
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(path.resolve(), log=Path(folder) / "log.txt") as server,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        visitor = Visitor(browser.new_page(viewport={"width": 1400, "height": 900}), server)
        visitor.open("/photo")
        visitor.page.locator("input[type=file]").wait_for(state="attached")
        # Torch is loaded meanwhile, as it would be while a visitor looks for a photo.
        visitor.page.wait_for_timeout(3000)
        times = [time_photo(visitor, blob) for blob in blobs]
        browser.close()
    drawn, all_shown = zip(*times[1:], strict=True)
    return {
        "first_photo": times[0][1],
        "to_reconstruction": statistics.median(drawn),
        "to_reconstruction_worst": max(drawn),
        "to_everything": statistics.median(all_shown),
        "to_everything_worst": max(all_shown),
    }


def time_photo(visitor: Visitor, blob: bytes) -> tuple[float, float]:
    """Milliseconds from choosing the file to the reconstruction, and to map and neighbours."""
    page = visitor.page
    photo, place = (told(page, piece) for piece in (("likeness", "photo"), ("locator", "place")))
    start = time.perf_counter()
    file = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": blob}
    page.locator("input[type=file]").set_input_files(file)
    page.wait_for_function(TELLS, arg=[".likeness", "photo", photo])
    drawn = time.perf_counter() - start
    page.wait_for_function(TELLS, arg=[".locator", "place", place])
    page.wait_for_function(IDLE)
    shown = time.perf_counter() - start
    page.wait_for_timeout(400)
    return 1000 * drawn, 1000 * shown


def told(page: Page, piece: tuple[str, str]) -> str:
    """What a piece tells now; nothing when it is not there yet."""
    found = page.locator(f".{piece[0]}")
    return (found.get_attribute(f"data-{piece[1]}") or "") if found.count() else ""


def in_python(path: Path, blobs: list[bytes]) -> dict[str, float]:
    """The steps of it, without the app."""
    bundle = explorer.load(path)
    kind, index, shell = (
        kind_of(bundle.config),
        CodeIndex(bundle.latents.mu),
        sights.shell_of(bundle),
    )
    steps: dict[str, list[float]] = {"read": [], "find": [], "cut_encode_judge": []}
    for blob in blobs:
        photo = Photo(timed(steps["read"], lambda blob=blob: read_photo(blob)), "Your photo")
        timed(steps["find"], lambda photo=photo: photo.faces)

        def judge(photo: Photo = photo) -> None:
            placed = start_placement(photo, kind, bundle.config)
            crop = sights.crop_photo(photo, placed, kind, bundle)
            sight = sights.look(crop, bundle, index=index, shell=shell, title="Your photo")
            messages.place_message(sight, bundle)

        timed(steps["cut_encode_judge"], judge)
    return {name: statistics.median(times[1:]) for name, times in steps.items()}


def timed(times: list[float], step: Callable[[], T]) -> T:
    start = time.perf_counter()
    result = step()
    times.append(1000 * (time.perf_counter() - start))
    return result


if __name__ == "__main__":
    raise SystemExit(main())
