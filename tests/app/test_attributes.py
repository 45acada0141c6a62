from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import explorer
from explorer.bundle import Bundle, write_bundle
from explorer.latent import label_directions
from explorer.ui.folders import VARIABLE
from tests.app.pieces import floats, sent, tell
from tests.bundles import make_bundle, make_contents

OpenPage = Callable[..., AppTest]
ATTRIBUTES = "pages/explore/attributes.py"
MAP = "pages/explore/map.py"


@pytest.fixture(scope="session")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a bundle of digits that has directions of classes alone."""
    folder = tmp_path_factory.mktemp("labelled")
    contents = make_contents(
        name="digits",
        source="digits",
        channels=1,
        image_size=28,
        latent_dim=2,
        attribute_names=(),
        factor_names=(),
        label_names=("0", "1", "7"),
    )
    names = contents.config.data.label_names
    labels = contents.items["label"].map({name: i for i, name in enumerate(names)})
    directions = label_directions(
        contents.mu, labels.fillna(-1).to_numpy(int), names=names, split=contents.split
    )
    write_bundle(folder / "digits", replace(contents, directions=directions.found))
    return folder


@pytest.fixture
def app(open_page: OpenPage, shelf: Path) -> AppTest:
    return open_page(ATTRIBUTES, model="faces")


@pytest.fixture
def faces(bundles: Path) -> Bundle:
    return explorer.load(bundles / "faces")


def editor(app: AppTest) -> dict[str, Any]:
    """What the editor was sent."""
    return sent(app, "editor")


def send(app: AppTest, **messages: dict[str, object]) -> AppTest:
    """Messages from the browser, as the editor's script would set them."""
    bundle = editor(app)["bundle"]
    told = {name: {"bundle": bundle, **message} for name, message in messages.items()}
    return tell(app, "editor", **told)


def release(app: AppTest, **values: float) -> AppTest:
    """A slider let go."""
    return send(app, edit=message(values))


def message(values: dict[str, float], *locks: str) -> dict[str, object]:
    shown = ["Smiling", "Eyeglasses"]
    last = next(reversed(values), "")
    return {"values": values, "locks": list(locks), "shown": shown, "last": last}


def test_the_page_opens_with_a_face_and_two_sliders(app: AppTest, faces: Bundle) -> None:
    assert not app.exception
    assert not app.error
    found = editor(app)
    assert found["edit"] == message({})
    assert [slider["key"] for slider in found["sliders"]] == ["Smiling", "Eyeglasses"]
    assert found["socket"] == "/live"
    code = floats(found["face"]["code"])
    assert (np.abs(faces.latents.mu - code).max(axis=1) < 1e-6).any()
    row = int(np.abs(faces.latents.mu - code).max(axis=1).argmin())
    assert (faces.items["Smiling"].iloc[row], faces.items["Eyeglasses"].iloc[row]) == (0, 0)


def test_what_was_dragged_is_in_the_link(app: AppTest) -> None:
    release(app, Eyeglasses=0.5, Smiling=1.2)
    assert app.query_params["edit"] == "Eyeglasses:0.5,Smiling:1.2"
    assert editor(app)["edit"]["values"] == {"Eyeglasses": 0.5, "Smiling": 1.2}
    release(app)
    assert "edit" not in app.query_params


def test_a_link_brings_face_values_locks_and_method_back(open_page: OpenPage, shelf: Path) -> None:
    app = open_page(
        ATTRIBUTES,
        model="faces",
        face="toy-000012",
        edit="Smiling:1.2,Eyeglasses:-0.5",
        lock="Eyeglasses",
        method="Logistic",
    )
    assert not app.exception
    found = editor(app)
    assert found["face"]["title"] == "toy-000012"
    assert found["edit"]["values"] == {"Smiling": 1.2, "Eyeglasses": -0.5}
    assert found["edit"]["locks"] == ["Eyeglasses"]
    logistic = explorer.load(shelf / "faces").direction("Eyeglasses", method="logistic")
    np.testing.assert_array_equal(floats(found["vectors"]).reshape(2, -1)[1], logistic.vector)


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    "query",
    [
        {"edit": "Smiling"},
        {"edit": "Smiling:nan,:,Eyeglasses:1e99", "lock": ",,"},
        {"edit": "%ff:1", "lock": "%ff"},
        {"edit": "🙂:1" * 3000},
        {"method": "magic", "face": "nobody"},
        {"face": "code:AAAA"},
    ],
)
def test_a_damaged_link_opens_the_page_all_the_same(
    open_page: OpenPage, query: dict[str, str]
) -> None:
    app = open_page(ATTRIBUTES, model="faces", **query)
    assert not app.exception
    assert not app.error
    assert set(editor(app)["edit"]["values"]) <= {"Eyeglasses"}


@pytest.mark.usefixtures("shelf")
def test_a_link_names_the_sliders_that_are_not_there(open_page: OpenPage) -> None:
    app = open_page(ATTRIBUTES, model="faces", edit="Wavy_Hair:1", lock="Hats")
    assert any("no slider for: Hats, Wavy Hair" in one.value for one in app.caption)


