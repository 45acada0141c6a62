from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

import explorer
from explorer.bundle import Bundle
from tests.bundles import make_bundle
from tests.e2e.driver import Server, Visitor, launch, serve

TIMEOUT_MS = 20_000


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two bundles of different size and colour, and a damaged folder."""
    folder = tmp_path_factory.mktemp("shelf")
    make_bundle(folder / "faces", name="faces", num_images=2000, image_size=64)
    make_bundle(
        folder / "digits",
        name="digits",
        source="digits",
        title="Digits",
        num_images=1000,
        image_size=28,
        channels=1,
        attribute_names=(),
        factor_names=(),
        label_names=tuple("0123456789"),
        seed=1,
    )
    shutil.copytree(folder / "faces", folder / "damaged")
    (folder / "damaged" / "model.safetensors").write_bytes(b"cut short")
    return folder


@pytest.fixture(scope="session")
def faces(shelf: Path) -> Bundle:
    return explorer.load(shelf / "faces")


@pytest.fixture(scope="session")
def server(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(shelf, log=tmp_path_factory.mktemp("server") / "log.txt") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Callable[..., Visitor]]:
    """Starts visits; none may leave an error in the console or ask another server for anything."""
    visitors: list[Visitor] = []

    def start(*, dark: bool = False, touch: bool = False, width: int = 1400) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            has_touch=touch,
            accept_downloads=True,
        )
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        visitors.append(Visitor(page, server))
        return visitors[-1]

    yield start
    for visitor in visitors:
        visitor.page.context.close()
    assert [visitor.errors for visitor in visitors] == [[] for _ in visitors]
    assert [visitor.foreign for visitor in visitors] == [[] for _ in visitors]


@pytest.fixture
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    return visit()
