from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import explorer
from explorer.bundle import Bundle, write_bundle
from explorer.ui.folders import VARIABLE
from explorer.ui.resources import in_use
from tests.app.pieces import floats, sent, tell
from tests.bundles import make_bundle, make_contents

OpenPage = Callable[..., AppTest]
TRAVERSE = "pages/explore/traverse.py"


@pytest.fixture
def app(open_page: OpenPage, shelf: Path) -> AppTest:
    return open_page(TRAVERSE, model="faces", face="toy-000007")


@pytest.fixture
def faces(bundles: Path) -> Bundle:
    return explorer.load(bundles / "faces")


def drag(app: AppTest, *moves: list[float], start: str | None = None) -> AppTest:
    """Lets handles go at some coordinates, as the browser would tell it."""
    start = start or sent(app, "traverse")["start"]
    told = {"start": start, "moves": list(moves), "serial": len(moves)}
    return tell(app, "traverse", moves=told)


def kept(app: AppTest) -> list[np.ndarray]:
    session = app.session_state["explorer"]
    return [face.code for face in next(iter(session.kept.values()))]


def test_a_row_per_dimension_with_the_face_s_code(app: AppTest, faces: Bundle) -> None:
    assert not app.exception
    data = sent(app, "traverse")
    assert sorted(data["numbers"]) == list(range(8))
    assert data["title"] == "toy-000007"
    code = floats(data["code"])
    np.testing.assert_allclose(code, faces.latents.mu[7], rtol=1e-3)
    np.testing.assert_allclose(floats(data["at"]), code[data["numbers"]], rtol=1e-5)
    np.testing.assert_array_equal(floats(data["low"]), [-3] * 8)
    assert data["socket"] == "/live"
    assert (data["living"], data["dead"]) == (8, "")


def test_what_each_row_follows_comes_after(app: AppTest) -> None:
    notes = sent(app, "traverse_notes")["notes"]
    assert len(notes) == 8
    place = sent(app, "traverse")["numbers"].index(0)
    assert notes[place][0][0].startswith("Smiling +")


def test_the_range_can_be_the_data_s_own(app: AppTest, faces: Bundle) -> None:
    app.get("button_group")[1].set_value("data σ").run()
    data = sent(app, "traverse")
    z = faces.latents.mu.astype(float)
    spread = np.sqrt(z.var(axis=0) + np.exp(faces.latents.logvar.astype(float)).mean(axis=0))
    expected = z.mean(axis=0) + 3 * spread
    np.testing.assert_allclose(floats(data["high"]), expected[data["numbers"]], rtol=1e-3)


def test_principal_components_are_another_set_of_rows(app: AppTest) -> None:
    app.get("button_group")[0].set_value("Principal components").run()
    data = sent(app, "traverse")
    assert data["names"][:2] == ["PC 1", "PC 2"]
    vectors = floats(data["vectors"]).reshape(8, 8)
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(8), atol=1e-5)


def test_zero_is_a_start(app: AppTest) -> None:
    app.button(key="zero").click().run()
    assert not app.exception
    data = sent(app, "traverse")
    assert data["title"] == "Zero"
    assert not floats(data["code"]).any()


def test_a_handle_let_go_is_in_the_link_and_the_piece_is_not_sent_again(app: AppTest) -> None:
    before = sent(app, "traverse")
    drag(app, [3, 1.25], [0, -2.0])
    assert app.query_params["moves"] == "3:1.250,0:-2.000"
    # AppTest runs the whole page, where a browser reruns the fragment: only moves may differ.
    after = sent(app, "traverse")
    assert {key for key in after if after[key] != before[key]} <= {"moves"}


def test_the_changed_face_can_be_kept(app: AppTest, faces: Bundle) -> None:
    drag(app, [3, 1.25], [0, -2.0])
    app.button(key="keep_traverse").click().run()
    assert not app.exception
    code = faces.latents.mu[7].astype(np.float32)
    code[[3, 0]] = [1.25, -2.0]
    np.testing.assert_allclose(kept(app)[0], code, rtol=1e-3)


