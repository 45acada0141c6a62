from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from explorer.bundle import Bundle
from explorer.ui.exports import to_png
from tests.e2e.driver import Visitor, differ

pytestmark = pytest.mark.e2e

CHANGED = 3.0  # mean difference, 0 to 255, of two pictures that plainly differ
SAME = 0.6  # of two that are the same but for the rounding of canvases


def nearest(picture: np.ndarray, candidates: Sequence[np.ndarray]) -> int:
    """Which of some pictures, of another size on the page, shows the same."""
    return int(np.argmin([differ(picture, one) for one in candidates]))


class Editor:
    """What a visitor does on the Attributes page."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.root = self.page.locator(".editor")

    def open(self, query: str = "?model=faces") -> Editor:
        self.visitor.open(f"/attributes{query}")
        self.page.locator(".editor[data-ready][data-faces]").wait_for()
        self.wait_for_row()
        return self

    def wait_for_row(self) -> None:
        """Until every other face and the whole strip are drawn."""
        self.page.wait_for_function(
            """() => {
              const roots = [...document.querySelectorAll("*")].map((e) => e.shadowRoot);
              const root = roots.map((e) => e?.querySelector(".editor")).find((e) => e);
              const told = root?.dataset ?? {};
              return told.others >= 6 && told.strip >= 9 && !root.querySelector(".frame.old");
            }"""
        )

    def slider(self, name: str) -> Locator:
        return self.root.get_by_role("slider", name=name, exact=True)

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def value(self, name: str) -> str:
        return self.row(name).locator("output").inner_text()

    def row(self, name: str) -> Locator:
        return self.root.locator(f".slider[data-key='{name}']")

    def grip(self, name: str, value: float = 0.0) -> tuple[float, float]:
        """Page coordinates of a slider's thumb at a value."""
        box = self.slider(name).bounding_box()
        assert box is not None
        share = (value + 3) / 6
        return box["x"] + 10 + share * (box["width"] - 20), box["y"] + box["height"] / 2

    def pull(self, name: str, *, start: float = 0.0, end: float) -> None:
        """Takes the thumb and moves it, and does not let go."""
        mouse = self.page.mouse
        mouse.move(*self.grip(name, start))
        mouse.down()
        mouse.move(*self.grip(name, end), steps=12)

    def drag(self, name: str, *, start: float = 0.0, end: float) -> None:
        self.pull(name, start=start, end=end)
        self.page.mouse.up()
        self.settle()

    def settle(self) -> None:
        """Until the picture of the last move is there."""
        self.page.wait_for_timeout(400)

    @property
    def count(self) -> int:
        return int(self.root.get_attribute("data-faces") or 0)

    @property
    def picture(self) -> np.ndarray:
        return self.visitor.pixels(self.root.locator("canvas.main"))

    def other(self, number: int) -> np.ndarray:
        return self.visitor.pixels(self.root.locator(".other canvas").nth(number))

    def frame(self, number: int) -> np.ndarray:
        return self.visitor.pixels(self.root.locator(".frame canvas").nth(number))


@pytest.fixture
def editor(visitor: Visitor) -> Editor:
    return Editor(visitor).open()


def test_the_picture_follows_the_drag_before_the_mouse_is_let_go(editor: Editor) -> None:
    before, count = editor.picture, editor.count
    editor.pull("Smiling", end=2.0)
    editor.settle()
    assert editor.count > count + 3
    assert differ(editor.picture, before) > CHANGED
    assert "edit=" not in editor.page.url  # nothing was sent to Python yet
    editor.page.mouse.up()
    editor.page.wait_for_url("**edit=Smiling*")


def test_every_move_shows_another_picture(editor: Editor) -> None:
    seen = []
    editor.pull("Eyeglasses", end=0.5)
    for value in (1.0, 2.0, 3.0, -1.0):
        editor.page.mouse.move(*editor.grip("Eyeglasses", value), steps=3)
        editor.settle()
        seen.append(editor.picture)
    assert all(differ(one, other) > 1 for one, other in pairwise(seen))
    editor.page.mouse.up()


def test_the_other_faces_get_the_same_edit_while_it_is_dragged(editor: Editor) -> None:
    before = [editor.other(number) for number in range(6)]
    editor.pull("Smiling", end=2.5)
    editor.page.wait_for_timeout(1500)
    for number in range(6):
        assert differ(editor.other(number), before[number]) > CHANGED
    editor.page.mouse.up()


