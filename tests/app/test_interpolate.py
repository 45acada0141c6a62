from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import explorer
from explorer.bundle import Bundle
from explorer.ui.faces import code_text
from explorer.ui.folders import VARIABLE
from tests.bundles import make_bundle

OpenPage = Callable[..., AppTest]
INTERPOLATE = "pages/explore/interpolate.py"


def pieces(app: AppTest, name: str) -> list[dict[str, Any]]:
    """What the mounted pieces of one kind were sent, in order."""
    return [
        json.loads(element.proto.json)
        for element in app.get("bidi_component")
        if element.proto.component_name == f"latent_{name}"
    ]


def send(app: AppTest, piece: str, *, number: int = 0, **state: object) -> AppTest:
    """A message from the browser, as the piece's script would set it."""
    states = app._tree.get_widget_states()
    mounted = [
        element.proto.id
        for element in app.get("bidi_component")
        if element.proto.component_name == f"latent_{piece}"
    ]
    widget = states.widgets.add()
    widget.id = mounted[number]
    widget.json_value = json.dumps(state)
    return app._run(states)


def titles(app: AppTest) -> list[str]:
    return [item["title"] for item in pieces(app, "route")[0]["items"]]


def change(app: AppTest, **news: object) -> AppTest:
    bundle = pieces(app, "route")[0]["bundle"]
    return send(app, "route", change={"bundle": bundle, "serial": 1, **news})


@pytest.fixture
def app(open_page: OpenPage, shelf: Path) -> AppTest:
    return open_page(INTERPOLATE, model="faces", **{"from": "toy-000270", "to": "toy-000280"})


@pytest.fixture
def faces(bundles: Path) -> Bundle:
    return explorer.load(bundles / "faces")


@pytest.mark.usefixtures("shelf")
def test_a_newcomer_finds_two_different_unseen_faces_and_a_walk(
    open_page: OpenPage, faces: Bundle
) -> None:
    app = open_page(INTERPOLATE, model="faces")
    assert not app.exception
    start, end = titles(app)
    assert start != end
    splits = dict(zip(faces.items["id"], faces.items["split"], strict=True))
    assert {splits[start], splits[end]} <= {"valid", "test"}
    assert [way["title"] for way in pieces(app, "walk")[0]["ways"]] == ["Linear", "Spherical"]
    assert [len(strip["items"]) for strip in pieces(app, "steps")] == [11, 11]
    assert (app.query_params["from"], app.query_params["to"]) == (start, end)


def test_the_strips_end_on_the_two_pictures(app: AppTest, faces: Bundle) -> None:
    ends = [item["picture"] for item in pieces(app, "route")[0]["items"]]
    for strip in pieces(app, "steps"):
        assert [strip["items"][0]["picture"], strip["items"][-1]["picture"]] == ends
    linear, spherical = (strip["items"][5]["picture"] for strip in pieces(app, "steps"))
    assert linear != spherical


@pytest.mark.usefixtures("shelf")
def test_a_link_brings_everything_back(open_page: OpenPage) -> None:
    app = open_page(
        INTERPOLATE,
        model="faces",
        to="toy-000012",
        stop1="toy-000005",
        stop2="map:1.5000,-0.5000",
        way="Spherical",
        steps="7",
        panel="Other models",
        bundles="digits",
        **{"from": "toy-000003"},
    )
    assert not app.exception
    assert titles(app)[:2] == ["toy-000003", "toy-000005"]
    assert titles(app)[-1] == "toy-000012"
    assert len(titles(app)) == 3 or titles(app)[2] == "A place on the map"
    assert [way["title"] for way in pieces(app, "walk")[0]["ways"]] == ["Spherical"]
    assert len(pieces(app, "steps")[0]["items"]) == 7
    assert app.multiselect(key="bundles").value == ["digits"]


@pytest.mark.usefixtures("shelf")
def test_a_damaged_link_opens_the_page_all_the_same(open_page: OpenPage) -> None:
    app = open_page(
        INTERPOLATE,
        model="faces",
        to="code:%%%",
        stop1="gone",
        stop3="toy-000005",
        way="Sideways",
        steps="400",
        panel="None",
        bundles="gone",
        side="x",
        **{"from": "nobody"},
    )
    assert not app.exception
    assert not app.error
    found = titles(app)
    assert len(found) == 3
    assert found[1] == "toy-000005"
    assert 5 <= len(pieces(app, "steps")[0]["items"]) <= 15


def test_a_stop_is_added_moved_and_taken_out(app: AppTest) -> None:
    app.button(key="add_stop").click().run()
    first = titles(app)
    assert len(first) == 3
    assert pieces(app, "route")[0]["selected"] == 1
    assert "stop1" in app.query_params
    change(app, order=[1, 0, 2], selected=0)
    assert titles(app) == [first[1], first[0], first[2]]
    assert app.query_params["from"] == first[1]
    change(app, order=[0, 2], selected=1)
    assert titles(app) == [first[1], first[2]]
    assert "stop1" not in app.query_params
    assert not app.exception


def test_a_walk_has_eight_pictures_at_most(app: AppTest) -> None:
    for _ in range(6):
        app.button(key="add_stop").click().run()
    assert len(titles(app)) == 8
    assert app.button(key="add_stop").disabled
    # Every one of them is a step.
    assert sum(item["isStop"] for item in pieces(app, "steps")[0]["items"]) == 8