def test_a_message_about_another_start_is_ignored(app: AppTest) -> None:
    drag(app, [3, 1.25], start="another")
    assert "moves" not in app.query_params


@pytest.mark.usefixtures("shelf")
def test_a_link_brings_face_axes_range_and_handles_back(open_page: OpenPage) -> None:
    query = {"axes": "Principal components", "range": "data σ", "reach": "2.0", "moves": "2:0.5"}
    app = open_page(TRAVERSE, model="faces", face="toy-000012", **query)
    assert not app.exception
    data = sent(app, "traverse")
    assert (data["kind"], data["title"], data["reach"]) == (
        "Principal components",
        "toy-000012",
        2.0,
    )
    assert data["moves"] == [[2, 0.5]]
    assert app.query_params["moves"] == "2:0.500"


@pytest.mark.usefixtures("shelf")
def test_a_damaged_link_opens_the_page_all_the_same(open_page: OpenPage) -> None:
    query = {"axes": "Corners", "range": "miles", "reach": "99", "moves": "x:y,900:1"}
    app = open_page(TRAVERSE, model="faces", face="nobody", **query)
    assert not app.exception
    assert not app.error
    data = sent(app, "traverse")
    assert (data["kind"], data["moves"], data["reach"]) == ("Dimensions", [], 3.0)
    assert "moves" not in app.query_params


def test_another_face_starts_with_its_handles_where_it_is(app: AppTest) -> None:
    drag(app, [3, 1.25])
    app.button(key="zero").click().run()
    assert sent(app, "traverse")["moves"] == []
    assert "moves" not in app.query_params


def test_another_bundle_brings_its_own_rows(app: AppTest) -> None:
    drag(app, [7, 1.25])
    app.selectbox(key="model").select("digits").run()
    assert not app.exception
    assert sorted(sent(app, "traverse")["numbers"]) == list(range(4))


@pytest.mark.usefixtures("shelf")
def test_an_autoencoder_has_neither_kl_nor_prior(open_page: OpenPage) -> None:
    app = open_page(TRAVERSE, model="digits")
    assert not app.exception
    data = sent(app, "traverse")
    assert data["figures"][0].endswith("variance")
    assert len(app.get("button_group")) == 1  # no range in prior standard deviations
    assert "no prior" in app.slider(key="reach").help
    assert floats(data["low"])[0] != -3


def test_two_dimensions_and_dead_ones(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_bundle(tmp_path / "flat", name="flat", latent_dim=2)
    contents = make_contents(name="thrifty")
    mu = contents.mu.copy()
    mu[:, [2, 5]] *= 0.01
    write_bundle(tmp_path / "thrifty", replace(contents, mu=mu))
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    app = open_page(TRAVERSE, model="flat")
    assert not app.exception
    assert len(sent(app, "traverse")["numbers"]) == 2
    app.selectbox(key="model").select("thrifty").run()
    data = sent(app, "traverse")
    assert data["living"] == 6
    assert set(data["numbers"][6:]) == {2, 5}
    assert data["dead"].startswith("These dimensions are dead: they hardly vary with the face")


def test_a_private_face_stays_private_when_it_is_moved(app: AppTest, faces: Bundle) -> None:
    from explorer.ui import faces as ui_faces
    from explorer.ui.traverse_page import View, changed_face, rows_of

    opened = in_use(sent(app, "traverse")["bundle"])
    assert opened is not None
    (private,) = ui_faces.of_codes(faces.sample(1), faces, titles=["A photo"], is_private=True)
    rows = rows_of(opened, View("Dimensions", "prior", 3.0).kind)
    changed = changed_face(opened, private, {1: 2.0}, rows)
    assert changed.link == ""
    assert changed.title == "A photo, moved along dimension 1"
