from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, expect

from explorer.bundle import Bundle
from tests.bundles import make_bundle
from tests.e2e.driver import Visitor, differ, serve, shows

pytestmark = pytest.mark.e2e

CHANGED = 4.0  # mean difference, 0 to 255, of two pictures that plainly differ
SAME = 2.0  # of one picture drawn in two sizes
FROM, TO = 1900, 1950
LINK = f"?model=faces&from=toy-{FROM:06d}&to=toy-{TO:06d}"


def open_walk(visitor: Visitor, query: str = LINK) -> None:
    visitor.open(f"/interpolate{query}")
    visitor.page.locator(".walk[data-faces]").first.wait_for()
    visitor.page.locator(".steps .row[data-count]").first.wait_for()


def stage(visitor: Visitor, number: int = 0) -> Locator:
    return visitor.page.locator(".walk").first.locator("figure canvas").nth(number)


def handle(visitor: Visitor) -> Locator:
    return visitor.page.locator(".walk").first.locator("input[type=range]")


def count(visitor: Visitor) -> int:
    return int(visitor.page.locator(".walk").first.get_attribute("data-faces") or 0)


def at(visitor: Visitor, share: float) -> tuple[float, float]:
    """Page coordinates of a share of the handle's way."""
    box = handle(visitor).bounding_box()
    assert box is not None
    return box["x"] + 8 + share * (box["width"] - 16), box["y"] + box["height"] / 2


def wait_for_more(visitor: Visitor, before: int) -> None:
    visitor.page.wait_for_function(
        """(before) => [...document.querySelectorAll("*")].some((e) =>
             Number(e.shadowRoot?.querySelector(".walk")?.dataset.faces ?? 0) > before)""",
        arg=before,
    )


def press(visitor: Visitor, key: str) -> np.ndarray:
    before = count(visitor)
    handle(visitor).press(key)
    wait_for_more(visitor, before)
    return visitor.pixels(stage(visitor))


def index_in_link(visitor: Visitor, slot: str) -> int:
    """The picture that the page's address names."""
    name = str(visitor.ask(f"new URLSearchParams(location.search).get('{slot}')"))
    return int(name.removeprefix("toy-"))


@pytest.fixture
def on_walk(visitor: Visitor) -> Visitor:
    open_walk(visitor)
    return visitor


def test_the_picture_follows_the_handle_while_the_mouse_is_down(on_walk: Visitor) -> None:
    mouse = on_walk.page.mouse
    mouse.move(*at(on_walk, 0.5))
    mouse.down()
    seen = []
    for share in (0.1, 0.35, 0.9):
        before = count(on_walk)
        mouse.move(*at(on_walk, share), steps=3)
        wait_for_more(on_walk, before)
        on_walk.page.wait_for_timeout(150)  # the last of the moves is drawn
        seen.append(on_walk.pixels(stage(on_walk)))
    mouse.up()
    assert differ(seen[0], seen[1]) > CHANGED
    assert differ(seen[1], seen[2]) > CHANGED


def test_the_ends_of_the_walk_are_the_two_pictures(on_walk: Visitor, faces: Bundle) -> None:
    start, end = press(on_walk, "Home"), press(on_walk, "End")
    assert shows(start, faces, FROM)
    assert shows(end, faces, TO)
    steps = on_walk.page.locator(".steps").first.locator("button canvas")
    assert shows(on_walk.pixels(steps.first), faces, FROM)
    assert shows(on_walk.pixels(steps.last), faces, TO)


def test_one_handle_drives_both_ways_and_they_differ_halfway(on_walk: Visitor) -> None:
    press(on_walk, "Home")
    on_walk.page.wait_for_timeout(150)
    assert differ(on_walk.pixels(stage(on_walk)), on_walk.pixels(stage(on_walk, 1))) < SAME
    for _ in range(5):
        press(on_walk, "PageUp")
    on_walk.page.wait_for_timeout(150)
    assert differ(on_walk.pixels(stage(on_walk)), on_walk.pixels(stage(on_walk, 1))) > SAME
    current = on_walk.page.locator(".steps").first.locator("button[aria-current=true]")
    expect(current).to_have_attribute("title", "Step 6 of 11")