def test_holding_shows_the_original_and_letting_go_the_edit(editor: Editor) -> None:
    original = editor.picture
    editor.drag("Smiling", end=2.0)
    edited = editor.picture
    assert differ(edited, original) > CHANGED
    box = editor.button("Hold to compare").bounding_box()
    assert box is not None
    editor.page.mouse.move(box["x"] + 10, box["y"] + 10)
    editor.page.mouse.down()
    assert differ(editor.picture, original) < SAME
    expect(editor.root.locator(".badge")).to_be_visible()
    editor.page.mouse.up()
    assert differ(editor.picture, edited) < SAME
    expect(editor.root.locator(".badge")).to_be_hidden()


def test_a_key_held_shows_the_original_too(editor: Editor) -> None:
    original = editor.picture
    editor.drag("Smiling", end=2.0)
    edited = editor.picture
    editor.page.keyboard.down("o")
    assert differ(editor.picture, original) < SAME
    editor.page.keyboard.up("o")
    assert differ(editor.picture, edited) < SAME


def test_undo_and_redo(editor: Editor) -> None:
    original = editor.picture
    editor.drag("Smiling", end=2.0)
    smiling = editor.picture
    editor.drag("Eyeglasses", end=1.5)
    editor.page.keyboard.press("Control+z")
    editor.settle()
    assert editor.value("Eyeglasses") == "0.00"
    assert differ(editor.picture, smiling) < SAME
    editor.button("Undo").click()
    editor.settle()
    assert differ(editor.picture, original) < SAME
    expect(editor.button("Undo")).to_be_disabled()
    editor.page.keyboard.press("Control+Shift+z")
    editor.settle()
    assert differ(editor.picture, smiling) < SAME
    assert "Smiling" in editor.page.url


def test_double_click_and_reset_bring_a_slider_back(editor: Editor) -> None:
    original = editor.picture
    editor.drag("Smiling", end=2.0)
    editor.slider("Smiling").dblclick()
    editor.settle()
    assert editor.value("Smiling") == "0.00"
    editor.drag("Smiling", end=-2.0)
    editor.button("Reset Smiling").click()
    editor.settle()
    assert differ(editor.picture, original) < SAME


def test_a_lock_changes_what_a_slider_moves_along(editor: Editor) -> None:
    editor.drag("Smiling", end=3.0)
    free = editor.picture
    editor.button("Lock Eyeglasses").click()
    editor.page.wait_for_url("**lock=Eyeglasses*")
    editor.settle()
    assert differ(editor.picture, free) > 0.1
    expect(editor.slider("Eyeglasses")).to_be_disabled()
    expect(editor.root.locator(".locks")).to_contain_text("Locked: Eyeglasses.")
    editor.button("Lock Eyeglasses").click()
    expect(editor.slider("Eyeglasses")).to_be_enabled()
    editor.settle()
    assert differ(editor.picture, free) < SAME


def test_the_keyboard_moves_a_slider(editor: Editor) -> None:
    before = editor.picture
    slider = editor.slider("Smiling")
    slider.focus()
    for key, value in (
        ("ArrowRight", "+0.10"),
        ("PageUp", "+0.60"),
        ("ArrowLeft", "+0.50"),
        ("End", "+3.00"),
        ("Home", "−3.00"),
    ):
        slider.press(key)
        assert editor.value("Smiling") == value
    editor.settle()
    assert differ(editor.picture, before) > CHANGED
    editor.page.wait_for_url("**edit=Smiling%3A-3*")


def test_a_finger_moves_a_slider(visit: Callable[..., Visitor]) -> None:
    editor = Editor(visit(touch=True, width=400)).open()
    before = editor.picture
    editor.slider("Smiling").scroll_into_view_if_needed()
    editor.page.touchscreen.tap(*editor.grip("Smiling", 2.0))
    editor.settle()
    assert editor.value("Smiling").startswith(("+1.9", "+2.0"))
    assert differ(editor.picture, before) > CHANGED


