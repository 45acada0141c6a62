"""The part of the Attributes page where sliders of one's own are made."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from explorer.bundle.own_directions import VARIABLE
from explorer.ui.state import KEY

OpenPage = Callable[..., AppTest]
ATTRIBUTES = "pages/explore/attributes.py"
OWN = "Your own sliders"


@pytest.fixture
def page(
    open_page: OpenPage, shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AppTest:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    app = open_page(ATTRIBUTES, model="faces")
    app.session_state["view"] = OWN
    return app.run()


def choose(app: AppTest, way: str) -> AppTest:
    app.session_state["own_way"] = way
    return app.run()


def make(app: AppTest, name: str) -> AppTest:
    app.text_input[0].set_value(name)
    next(button for button in app.button if button.label == "Make the slider").click()
    return app.run()


def texts(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.error, app.warning, app.success, app.info)
    text = "\n".join(str(item.value) for kind in kinds for item in kind)
    return text.replace("\\", "")  # what keeps Markdown from reading names as its own


def put_groups(app: AppTest, with_: range, without: range) -> AppTest:
    state = app.session_state[KEY]
    identity = next(iter(state.kept))
    for side, rows in (("with", with_), ("without", without)):
        state.groups[identity, side] = np.array(rows)
    return app.run()


def png(seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def test_without_groups_it_says_where_to_select_them(page: AppTest) -> None:
    assert not page.exception
    assert "**With**: 0 selected" in texts(page)


def test_two_groups_of_the_map_make_a_slider(page: AppTest) -> None:
    make(put_groups(page, range(0, 40), range(100, 160)), "Left corner")
    assert not page.exception
    assert "“Left corner” is now among the sliders" in texts(page)
    assert "From two selections on the map: 40 with, 60 without." in texts(page)


def test_a_selection_of_one_point_is_refused(page: AppTest) -> None:
    make(put_groups(page, range(0, 1), range(100, 160)), "One")
    assert not page.exception
    assert "has 1 picture; a direction needs at least 2" in texts(page)


def test_overlapping_groups_are_refused(page: AppTest) -> None:
    make(put_groups(page, range(0, 50), range(40, 90)), "Both")
    assert "10 pictures are in both groups" in texts(page)


def test_a_table_makes_a_slider(page: AppTest) -> None:
    choose(page, "A table of labels")
    lines = ["id,hat", *(f"toy-{number:06d},{number % 2}" for number in range(120))]
    page.file_uploader[0].upload("labels.csv", "\n".join(lines).encode(), "text/csv")
    page.run()
    assert "60 with, 60 without" in texts(page)
    make(page, "Hat")
    assert "From a table of labels" in texts(page)
    assert not page.exception


def test_a_table_with_wrong_ids_says_what_ids_look_like(page: AppTest) -> None:
    choose(page, "A table of labels")
    page.file_uploader[0].upload("labels.csv", b"id,hat\n000001.jpg,1\n000002.jpg,0\n", "text/csv")
    page.run()
    assert not page.exception
    assert "None of the 2 ids is of this bundle" in texts(page)
    assert "'toy-000000'" in texts(page)


def test_uploaded_pictures_make_a_slider_and_bad_ones_are_named(page: AppTest) -> None:
    choose(page, "Uploaded pictures")
    for place, uploader in enumerate(page.file_uploader[:2]):
        files = [(f"{place}-{n}.png", png(10 * place + n), "image/png") for n in range(3)]
        if place == 0:
            files.append(("broken.png", b"not a picture", "image/png"))
        uploader.set_value(files)
    page.run()
    make(page, "Mine")
    assert not page.exception
    assert "broken.png" in texts(page)
    assert "3 with, 3 without" in texts(page)


def test_a_kept_slider_survives_and_can_be_deleted(page: AppTest, tmp_path: Path) -> None:
    make(put_groups(page, range(0, 40), range(100, 160)), "Corner")
    page.button(key="own_Keep_0").click().run()
    assert len(list(tmp_path.rglob("corner*.safetensors"))) == 1
    page.button(key="own_Delete_0").click().run()
    assert list(tmp_path.rglob("*.safetensors")) == []
    assert "Corner" not in texts(page)
