from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from explorer.bundle import Bundle
from tests.e2e.driver import MAP_OBJECT, Visitor, differ, shows

pytestmark = pytest.mark.e2e

CHANGED = 4.0  # mean difference, 0 to 255, of two pictures that plainly differ
REDRAWN = 0.3  # of two maps that do; most of a map is background


def place_of(bundle: Bundle, index: int, plane: str = "umap") -> tuple[float, float]:
    x, y = bundle.maps[plane].xy[index]
    return float(x), float(y)


def lonely(bundle: Bundle) -> int:
    """A picture whose point no other point is near."""
    xy = bundle.maps["umap"].xy
    gaps = np.sort(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)), axis=1)[:, 1]
    return int(gaps.argmax())


@pytest.fixture
def on_map(visitor: Visitor) -> Visitor:
    visitor.open_map("?model=faces")
    return visitor


def test_the_face_changes_under_the_pointer(on_map: Visitor) -> None:
    first = on_map.hover(on_map.corner(0.35, 0.4))
    expect(on_map.preview).to_be_visible()
    second = on_map.hover(on_map.corner(0.65, 0.7))
    assert differ(first, second) > CHANGED


def test_hovering_a_point_shows_exactly_that_picture(on_map: Visitor, faces: Bundle) -> None:
    index = lonely(faces)
    seen = on_map.hover(on_map.spot(*place_of(faces, index)))
    expect(on_map.preview).to_contain_text(f"toy-{index:06d}")
    assert shows(seen, faces, index)


def test_hovering_far_away_says_so(on_map: Visitor) -> None:
    on_map.hover(on_map.corner(0.02, 0.02))
    expect(on_map.preview).to_contain_text("far from every face")


def test_the_preview_goes_with_the_pointer(on_map: Visitor) -> None:
    on_map.hover(on_map.corner(0.5, 0.5))
    on_map.page.mouse.move(5, 500)
    expect(on_map.preview).to_be_hidden()


def test_a_clicked_point_stays_large_with_its_original(on_map: Visitor, faces: Bundle) -> None:
    index = lonely(faces)
    on_map.click(on_map.spot(*place_of(faces, index)))
    on_map.wait_for_title(f"toy-{index:06d}")
    assert shows(on_map.large, faces, index)
    expect(on_map.face).to_contain_text("Its exact code")
    expect(on_map.face.locator(".original")).to_be_visible()
    expect(on_map.page.locator(".strip .grid[data-count='8']")).to_be_visible()
    assert f"pick=toy-{index:06d}" in on_map.page.url


def test_a_clicked_empty_place_is_the_inverse_of_the_map(on_map: Visitor, faces: Bundle) -> None:
    on_map.click(on_map.spot(*place_of(faces, lonely(faces))))
    on_map.wait_for_title("toy-")
    before = on_map.large
    on_map.click(on_map.corner(0.03, 0.95))
    on_map.wait_for_title("A place on the map")
    assert differ(on_map.large, before) > CHANGED
    expect(on_map.face).to_contain_text("No face lies here")
    expect(on_map.face).to_contain_text("Far from every face")
    expect(on_map.face.locator(".original")).to_be_hidden()


def test_a_neighbour_can_be_clicked(on_map: Visitor, faces: Bundle) -> None:
    on_map.click(on_map.spot(*place_of(faces, 3)))
    on_map.wait_for_title("toy-")
    first = on_map.page.locator(".strip button").first
    name = first.get_attribute("title")
    assert name is not None
    first.click()
    on_map.wait_for_title(name.split(":")[0])


def test_the_picture_can_be_taken_home(on_map: Visitor, faces: Bundle) -> None:
    on_map.click(on_map.spot(*place_of(faces, 3)))
    on_map.wait_for_title("toy-")
    with on_map.page.expect_download() as download:
        on_map.page.get_by_role("button", name="Download PNG").click()
    assert download.value.suggested_filename.startswith("faces-toy-")
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