def test_a_lock_changes_what_the_others_move_along(app: AppTest, faces: Bundle) -> None:
    before = floats(editor(app)["vectors"]).reshape(2, -1)
    send(app, edit=message({"Smiling": 1.0}, "Eyeglasses"))
    after = floats(editor(app)["vectors"]).reshape(2, -1)
    reader = faces.direction("Eyeglasses", method="logistic").reader
    assert abs(float(after[0] @ reader)) < 1e-5
    assert abs(float(before[0] @ reader)) > 1e-3
    np.testing.assert_array_equal(after[1], before[1])
    assert app.query_params["lock"] == "Eyeglasses"


def test_the_method_changes_the_vectors_and_keeps_the_edit(app: AppTest) -> None:
    release(app, Smiling=1.0)
    before = editor(app)["vectors"]
    app.get("button_group")[0].set_value("logistic").run()
    assert editor(app)["vectors"] != before
    assert editor(app)["edit"]["values"] == {"Smiling": 1.0}


def test_nonsense_from_the_browser_changes_nothing(app: AppTest) -> None:
    release(app, Smiling=1.0)
    for nonsense in ({"values": 3, "last": ""}, {"values": {}, "last": None}, {}):
        send(app, edit=nonsense)
        assert not app.exception
        assert editor(app)["edit"]["values"] == {"Smiling": 1.0}
    send(app, swap={"row": "first"}, others={})
    assert not app.exception


def test_a_message_about_another_bundle_is_ignored(app: AppTest) -> None:
    send(app, edit={**message({"Smiling": 1.0}), "bundle": "old"})
    assert editor(app)["edit"]["values"] == {}


def test_new_others_are_drawn_on_demand(app: AppTest) -> None:
    before = editor(app)["others"]["rows"]
    send(app, others={"serial": 1})
    after = editor(app)["others"]["rows"]
    assert len(after) == 6
    assert after != before


def test_another_face_gets_the_sliders_as_they_are(app: AppTest) -> None:
    release(app, Smiling=1.0)
    others = editor(app)["others"]
    send(app, swap={"row": others["rows"][2], "serial": 1})
    found = editor(app)
    assert found["face"]["title"] == others["titles"][2]
    assert found["edit"]["values"] == {"Smiling": 1.0}


def test_a_random_face_keeps_the_edit(app: AppTest) -> None:
    release(app, Smiling=1.0)
    before = editor(app)["face"]["code"]
    app.button(key="random_face").click().run()
    assert editor(app)["face"]["code"] != before
    assert editor(app)["edit"]["values"] == {"Smiling": 1.0}


def test_the_edited_face_can_be_kept_and_taken_along(app: AppTest) -> None:
    release(app, Smiling=1.0)
    face = editor(app)["face"]["title"]
    app.button(key="keep_edited").click().run()
    shelf = next(
        json.loads(one.proto.json)
        for one in app.get("bidi_component")
        if one.proto.component_name.startswith("latent_shelf")
    )
    assert shelf["items"][0]["title"] == f"{face} · Smiling +1"


def test_the_edit_outlives_a_look_at_another_page(app: AppTest) -> None:
    release(app, Smiling=1.0)
    app.switch_page(MAP).run()
    app.switch_page(ATTRIBUTES).run()
    assert editor(app)["edit"]["values"] == {"Smiling": 1.0}
    assert app.query_params["edit"] == "Smiling:1"


def test_files_are_offered(app: AppTest) -> None:
    def labels() -> list[str]:
        return [button.proto.label for button in app.get("download_button")]

    assert labels() == ["Picture", "Strip", "Code"]
    release(app, Smiling=1.0)
    assert labels() == ["Picture", "Strip", "GIF", "Code"]


def test_classes_are_sliders_of_a_model_without_attributes(
    open_page: OpenPage, labelled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(labelled))
    app = open_page(ATTRIBUTES, model="digits")
    assert not app.exception
    titles = [slider["title"] for slider in editor(app)["sliders"]]
    assert titles == ["towards 0", "towards 1", "towards 7"]
    assert editor(app)["noun"] == "digit"
    send(app, edit={**message({"7": 2.0}, "0"), "shown": ["0", "7"]})
    assert not app.exception
    assert app.query_params["edit"] == "7:2"


@pytest.mark.usefixtures("shelf")
def test_a_model_without_directions_explains_itself(open_page: OpenPage) -> None:
    app = open_page(ATTRIBUTES, model="digits")
    assert not app.exception
    assert "without attributes or labels" in app.info[0].value
    assert not [one for one in app.get("bidi_component") if "editor" in one.proto.component_name]
    next(button for button in app.button if button.label == "Make a slider").click().run()
    assert not app.exception
    assert app.session_state["view"] == "Your own sliders"


def test_another_model_has_its_own_edit(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundles: Path
) -> None:
    shutil.copytree(bundles / "faces", tmp_path / "faces")
    make_bundle(tmp_path / "other", name="other", seed=1)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    app = open_page(ATTRIBUTES, model="faces")
    release(app, Smiling=1.0)
    app.selectbox(key="model").select("other").run()
    release(app, Smiling=-2.0)
    app.selectbox(key="model").select("faces").run()
    assert editor(app)["edit"]["values"] == {"Smiling": 1.0}


def test_without_models_the_page_says_how_to_train_one(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    app = open_page(ATTRIBUTES)
    assert not app.exception
    assert app.code[0].value == "python train_cli.py"