def test_play_walks_there_and_back_until_it_is_stopped(on_walk: Visitor) -> None:
    before = on_walk.pixels(stage(on_walk))
    on_walk.page.get_by_role("button", name="Play the walk").first.click()
    on_walk.page.wait_for_timeout(900)
    assert differ(on_walk.pixels(stage(on_walk)), before) > CHANGED
    on_walk.page.get_by_role("button", name="Pause").first.click()
    place = handle(on_walk).input_value()
    assert float(place) > 0.6
    on_walk.page.wait_for_timeout(300)
    assert handle(on_walk).input_value() == place


def test_a_finger_moves_the_handle(visit: Callable[..., Visitor]) -> None:
    visitor = visit(touch=True, width=400)
    open_walk(visitor)
    before = visitor.pixels(stage(visitor))
    visitor.page.touchscreen.tap(*at(visitor, 0.95))
    visitor.page.wait_for_timeout(400)
    assert differ(visitor.pixels(stage(visitor)), before) > CHANGED
    assert visitor.ask("document.documentElement.scrollWidth <= innerWidth")


def test_a_click_on_a_step_goes_there(on_walk: Visitor) -> None:
    before = count(on_walk)
    on_walk.page.get_by_role("button", name="Step 2 of 11").first.click()
    wait_for_more(on_walk, before)
    assert float(handle(on_walk).input_value()) == pytest.approx(0.1)


def test_a_random_face_changes_the_walk_and_the_link(on_walk: Visitor, faces: Bundle) -> None:
    on_walk.page.get_by_role("button", name="To: ").click()
    expect(on_walk.page.get_by_role("button", name="To: ")).to_have_attribute(
        "aria-pressed", "true"
    )
    on_walk.page.get_by_role("button", name="Random face").click()
    on_walk.page.wait_for_function(f"!location.search.includes('to=toy-{TO:06d}')")
    index = index_in_link(on_walk, "to")
    last = on_walk.page.locator(".steps").first.locator("button canvas").last
    on_walk.page.wait_for_timeout(500)
    assert shows(on_walk.pixels(last), faces, index)
    assert shows(press(on_walk, "End"), faces, index)


def test_a_stop_on_the_way_is_met_and_can_be_taken_out(on_walk: Visitor, faces: Bundle) -> None:
    on_walk.page.get_by_role("button", name="Add a stop").click()
    row = on_walk.page.locator(".route .row[data-count='3']")
    row.wait_for()
    on_walk.page.locator(".walk .ticks i").nth(2).wait_for(state="attached")
    press(on_walk, "Home")
    for _ in range(5):
        press(on_walk, "PageUp")
    on_walk.page.wait_for_timeout(200)
    assert shows(on_walk.pixels(stage(on_walk)), faces, index_in_link(on_walk, "stop1"))
    on_walk.page.get_by_role("button", name="Take Stop 1 out").click()
    on_walk.page.locator(".route .row[data-count='2']").wait_for()
    on_walk.page.wait_for_url(lambda url: "stop1" not in url)


def test_the_walk_can_be_taken_home(on_walk: Visitor) -> None:
    files = {}
    for kind in ("PNG", "GIF", "MP4"):
        with on_walk.page.expect_download() as download:
            on_walk.page.get_by_role("button", name=f"Download {kind}").click()
        assert download.value.suggested_filename.endswith(f".{kind.lower()}")
        files[kind] = Path(download.value.path()).read_bytes()
    sheet = Image.open(io.BytesIO(files["PNG"]))
    assert sheet.width > 5 * sheet.height
    assert Image.open(io.BytesIO(files["GIF"])).n_frames > 50
    with av.open(io.BytesIO(files["MP4"])) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(frames) > 50
    assert differ(frames[0], frames[50]) > CHANGED