def test_the_other_projection_keeps_the_pick(on_map: Visitor, faces: Bundle) -> None:
    index = lonely(faces)
    on_map.click(on_map.spot(*place_of(faces, index)))
    on_map.wait_for_title(f"toy-{index:06d}")
    before = on_map.pixels(on_map.canvas, side=128)
    on_map.page.get_by_role("radio", name="PCA").click()
    expect(on_map.page.locator(".axis-x")).to_contain_text("PC 1")
    on_map.page.wait_for_function(f"{MAP_OBJECT}.shared.marks.place.plane === 'pca'")
    on_map.page.wait_for_timeout(900)  # the points travel
    assert differ(on_map.pixels(on_map.canvas, side=128), before) > REDRAWN
    on_map.wait_for_title(f"toy-{index:06d}")
    seen = on_map.hover(on_map.spot(*place_of(faces, index, "pca")))
    assert shows(seen, faces, index)
    assert "projection=PCA" in on_map.page.url


def test_a_colour_keeps_the_view_and_the_pick(on_map: Visitor, faces: Bundle) -> None:
    on_map.click(on_map.spot(*place_of(faces, lonely(faces))))
    on_map.wait_for_title("toy-")
    title = on_map.face.locator("h3").inner_text()
    on_map.page.mouse.wheel(0, -300)
    view = on_map.ask(f"{MAP_OBJECT}.view.state()")
    before = on_map.pixels(on_map.canvas, side=128)
    on_map.choose("Colour by", "Reconstruction error")
    expect(on_map.page.locator(".ramp .ticks small")).to_have_count(3)
    on_map.page.wait_for_timeout(200)
    assert on_map.ask(f"{MAP_OBJECT}.view.state()") == view
    assert differ(on_map.pixels(on_map.canvas, side=128), before) > REDRAWN
    on_map.wait_for_title(title)


def test_the_wheel_zooms_at_the_pointer(on_map: Visitor) -> None:
    here = f"(({{view, pointer}}) => view.toPlane(pointer.x, pointer.y))({MAP_OBJECT})"
    on_map.page.mouse.move(*on_map.corner(0.3, 0.6))
    before = on_map.ask(here)
    on_map.page.mouse.wheel(0, -500)
    on_map.page.wait_for_function(f"{MAP_OBJECT}.view.zoomed > 2")
    # A wheel event knows whole pixels only.
    assert on_map.ask(here) == pytest.approx(before, abs=0.02)


def test_a_drag_moves_the_plane_and_picks_nothing(on_map: Visitor) -> None:
    before = on_map.ask(f"{MAP_OBJECT}.view.state()")
    on_map.drag(on_map.corner(0.4, 0.4), on_map.corner(0.5, 0.4))
    after = on_map.ask(f"{MAP_OBJECT}.view.state()")
    assert after["cx"] < before["cx"]
    assert after["scale"] == before["scale"]
    expect(on_map.page.locator(".empty")).to_be_visible()


def test_a_box_selects_and_the_rows_can_be_taken_home(on_map: Visitor, faces: Bundle) -> None:
    on_map.page.locator("[data-tool=box]").first.click()
    on_map.drag(on_map.corner(0.25, 0.25), on_map.corner(0.6, 0.6))
    expect(on_map.page.locator(".status")).to_contain_text("selected")
    expect(on_map.page.locator(".grid.flow[data-count='24']")).to_be_visible()
    with on_map.page.expect_download() as download:
        on_map.page.get_by_role("button", name="as CSV").click()
    lines = Path(download.value.path()).read_text().splitlines()
    chosen = on_map.ask(f"[...{MAP_OBJECT}.selected].length")
    assert lines[0].startswith("id,split,label,error")
    assert len(lines) == chosen + 1
    ids = faces.items["id"].to_numpy()
    first = on_map.ask(f"[...{MAP_OBJECT}.selected].sort((a, b) => a - b)[0]")
    assert lines[1].split(",")[0] == ids[first]