def test_a_choice_fills_the_selected_place(app: AppTest) -> None:
    change(app, selected=1)
    app.button(key="random_to").click().run()
    assert titles(app)[0] == "toy-000270"
    assert pieces(app, "route")[0]["selected"] == 1
    assert app.query_params["from"] == "toy-000270"


@pytest.mark.parametrize(
    "news",
    [
        {"order": [0, 0]},
        {"order": [0]},
        {"order": [0, 5]},
        {"order": "ab"},
        {"order": [True, False]},
        {"selected": 9},
        {"selected": "0"},
        {},
    ],
)
def test_nonsense_from_the_browser_changes_nothing(app: AppTest, news: dict[str, Any]) -> None:
    change(app, **news)
    assert not app.exception
    assert titles(app) == ["toy-000270", "toy-000280"]
    assert pieces(app, "route")[0]["selected"] == 0


@pytest.mark.usefixtures("shelf")
def test_equal_ends_stand_still_and_say_so(open_page: OpenPage) -> None:
    app = open_page(INTERPOLATE, model="faces", to="toy-000003", **{"from": "toy-000003"})
    assert not app.exception
    assert any("stands still" in note.value for note in app.info)
    for strip in pieces(app, "steps"):
        assert len({item["picture"]["pixels"] for item in strip["items"]}) == 1


@pytest.mark.usefixtures("shelf")
def test_opposite_codes_leave_the_straight_way(open_page: OpenPage, faces: Bundle) -> None:
    code = np.arange(1, 9, dtype=np.float32) / 4  # exact in float16, as links are
    app = open_page(INTERPOLATE, model="faces", to=code_text(-code), **{"from": code_text(code)})
    assert not app.exception
    assert any("opposite directions" in note.value for note in app.info)
    assert [way["title"] for way in pieces(app, "walk")[0]["ways"]] == ["Linear"]
    assert len(pieces(app, "steps")) == 1


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("panel", ["Smoothness", "On the map", "Other models", "Four corners"])
def test_every_panel_opens_for_every_bundle(open_page: OpenPage, panel: str) -> None:
    for model in ("faces", "digits"):
        app = open_page(INTERPOLATE, model=model, panel=panel)
        assert not app.exception
        assert not app.error


@pytest.mark.parametrize("panel", ["Smoothness", "On the map", "Other models", "Four corners"])
def test_two_numbers_and_one_class_are_enough(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, panel: str
) -> None:
    make_bundle(
        tmp_path / "flat", name="flat", latent_dim=2, attribute_names=(), label_names=("red",)
    )
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    app = open_page(INTERPOLATE, model="flat", panel=panel)
    assert not app.exception
    assert not app.error
    assert [len(strip["items"]) for strip in pieces(app, "steps")[:2]] == [11, 11]
    assert any("fill the inside" in text.value for text in app.markdown)


def test_the_map_shows_the_way_through_its_stops(app: AppTest, open_page: OpenPage) -> None:
    app = open_page(
        INTERPOLATE,
        model="faces",
        panel="On the map",
        to="toy-000280",
        **{"from": "toy-000270"},
    )
    trail = pieces(app, "trail")[0]
    assert [line["name"] for line in trail["lines"]] == ["linear", "spherical"]
    assert pieces(app, "map")[0]["channel"] == trail["map"] == "walk-map"
    pick = {"bundle": trail["bundle"], "plane": "umap", "x": 0.0, "y": 0.0, "index": 12}
    send(app, "trail", pick=pick)
    assert titles(app) == ["toy-000012", "toy-000280"]


@pytest.mark.usefixtures("shelf")
def test_four_corners_are_a_sheet_to_take_home(open_page: OpenPage) -> None:
    app = open_page(INTERPOLATE, model="faces", panel="Four corners", side="9")
    assert not app.exception
    assert app.slider(key="side").value == 9
    lower = pieces(app, "route")[1]["items"]
    assert [item["role"] for item in lower] == ["Lower left", "Lower right"]
    assert len({item["title"] for item in lower} | set(titles(app))) == 4
    bundle = pieces(app, "route")[1]["bundle"]
    send(app, "route", number=1, change={"bundle": bundle, "selected": 1})
    app.button(key="random_corner4").click().run()
    assert pieces(app, "route")[1]["items"][0] == lower[0]
    assert app.query_params["corner3"] == lower[0]["title"]


def test_an_autoencoder_among_the_models_is_explained(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_bundle(tmp_path / "vae", name="vae")
    make_bundle(tmp_path / "plain", name="plain", variational=False)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    app = open_page(INTERPOLATE, model="vae", panel="Other models")
    assert not app.exception
    assert [way["title"] for way in pieces(app, "walk")[1]["ways"]] == ["vae", "plain"]
    table = app.dataframe[0].value
    assert table["Kind"].tolist() == ["variational", "plain autoencoder"]
    assert table["β"].tolist() == ["1", "none"]
    assert any("only ever learnt to draw" in text.value for text in app.markdown)


def test_models_of_other_sizes_are_compared_as_far_as_they_can(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_bundle(tmp_path / "small", name="small")
    make_bundle(tmp_path / "large", name="large", image_size=64)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    app = open_page(INTERPOLATE, model="small", panel="Other models")
    assert not app.exception
    assert any("64 × 64 in colour" in note.value for note in app.info)
    assert len(pieces(app, "steps")) == 4
    # A sample is a picture of neither, and of the wrong size for the other one.
    app.button(key="sample_from").click().run()
    assert not app.exception
    assert any("left out" in note.value for note in app.warning)
    assert len(pieces(app, "steps")) == 3
