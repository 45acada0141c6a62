from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer.ui.folders import VARIABLE
from explorer.ui.wire import pack_bits

OpenPage = Callable[..., AppTest]
MAP = "pages/explore/map.py"


def pieces(app: AppTest) -> dict[str, Any]:
    """What each mounted piece was sent, by its name."""
    found = {}
    for element in app.get("bidi_component"):
        data = json.loads(element.proto.json)
        name = element.proto.component_name.removeprefix("latent_")
        found["chosen" if name == "strip" and data["listens"] else name] = data
    return found


def send(app: AppTest, piece: str, **state: object) -> AppTest:
    """A message from the browser, as the piece's script would set it."""
    states = app._tree.get_widget_states()
    mounted = {
        element.proto.component_name
        + ("*" if '"listens": true' in element.proto.json else ""): element.proto.id
        for element in app.get("bidi_component")
    }
    widget = states.widgets.add()
    widget.id = mounted[piece]
    widget.json_value = json.dumps(state)
    return app._run(states)


@pytest.fixture
def app(open_page: OpenPage, shelf: Path) -> AppTest:
    return open_page(MAP, model="faces")


def pick(app: AppTest, **place: object) -> AppTest:
    bundle = pieces(app)["map"]["bundle"]
    return send(app, "latent_face", pick={"bundle": bundle, "plane": "umap", **place})


def test_the_map_opens_with_an_invitation(app: AppTest) -> None:
    assert not app.exception
    found = pieces(app)
    assert (found["map"]["plane"], found["map"]["count"]) == ("umap", 300)
    assert found["map"]["socket"] == "/live"
    assert found["face"]["picture"] is None


def test_picking_a_point_shows_its_exact_code(app: AppTest) -> None:
    pick(app, x=0.0, y=0.0, index=12)
    assert not app.exception
    found = pieces(app)
    assert found["face"]["title"] == "toy-000012"
    assert found["face"]["original"]["width"] == 32
    assert len(found["strip"]["items"]) == 8
    assert app.query_params["pick"] == "toy-000012"
    assert app.get("download_button")


def test_picking_a_place_shows_the_inverse_there(app: AppTest) -> None:
    pick(app, x=1.5, y=-0.5, index=-1)
    found = pieces(app)
    assert found["face"]["title"] == "A place on the map"
    assert found["face"]["marks"]["place"]["x"] == 1.5
    assert app.query_params["pick"] == "umap:1.5000,-0.5000"


def test_two_places_show_two_pictures(app: AppTest) -> None:
    pick(app, x=3.0, y=3.0, index=-1)
    first = pieces(app)["face"]["picture"]["pixels"]
    pick(app, x=-3.0, y=-3.0, index=-1)
    assert pieces(app)["face"]["picture"]["pixels"] != first


def test_a_pick_survives_colour_and_projection(app: AppTest) -> None:
    pick(app, x=0.0, y=0.0, index=12)
    app.selectbox(key="colour").select("Smiling").run()
    assert pieces(app)["map"]["colour"]["title"] == "Smiling"
    assert pieces(app)["face"]["title"] == "toy-000012"
    app.get("button_group")[0].set_value("pca").run()
    found = pieces(app)
    assert found["map"]["plane"] == "pca"
    assert found["face"]["title"] == "toy-000012"
    assert found["face"]["marks"]["place"]["plane"] == "pca"


def test_nonsense_from_the_browser_changes_nothing(app: AppTest) -> None:
    for place in ({"x": "a", "y": 0, "index": 0}, {"x": 0, "y": None, "index": 0}, {}):
        pick(app, **place)
        assert not app.exception
        assert pieces(app)["face"]["picture"] is None


def test_a_message_about_another_bundle_is_ignored(app: AppTest) -> None:
    send(app, "latent_face", pick={"bundle": "old", "plane": "umap", "x": 0, "y": 0, "index": 1})
    assert pieces(app)["face"]["picture"] is None


def test_a_selection_is_shown_and_can_be_taken_home(app: AppTest) -> None:
    bits = pack_bits(np.arange(40), count=300)
    bundle = pieces(app)["map"]["bundle"]
    send(app, "latent_strip*", selection={"bundle": bundle, "bits": bits})
    found = pieces(app)
    assert found["chosen"]["title"].startswith("40 selected, 24 of them")
    assert len(found["chosen"]["items"]) == 24
    app.selectbox(key="colour").select("Split").run()
    assert len(pieces(app)["chosen"]["items"]) == 24
    assert pieces(app)["map"]["selected"] == bits


@pytest.mark.usefixtures("shelf")
def test_a_link_brings_everything_back(open_page: OpenPage) -> None:
    app = open_page(MAP, model="faces", projection="PCA", colour="Eyeglasses", pick="toy-000007")
    assert not app.exception
    found = pieces(app)
    assert app.title[0].value == "faces"
    assert found["map"]["plane"] == "pca"
    assert found["map"]["colour"]["title"] == "Eyeglasses"
    assert found["face"]["title"] == "toy-000007"


@pytest.mark.usefixtures("shelf")
def test_a_link_to_what_is_gone_opens_the_page_all_the_same(open_page: OpenPage) -> None:
    app = open_page(MAP, model="gone", projection="tsne", colour="Hats", pick="nobody")
    assert not app.exception
    assert pieces(app)["map"]["count"] == 300
    assert pieces(app)["face"]["picture"] is None


def test_switching_the_bundle_switches_everything(app: AppTest) -> None:
    app.selectbox(key="colour").select("Smiling").run()
    app.selectbox(key="model").select("digits").run()
    assert not app.exception
    assert app.title[0].value == "digits"
    assert pieces(app)["map"]["colour"]["title"] == "Label"
    assert pieces(app)["face"]["picture"] is None


def test_the_same_picture_stays_picked_in_another_bundle(app: AppTest) -> None:
    pick(app, x=0.0, y=0.0, index=12)
    app.selectbox(key="model").select("digits").run()
    assert pieces(app)["face"]["title"] == "toy-000012"


def test_a_place_means_nothing_in_another_bundle(app: AppTest) -> None:
    pick(app, x=1.5, y=-0.5, index=-1)
    app.selectbox(key="model").select("digits").run()
    assert pieces(app)["face"]["picture"] is None
    assert "pick" not in app.query_params


def test_without_models_the_map_says_how_to_train_one(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    app = open_page(MAP)
    assert not app.exception
    assert app.code[0].value == "python train_cli.py"


def test_a_bundle_damaged_while_it_is_listed_is_a_sentence(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundles: Path
) -> None:
    from explorer.ui import frame

    shutil.copytree(bundles / "faces", tmp_path / "faces")
    shutil.copytree(bundles / "digits", tmp_path / "other")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    listed = frame.find_bundles()
    (tmp_path / "faces" / "latents.safetensors").write_bytes(b"cut")
    monkeypatch.setattr(frame, "find_bundles", lambda: listed)
    app = open_page(MAP, model="faces")
    assert not app.exception
    assert "cannot be opened" in app.error[0].value
    assert "latents.safetensors" in app.error[0].value
    app.selectbox(key="model").select("digits").run()
    assert not app.error
    assert pieces(app)["map"]["count"] == 300
