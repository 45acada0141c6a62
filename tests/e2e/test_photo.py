from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests import photos
from tests.bundles import make_bundle
from tests.e2e.driver import Server, Visitor, differ, serve

pytestmark = pytest.mark.e2e

NAME = "my-private-holiday.jpg"
CHANGED = 4.0  # mean difference, 0 to 255, of two pictures that plainly differ
SEVEN = ((0.3, 0.25), (0.7, 0.25), (0.45, 0.8))


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of aligned faces, one of digits, one of cartoons."""
    folder = tmp_path_factory.mktemp("kinds")
    make_bundle(folder / "people", name="people", source="celeba", image_size=64, crop=148)
    make_bundle(folder / "cartoons", name="cartoons", num_images=400)
    make_bundle(
        folder / "digits",
        name="digits",
        source="mnist",
        title="MNIST",
        image_size=28,
        channels=1,
        attribute_names=(),
        factor_names=(),
        label_names=tuple("0123456789"),
    )
    return folder


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("photo-server") / "log.txt"


@pytest.fixture(scope="module")
def server(kinds: Path, log: Path) -> Iterator[Server]:
    with serve(kinds, log=log) as running:
        yield running


def open_photo(visitor: Visitor, model: str = "people") -> None:
    visitor.open(f"/photo?model={model}")
    visitor.page.get_by_role("heading", name="Photo").wait_for()


def give(visitor: Visitor, blob: bytes, *, name: str = NAME) -> None:
    chooser = visitor.page.locator("input[type=file]")
    chooser.set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": blob})
    visitor.page.locator(".likeness[data-faces]").wait_for()
    visitor.page.locator(".cropper[data-ready]").wait_for()


def drawn(visitor: Visitor) -> int:
    return int(visitor.page.locator(".likeness").get_attribute("data-faces") or 0)


def wait_for_drawing(page: Page, more_than: int) -> None:
    """Waits until another reconstruction is shown."""
    page.wait_for_function(
        """n => [...document.querySelectorAll("*")].some((e) =>
             Number(e.shadowRoot?.querySelector(".likeness")?.dataset.faces ?? 0) > n)""",
        arg=more_than,
    )


def reconstruction(visitor: Visitor) -> np.ndarray:
    return visitor.pixels(visitor.page.locator(".likeness .reconstruction canvas"))


def placement(visitor: Visitor) -> dict[str, float]:
    text = visitor.page.locator(".cropper").get_attribute("data-placement")
    found: dict[str, float] = json.loads(text or "{}")
    return found


def on_stage(visitor: Visitor, share: tuple[float, float], piece: str) -> tuple[float, float]:
    box = visitor.page.locator(f".{piece} .stage canvas").bounding_box()
    assert box is not None
    return box["x"] + share[0] * box["width"], box["y"] + share[1] * box["height"]


@pytest.fixture
def with_face(visitor: Visitor) -> Visitor:
    open_photo(visitor)
    give(visitor, photos.to_bytes(photos.one_face()))
    return visitor


def test_an_uploaded_face_is_cut_and_drawn_again(with_face: Visitor) -> None:
    page = with_face.page
    expect(page.locator(".cropper .caption")).to_contain_text("Your photo")
    crop = with_face.pixels(page.locator(".likeness .crop canvas"))
    shown = np.asarray(photos.one_face().crop((290, 180, 610, 500)).resize((32, 32)))
    other = np.asarray(photos.face(3).resize((32, 32)))
    assert differ(crop, shown) < differ(crop, other)
    assert reconstruction(with_face).std() > 5
    expect(page.locator(".locator[data-place]")).to_be_visible()
    expect(page.locator(".strip .grid[data-count='8']")).to_be_visible()
    expect(page.get_by_text("How unusual it is")).to_be_visible()
    # The uploader is empty again, and says no name.
    expect(page.get_by_text(NAME)).to_have_count(0)


def test_no_name_and_no_photo_leave_the_tab(
    with_face: Visitor, visit: Callable[..., Visitor], log: Path
) -> None:
    with_face.page.get_by_role("button", name="Crop by hand").click()
    assert with_face.page.url.split("?")[0].endswith("/photo")
    assert set(with_face.page.url.partition("?")[2].split("&")) <= {"", "model=people"}
    other = visit()
    open_photo(other)
    expect(other.page.get_by_text("1 · Your picture")).to_be_visible()
    expect(other.page.locator(".likeness")).to_have_count(0)
    assert NAME not in log.read_text()
    assert "holiday" not in log.read_text()


def test_a_reloaded_tab_has_forgotten_the_photo(with_face: Visitor) -> None:
    with_face.page.reload()
    expect(with_face.page.get_by_text("1 · Your picture")).to_be_visible()
    expect(with_face.page.locator(".likeness")).to_have_count(0)


def test_nothing_of_a_large_photo_is_written_to_the_disk(visitor: Visitor) -> None:
    """Starlette would spool what is larger than 1 MB to an unnamed file."""
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (1300, 1300, 3), dtype=np.uint8)
    blob = photos.to_bytes(photos.Image.fromarray(noise), "PNG")
    assert len(blob) > 4_000_000
    open_photo(visitor, "cartoons")
    before = written_bytes(visitor.server)
    give(visitor, blob)
    assert written_bytes(visitor.server) - before < 1_000_000


def written_bytes(server: Server) -> int:
    """What the server has written to files so far; sockets are not counted here."""
    lines = Path(f"/proc/{server.pid}/io").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("write_bytes")).split()[1])


def test_dragging_the_photo_changes_the_reconstruction(with_face: Visitor) -> None:
    page = with_face.page
    page.get_by_role("button", name="Crop by hand").click()
    before, start, count = reconstruction(with_face), placement(with_face), drawn(with_face)
    with_face.drag(
        on_stage(with_face, (0.5, 0.5), "cropper"), on_stage(with_face, (0.8, 0.6), "cropper")
    )
    wait_for_drawing(page, count)
    moved = placement(with_face)
    # The photo goes with the hand, so the square goes the other way on it.
    assert moved["x"] == pytest.approx(start["x"] - start["side"] * 0.3 / 0.8, rel=0.02)
    assert moved["y"] == pytest.approx(start["y"] - start["side"] * 0.1 / 0.8, rel=0.02)
    assert differ(reconstruction(with_face), before) > CHANGED
    page.get_by_role("button", name="Start again").click()
    wait_for_drawing(page, drawn(with_face) - 1)
    expect_placement(with_face, start)


def expect_placement(visitor: Visitor, wanted: dict[str, float]) -> None:
    for name, value in wanted.items():
        assert placement(visitor)[name] == pytest.approx(value, abs=1e-6)


def test_wheel_sliders_and_keys_zoom_and_turn(with_face: Visitor) -> None:
    page = with_face.page
    page.get_by_role("button", name="Crop by hand").click()
    start, count = placement(with_face), drawn(with_face)
    page.mouse.move(*on_stage(with_face, (0.5, 0.5), "cropper"))
    page.mouse.wheel(0, -120)
    wait_for_drawing(page, count)
    assert placement(with_face)["side"] < 0.9 * start["side"]
    count = drawn(with_face)
    page.locator(".cropper .turn").focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    wait_for_drawing(page, count)
    page.wait_for_timeout(500)  # late answers to the first of the keys
    assert placement(with_face)["angle"] == pytest.approx(start["angle"] + 10, abs=0.6)
    page.locator(".cropper canvas").first.focus()
    x = placement(with_face)["x"]
    for key in ("ArrowLeft", "ArrowLeft", "+", "."):
        page.keyboard.press(key)
    assert placement(with_face)["x"] > x
    assert placement(with_face)["angle"] == pytest.approx(start["angle"] + 11, abs=0.6)


def test_the_number_of_a_face_chooses_it(visitor: Visitor) -> None:
    open_photo(visitor)
    give(visitor, photos.to_bytes(photos.five_faces()))
    expect(visitor.page.get_by_text("5 faces were found")).to_be_visible()
    before, count = reconstruction(visitor), drawn(visitor)
    visitor.page.get_by_role("button", name="Face 3").click()
    wait_for_drawing(visitor.page, count)
    assert differ(reconstruction(visitor), before) > CHANGED
    chosen = visitor.page.get_by_role("button", name="Face 3")
    expect(chosen).to_have_attribute("aria-pressed", "true")


def test_without_a_face_the_hand_places_the_crop(visitor: Visitor) -> None:
    open_photo(visitor)
    give(visitor, photos.to_bytes(photos.no_face()))
    expect(visitor.page.get_by_text("No face was found")).to_be_visible()
    expect(visitor.page.locator(".cropper[data-view='hand']")).to_be_visible()
    expect(visitor.page.locator(".cropper .zoom")).to_be_visible()


def test_a_file_that_is_no_picture_is_a_sentence(visitor: Visitor) -> None:
    open_photo(visitor)
    blob = {"name": NAME, "mimeType": "image/jpeg", "buffer": b"Dear diary, " * 30}
    visitor.page.locator("input[type=file]").set_input_files(blob)
    expect(visitor.page.get_by_text("not a picture that can be read")).to_be_visible()


def test_the_face_goes_to_the_next_page(with_face: Visitor) -> None:
    page = with_face.page
    page.get_by_role("button", name="Edit this face").click()
    expect(page.get_by_role("heading", name="Attributes")).to_be_visible()
    assert "code" not in page.url
    assert "face=" not in page.url
    page.get_by_role("link", name="Photo").click()
    page.locator(".likeness[data-faces]").wait_for()


def test_a_stroke_of_the_mouse_is_a_digit(visitor: Visitor) -> None:
    open_photo(visitor, "digits")
    visitor.page.locator(".sketch[data-ready]").wait_for()
    draw(visitor, SEVEN)
    visitor.page.locator(".likeness[data-faces]").wait_for()
    crop = visitor.pixels(visitor.page.locator(".likeness .crop canvas"), side=28)[..., 0]
    # Centred and scaled: the ink fills the middle 20 of 28 pixels, nothing touches the edge.
    rows = np.flatnonzero(crop.max(axis=1) > 127)
    assert rows[-1] - rows[0] == pytest.approx(19, abs=2)
    assert max(crop[0].max(), crop[:, 0].max()) < 40
    before, count = reconstruction(visitor), drawn(visitor)
    draw(visitor, ((0.35, 0.55), (0.75, 0.55)))
    wait_for_drawing(visitor.page, count)
    second = visitor.pixels(visitor.page.locator(".likeness .crop canvas"), side=28)[..., 0]
    assert differ(second, crop) > CHANGED
    count = drawn(visitor)
    visitor.page.get_by_role("button", name="Undo stroke").click()
    wait_for_drawing(visitor.page, count)
    assert differ(reconstruction(visitor), before) < 0.5
    visitor.page.get_by_role("button", name="Clear").click()
    expect(visitor.page.locator(".likeness")).to_have_count(0)
    expect(visitor.page.get_by_text("Draw a digit here")).to_be_visible()


def test_a_finger_draws_as_well(visit: Callable[..., Visitor]) -> None:
    visitor = visit(touch=True, width=400)
    open_photo(visitor, "digits")
    visitor.page.locator(".sketch[data-ready]").wait_for()
    visitor.page.touchscreen.tap(*on_stage(visitor, (0.5, 0.5), "sketch"))
    visitor.page.locator(".likeness[data-faces]").wait_for()
    assert visitor.page.locator(".sketch").get_attribute("data-strokes") == "1"


def draw(visitor: Visitor, places: tuple[tuple[float, float], ...]) -> None:
    mouse = visitor.page.mouse
    for number, place in enumerate(places):
        mouse.move(*on_stage(visitor, place, "sketch"), steps=8 if number else 1)
        if not number:
            mouse.down()
    mouse.up()


@pytest.fixture
def with_camera(browser: Browser, server: Server) -> Iterator[Visitor]:
    """A browser of its own, with a camera that films a test pattern."""
    flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chrome")
    chromium = browser.browser_type.launch(executable_path=path, args=flags)
    context = chromium.new_context(permissions=["camera"])
    yield Visitor(context.new_page(), server)
    chromium.close()


def test_the_camera_gives_a_photo_and_is_switched_off(with_camera: Visitor) -> None:
    open_photo(with_camera, "cartoons")
    page = with_camera.page
    page.get_by_role("radio", name="Camera").click()
    page.wait_for_function("document.querySelector('video')?.readyState >= 2")
    page.get_by_role("button", name="Take Photo").click()
    page.locator(".likeness[data-faces]").wait_for()
    page.locator(".cropper[data-ready]").wait_for()
    assert reconstruction(with_camera).std() > 5
    expect(page.locator("video")).to_have_count(0)
    assert with_camera.errors == []