def test_the_way_is_drawn_on_the_map_and_a_click_there_changes_it(on_walk: Visitor) -> None:
    overlay = "globalThis[Symbol.for('latent-explorer')].channels.get('walk-map').map.overlay"
    inked = f"""(() => {{ const c = {overlay};
        const data = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        return data.filter((value, i) => i % 4 === 3 && value > 0).length; }})()"""
    on_walk.page.get_by_role("tab", name="On the map").click()
    on_walk.page.locator(".map[data-ready]").wait_for()
    expect(on_walk.page.locator(".trail li")).to_have_count(2)
    on_walk.page.wait_for_timeout(300)
    assert on_walk.ask(inked) > 500
    canvas = on_walk.canvas
    canvas.scroll_into_view_if_needed()
    on_walk.click(on_walk.corner(0.1, 0.9))
    expect(on_walk.page.get_by_role("button", name="From: A place on the map")).to_be_visible()
    on_walk.page.wait_for_url("**from=umap*")


@pytest.fixture
def twins(browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    """A visit to a server with a variational and a plain model of the same pictures."""
    make_bundle(tmp_path / "shelf" / "faces", name="faces", image_size=64)
    make_bundle(tmp_path / "shelf" / "plain", name="plain", image_size=64, variational=False)
    with serve(tmp_path / "shelf", log=tmp_path / "log.txt") as server:
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        visitor = Visitor(context.new_page(), server)
        yield visitor
        context.close()
    assert visitor.errors == []


def test_the_same_walk_through_two_models_follows_one_handle(twins: Visitor) -> None:
    open_walk(twins, "?model=faces&panel=Other+models")
    second = twins.page.locator(".walk").nth(1)
    second.scroll_into_view_if_needed()
    expect(second.locator("figure")).to_have_count(2)
    twins.page.wait_for_timeout(500)
    before = [twins.pixels(second.locator("canvas").nth(number)) for number in (0, 1)]
    second.locator("input[type=range]").press("End")
    twins.page.wait_for_timeout(500)
    after = [twins.pixels(second.locator("canvas").nth(number)) for number in (0, 1)]
    assert differ(before[0], after[0]) > CHANGED
    assert differ(before[1], after[1]) > CHANGED
    assert differ(after[0], after[1]) > CHANGED
    assert handle(twins).input_value() == "1"
    expect(twins.page.get_by_text("only ever learnt to draw")).to_be_visible()


def test_four_corners_make_a_sheet(on_walk: Visitor) -> None:
    on_walk.page.get_by_role("tab", name="Four corners").click()
    image = on_walk.page.locator("[data-testid=stImage] img")
    image.wait_for()
    with on_walk.page.expect_download() as download:
        on_walk.page.get_by_role("button", name="Download grid").click()
    sheet = Image.open(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert sheet.width == sheet.height > 300


def test_a_link_reproduces_the_walk(on_walk: Visitor, visit: Callable[..., Visitor]) -> None:
    on_walk.page.get_by_role("radio", name="Spherical").click()
    on_walk.page.wait_for_url("**way=Spherical**")
    expect(on_walk.page.locator(".walk figure")).to_have_count(1)
    expect(on_walk.page.locator(".steps")).to_have_count(1)
    on_walk.page.get_by_role("button", name="Add a stop").click()
    on_walk.page.wait_for_url("**stop1=**")
    link = on_walk.page.url.split("/interpolate")[1]
    strip = on_walk.page.locator(".steps").first
    on_walk.page.locator(".walk .ticks i").nth(2).wait_for(state="attached")
    on_walk.page.wait_for_timeout(500)
    middle = on_walk.pixels(strip.locator("canvas").nth(3))
    other = visit()
    open_walk(other, link)
    assert other.page.locator(".walk figure").count() == 1
    other.page.locator(".route .row[data-count='3']").wait_for()
    again = other.pixels(other.page.locator(".steps").first.locator("canvas").nth(3))
    assert differ(again, middle) < SAME


def test_a_damaged_link_opens_a_walk(visitor: Visitor) -> None:
    open_walk(visitor, "?model=faces&from=nobody&to=code:%25&stop1=&way=Up&steps=99&bundles=gone")
    assert stage(visitor).count() == 1
    expect(visitor.page.get_by_role("heading", name="Interpolate")).to_be_visible()
