"""The app in a real browser: a server of its own and what a visitor can do on a page."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Locator, Page, Playwright

from explorer.bundle import Bundle
from explorer.ui.folders import ROOT, VARIABLE

START_S = 60
MAP_OBJECT = 'globalThis[Symbol.for("latent-explorer")].channels.get("map").map'
# A page reached by its own address makes Streamlit look for its server below that address
# first; the browser logs these two probes, whatever the app does.
PROBES = ("/_stcore/health", "/_stcore/host-config")


@dataclass(frozen=True)
class Server:
    """A running app."""

    url: str
    pid: int


@contextmanager
def serve(*folders: Path, log: Path) -> Iterator[Server]:
    """Runs the app on a free port with the bundles in some folders."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += ["--server.port", str(port), "--server.headless", "true"]
    command += ["--server.fileWatcherType", "none"]
    env = os.environ | {VARIABLE: os.pathsep.join(map(str, folders))}
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out)
        try:
            _wait_for(f"http://localhost:{port}", process, log)
            yield Server(f"http://localhost:{port}", process.pid)
        finally:
            process.terminate()
            process.wait(timeout=20)


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium, or the one that CHROMIUM names."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chrome")
    return playwright.chromium.launch(executable_path=path)


class Visitor:
    """One browser page, with everything that goes wrong on it written down."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        self.server = server
        self.errors: list[str] = []
        self.foreign: list[str] = []
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._note_request)

    def open(self, path: str = "/") -> None:
        self.page.goto(self.server.url + path)

    def open_map(self, query: str = "") -> None:
        self.open(f"/map{query}")
        self.wait_for_map()

    def wait_for_map(self) -> None:
        self.page.locator(".map[data-ready]").wait_for()

    # ---- the plane ----

    def spot(self, x: float, y: float) -> tuple[float, float]:
        """Page coordinates of a place of the plane."""
        place = self.ask(f"{MAP_OBJECT}.view.toScreen({x}, {y})")
        box = self.canvas.bounding_box()
        assert box is not None
        return box["x"] + place[0], box["y"] + place[1]

    def corner(self, dx: float, dy: float) -> tuple[float, float]:
        """Page coordinates of a share of the canvas's width and height."""
        box = self.canvas.bounding_box()
        assert box is not None
        return box["x"] + dx * box["width"], box["y"] + dy * box["height"]

    def hover(self, at: tuple[float, float]) -> np.ndarray:
        """Moves there and waits for the face; its pixels."""
        before = self.faces
        self.page.mouse.move(*at)
        self.page.wait_for_function(f"({MAP_OBJECT}.root.dataset.faces ?? 0) > {before}")
        return self.pixels(self.preview.locator("canvas"))

    def click(self, at: tuple[float, float]) -> None:
        self.page.mouse.move(*at)
        self.page.mouse.click(*at)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=6)
        self.page.mouse.up()

    def choose(self, label: str, option: str) -> None:
        """Chooses from a select box."""
        self.page.get_by_label(label, exact=True).click()
        self.page.get_by_role("option", name=option, exact=True).click()

    @property
    def faces(self) -> int:
        return int(self.ask(f"{MAP_OBJECT}.root.dataset.faces ?? 0"))

    @property
    def canvas(self) -> Locator:
        return self.page.locator("canvas.points")

    @property
    def preview(self) -> Locator:
        return self.page.locator(".preview")

    @property
    def face(self) -> Locator:
        return self.page.locator(".face")

    @property
    def large(self) -> np.ndarray:
        return self.pixels(self.face.locator(".big canvas"))

    def wait_for_title(self, title: str) -> None:
        """Waits until the picked face is the one called so, with all its facts."""
        self.page.locator(".face:not([data-early]) h3", has_text=title).wait_for()

    # ---- the browser ----

    def ask(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def pixels(self, canvas: Locator, *, side: int = 32, part: int = 0, of: int = 1) -> np.ndarray:
        """A canvas, or a part of a row of them, scaled to ``side``: uint8 (side, side, 3)."""
        raw = canvas.evaluate(
            """(canvas, [side, part, of]) => {
              const small = document.createElement("canvas");
              small.width = small.height = side;
              const context = small.getContext("2d");
              context.imageSmoothingQuality = "high";
              const width = canvas.width / of;
              context.drawImage(canvas, part * width, 0, width, canvas.height, 0, 0, side, side);
              return Array.from(context.getImageData(0, 0, side, side).data);
            }""",
            [side, part, of],
        )
        return np.array(raw, np.uint8).reshape(side, side, 4)[..., :3]

    def _note_console(self, message: Any) -> None:
        where = (message.location or {}).get("url", "")
        if message.type == "error" and not where.endswith(PROBES):
            self.errors.append(f"{message.text} {where}")

    def _note_request(self, request: Any) -> None:
        if not request.url.startswith((self.server.url, "data:", "blob:", "ws://localhost")):
            self.foreign.append(request.url)


def differ(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference of two pictures, 0 to 255."""
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def shows(seen: np.ndarray, bundle: Bundle, index: int) -> bool:
    """Whether a canvas, scaled to 32 x 32, is nearer to this picture than to 60 others."""
    candidates = np.array([index, *(i for i in range(60) if i != index)])
    images = bundle.decode(np.asarray(bundle.latents.mu[candidates], np.float32))
    small = images.reshape(-1, 32, 2, 32, 2, 3).mean(axis=(2, 4))
    return bool(np.abs(small - seen).mean(axis=(1, 2, 3)).argmin() == 0)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The app did not start: {log.read_text()}")