def test_pick_and_selection_are_there_on_return(on_map: Visitor, faces: Bundle) -> None:
    on_map.click(on_map.spot(*place_of(faces, lonely(faces))))
    on_map.wait_for_title("toy-")
    on_map.page.locator("[data-tool=box]").first.click()
    on_map.drag(on_map.corner(0.3, 0.3), on_map.corner(0.7, 0.7))
    expect(on_map.page.locator(".grid.flow[data-count='24']")).to_be_visible()
    chosen = on_map.ask(f"{MAP_OBJECT}.selected.size")
    on_map.page.get_by_role("link", name="Models").click()
    expect(on_map.page.get_by_role("heading", name="Walk through")).to_be_visible()
    on_map.page.get_by_role("link", name="Map").click()
    on_map.wait_for_map()
    on_map.wait_for_title("toy-")
    assert on_map.ask(f"{MAP_OBJECT}.selected.size") == chosen
    expect(on_map.page.locator(".grid.flow[data-count='24']")).to_be_visible()


def test_a_lasso_selects_what_it_encloses(on_map: Visitor, faces: Bundle) -> None:
    index = lonely(faces)
    x, y = on_map.spot(*place_of(faces, index))
    on_map.page.locator("[data-tool=lasso]").first.click()
    mouse = on_map.page.mouse
    mouse.move(x - 8, y - 8)
    mouse.down()
    for dx, dy in ((8, -8), (8, 8), (-8, 8), (-8, -8)):
        mouse.move(x + dx, y + dy, steps=3)
    mouse.up()
    assert index in on_map.ask(f"[...{MAP_OBJECT}.selected]")
    on_map.page.keyboard.press("Escape")
    expect(on_map.page.locator(".status")).to_contain_text("one dot each")


def test_the_legend_isolates_a_category(on_map: Visitor) -> None:
    before = on_map.pixels(on_map.canvas, side=128)
    chips = on_map.page.locator(".chip")
    chips.first.click()
    expect(chips.nth(1)).to_have_attribute("aria-pressed", "false")
    on_map.page.wait_for_timeout(100)
    assert differ(on_map.pixels(on_map.canvas, side=128), before) > REDRAWN
    on_map.page.get_by_role("button", name="Show all").click()
    expect(chips.nth(1)).to_have_attribute("aria-pressed", "true")


def test_the_keyboard_moves_looks_and_picks(on_map: Visitor) -> None:
    on_map.canvas.focus()
    for _ in range(3):
        on_map.page.keyboard.press("Shift+ArrowRight")
    expect(on_map.preview).to_be_visible()
    on_map.page.keyboard.press("Enter")
    on_map.page.locator(".face:not([data-early]) h3").wait_for()
    on_map.page.keyboard.press("+")
    assert on_map.ask(f"{MAP_OBJECT}.view.zoomed") > 1.2


def test_a_finger_looks_and_a_tap_picks(visit: Callable[..., Visitor], faces: Bundle) -> None:
    visitor = visit(touch=True)
    visitor.open_map("?model=faces")
    index = lonely(faces)
    visitor.page.touchscreen.tap(*visitor.spot(*place_of(faces, index)))
    visitor.wait_for_title(f"toy-{index:06d}")


def test_another_bundle_brings_its_own_map(on_map: Visitor) -> None:
    before = on_map.pixels(on_map.canvas, side=128)
    on_map.choose("Model", "digits")
    expect(on_map.page.get_by_role("heading", name="digits")).to_be_visible()
    expect(on_map.page.locator(".status")).to_contain_text("1,000 pictures")
    on_map.page.wait_for_timeout(200)
    assert differ(on_map.pixels(on_map.canvas, side=128), before) > REDRAWN
    grey = on_map.hover(on_map.corner(0.5, 0.5))
    assert (grey[..., 0] == grey[..., 2]).all()


def test_dark_mode_darkens_the_map_at_once(on_map: Visitor) -> None:
    corner = "c => Array.from(c.getContext('2d').getImageData(3, 3, 1, 1).data)"
    assert min(on_map.canvas.evaluate(corner)[:3]) > 200
    on_map.page.emulate_media(color_scheme="dark")
    on_map.page.wait_for_timeout(600)
    assert max(on_map.canvas.evaluate(corner)[:3]) < 60
    on_map.hover(on_map.corner(0.4, 0.4))
    expect(on_map.preview).to_be_visible()