def test_on_a_small_screen_everything_fits_and_the_picture_stays_in_view(
    visit: Callable[..., Visitor],
) -> None:
    editor = Editor(visit(width=400)).open()
    wide = editor.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 400
    editor.slider("Eyeglasses").scroll_into_view_if_needed()
    expect(editor.root.locator("canvas.main")).to_be_in_viewport(ratio=0.6)


def test_a_picture_of_the_strip_sets_the_slider(editor: Editor) -> None:
    editor.drag("Smiling", end=0.7)
    editor.wait_for_row()
    frames = [editor.frame(number) for number in range(9)]
    editor.root.locator(".frame").nth(8).click()
    editor.settle()
    assert editor.value("Smiling") == "+2.00"
    assert nearest(editor.picture, frames) == 8
    expect(editor.root.locator(".frame").nth(8)).to_have_class("frame here")


def test_the_strip_follows_the_slider_touched_last(editor: Editor) -> None:
    before = editor.frame(8)
    expect(editor.root.locator(".strip h4")).to_have_text("Smiling, from −2 to +2")
    editor.drag("Eyeglasses", end=1.0)
    expect(editor.root.locator(".strip h4")).to_have_text("Eyeglasses, from −2 to +2")
    editor.wait_for_row()
    assert differ(editor.frame(8), before) > 1


def test_a_link_brings_the_picture_back(visit: Callable[..., Visitor]) -> None:
    first = Editor(visit()).open("?model=faces&face=toy-000012")
    first.drag("Smiling", end=1.5)
    first.drag("Eyeglasses", end=-1.0)
    first.button("Lock Eyeglasses").click()
    first.page.wait_for_url("**lock=Eyeglasses*")
    first.settle()
    second = Editor(visit()).open(first.page.url.split("/attributes")[1])
    second.settle()
    assert second.value("Smiling") == first.value("Smiling")
    assert second.value("Eyeglasses") == first.value("Eyeglasses")
    assert differ(second.picture, first.picture) < SAME


def test_another_face_is_edited_when_it_is_clicked(editor: Editor) -> None:
    editor.drag("Smiling", end=2.0)
    editor.wait_for_row()
    editor.page.wait_for_timeout(800)
    others = [editor.other(number) for number in range(6)]
    editor.root.locator(".other").nth(3).click()
    editor.page.wait_for_url("**face=toy-*")
    editor.settle()
    editor.page.wait_for_timeout(600)
    assert nearest(editor.picture, others) == 3


def test_files_arrive(editor: Editor, faces: Bundle) -> None:
    editor.drag("Smiling", end=1.5)
    editor.page.wait_for_url("**edit=Smiling*")

    def download(label: str) -> tuple[str, bytes]:
        with editor.page.expect_download() as arrived:
            editor.page.get_by_role("button", name=label, exact=True).click()
        return arrived.value.suggested_filename, Path(arrived.value.path()).read_bytes()

    content = json.loads(download("Code")[1])
    assert content["values"].keys() == {"Smiling"}
    name, blob = download("Picture")
    assert name.endswith(".png")
    assert blob == to_png(faces.decode(np.array([content["z"]], np.float32))[0])
    assert download("Strip")[1].startswith(b"\x89PNG")
    assert download("GIF")[1].startswith(b"GIF8")


def test_a_found_slider_is_added_and_put_away(editor: Editor) -> None:
    editor.button("Put Eyeglasses away").click()
    expect(editor.row("Eyeglasses")).to_have_count(0)
    editor.root.locator(".chip", has_text="Eyeglasses").click()
    expect(editor.slider("Eyeglasses")).to_be_focused()


def test_in_the_dark_nothing_is_left_bright(visit: Callable[..., Visitor]) -> None:
    editor = Editor(visit(dark=True)).open()
    colour = editor.root.evaluate("e => getComputedStyle(e).color")
    assert min(int(part) for part in colour[4:-1].split(",")) > 180
    editor.drag("Smiling", end=1.0)
    assert editor.value("Smiling") == "+1.00"


def test_a_model_without_directions_leads_to_sliders_of_ones_own(visitor: Visitor) -> None:
    visitor.open("/attributes?model=digits")
    visitor.page.get_by_role("button", name="Make a slider").click()
    tab = visitor.page.get_by_role("tab", name="Your own sliders")
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(visitor.page.get_by_text("A slider needs two groups")).to_be_visible()
