from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import explorer
from explorer.ui.folders import VARIABLE
from explorer.ui.lab import convolution, reparameterisation
from explorer.ui.lab.page import EXPERIMENTS
from tests.app.pieces import floats, sent, tell

OpenPage = Callable[..., AppTest]
LAB = "pages/understand/lab.py"
pytestmark = pytest.mark.usefixtures("shelf")


def shapes(app: AppTest) -> list[tuple[int, int]]:
    grids = [stage["after"]["values"] for stage in sent(app, "stencil")["stages"]]
    return [(len(grid), len(grid[0])) for grid in grids]


def plain_error(app: AppTest) -> str:
    return str(app.error[0].value).replace("\\", "")


def move(app: AppTest, piece: str, **at: object) -> AppTest:
    """Lets a handle of a piece go somewhere."""
    return tell(app, piece, at={**at, "serial": 1})


# ---- the frame ----


def test_the_lab_opens_with_its_first_experiment(open_page: OpenPage) -> None:
    app = open_page(LAB)
    assert not app.exception
    assert app.header[0].value == EXPERIMENTS[0].question
    assert app.get("button_group")[0].options[0] == f"1 · {EXPERIMENTS[0].title}"


def test_keys_and_titles_of_experiments_are_their_own() -> None:
    for names in zip(*((one.key, one.title, one.question) for one in EXPERIMENTS), strict=True):
        assert len(set(names)) == len(names)


def test_an_experiment_opens_by_its_link(open_page: OpenPage) -> None:
    app = open_page(LAB, experiment="reparameterisation")
    assert not app.exception
    assert app.header[0].value == reparameterisation.EXPERIMENT.question


def test_an_unknown_experiment_is_the_first(open_page: OpenPage) -> None:
    assert open_page(LAB, experiment="alchemy").header[0].value == EXPERIMENTS[0].question


def test_another_experiment_is_in_the_link_without_the_last_ones_settings(
    open_page: OpenPage,
) -> None:
    app = open_page(LAB, stride="2", step="5")
    app.get("button_group")[0].set_value(EXPERIMENTS[-1].key).run()
    assert app.header[0].value == EXPERIMENTS[-1].question
    assert dict(app.query_params) == {"experiment": EXPERIMENTS[-1].key}


def test_the_next_experiment_is_one_click_away(open_page: OpenPage) -> None:
    app = open_page(LAB, experiment=EXPERIMENTS[0].key)
    app.button(key="lab_go_1").click().run()
    assert app.header[0].value == EXPERIMENTS[1].question
    app.button(key="lab_go_-1").click().run()
    assert app.header[0].value == EXPERIMENTS[0].question


def test_without_any_model_every_experiment_says_how_to_train_it(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    app = open_page(LAB)
    for experiment in EXPERIMENTS:
        app.get("button_group")[0].set_value(experiment.key).run()
        assert not app.exception
        assert app.header[0].value == experiment.question
        if experiment is convolution.EXPERIMENT:
            assert not app.info
            continue
        assert "which is not ready here" in app.info[0].value
        assert app.code[0].value.startswith("python train_cli.py ")


# ---- experiment 1 ----


def test_the_default_is_the_courses_example(open_page: OpenPage) -> None:
    app = open_page(LAB)
    assert shapes(app) == [(3, 3), (7, 7), (8, 8), (12, 12), (10, 10)]
    assert any("(3 − 1)·3 − 2·1 + 5 + 1 = 10" in one.value for one in app.markdown)


def test_a_setting_changes_the_stages(open_page: OpenPage) -> None:
    app = open_page(LAB)
    app.number_input(key="stride").set_value(2).run()
    assert shapes(app)[-1] == (8, 8)
    app.number_input(key="padding").set_value(3).run()
    assert shapes(app)[-1] == (4, 4)


def test_a_setting_is_in_the_link(open_page: OpenPage) -> None:
    app = open_page(LAB, kernel="4", stride="2", output_padding="0", rows="2", columns="5")
    assert shapes(app)[-1] == (4, 10)


def test_own_numbers_are_used(open_page: OpenPage) -> None:
    app = open_page(LAB, input="Own numbers", weights="Own numbers")
    app.text_area(key="numbers").set_value("1 -2\n0.5, 4").run()
    app.text_area(key="kernel_numbers").set_value("1").run()
    stages = sent(app, "stencil")["stages"]
    assert stages[0]["after"]["values"] == [[1, -2], [0.5, 4]]
    assert shapes(app)[-1] == (3, 3)  # (2 - 1) * 3 - 2 + 1 + 1
    assert any(text == "numbers below 0" for _, text in sent(app, "stencil")["legend"])


def test_what_cannot_be_is_told_in_a_sentence_and_mended(open_page: OpenPage) -> None:
    app = open_page(LAB, rows="100000", output_padding="3")
    assert "OP < S is needed" not in app.error[0].value
    assert "100000 × 3 cells; at most 64 × 64 can be drawn" in app.error[0].value
    app.number_input(key="rows").set_value(2).run()
    assert "Output padding is 3 and the stride 3: OP < S is needed." in plain_error(app)
    app.number_input(key="stride").set_value(4).run()
    app.number_input(key="padding").set_value(9).run()
    assert "No output is left: the swept grid has 12 rows, and padding 9" in plain_error(app)
    app.number_input(key="padding").set_value(0).run()
    assert not app.error
    assert shapes(app)[-1] == (12, 16)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ("1,,2", "The input: row 1, column 2 is empty"),
        ("1 x", "'x', which is not a number"),
        (" ", "The input is empty"),
    ],
)
def test_own_numbers_that_are_none_are_told_in_a_sentence(
    open_page: OpenPage, numbers: str, said: str
) -> None:
    app = open_page(LAB, input="Own numbers", numbers=numbers)
    assert not app.exception
    assert said in plain_error(app)


def test_the_step_is_in_the_link_and_comes_back(open_page: OpenPage) -> None:
    app = move(open_page(LAB), "stencil", step=60)
    assert app.query_params["step"] == "60"
    assert sent(app, "stencil")["start"] == 0  # the browser is there already
    assert sent(open_page(LAB, step="60"), "stencil")["start"] == 60


def test_nonsense_from_the_browser_is_not_in_the_link(open_page: OpenPage) -> None:
    app = move(open_page(LAB), "stencil", step="x")
    assert not app.exception
    assert "step" not in app.query_params


def test_an_ordinary_convolution_shrinks(open_page: OpenPage) -> None:
    app = open_page(LAB, layer="Convolution")
    assert shapes(app) == [(7, 7), (9, 9), (4, 4)]


def test_a_kernel_that_the_stride_divides_cures_the_checkerboard(open_page: OpenPage) -> None:
    app = open_page(LAB, layer="Checkerboard", spread="0")
    notes = [board["note"] for board in sent(app, "boards")["boards"]]
    assert notes[1:] == [
        "Unevenness inside: 47.0 % of the grey",
        *["Unevenness inside: 0.0 % of the grey"] * 4,
    ]
    app.slider(key="check_kernel").set_value(4).run()
    assert sent(app, "boards")["boards"][1]["note"] == "Unevenness inside: 0.0 % of the grey"
    assert any("S = 2 divides K = 4" in one.value for one in app.markdown)


# ---- experiment 2 ----

TRICK = {"experiment": "reparameterisation", "face": "toy-000007"}


def test_a_number_of_the_face_can_be_drawn_and_is_in_the_link(
    open_page: OpenPage, bundles: Path
) -> None:
    app = open_page(LAB, **TRICK, number="3")
    data = sent(app, "posterior")
    faces = explorer.load(bundles / "faces")
    np.testing.assert_allclose(floats(data["mu"]), faces.latents.mu[7])
    np.testing.assert_allclose(floats(data["sigma"]), np.exp(-1), rtol=1e-3)
    assert (data["dim"], data["start"]) == (3, None)
    app = move(app, "posterior", id=data["id"], mu=0.5, sigma=99.0, eps=-1)
    assert [app.query_params[key] for key in ("mu", "sigma", "eps")] == ["0.50", "2.00", "-1.00"]
    assert sent(app, "posterior") == data  # the browser is there already
    app.selectbox(key="lab_number").set_value("5").run()
    assert app.query_params["number"] == "5"
    assert "mu" not in app.query_params


def test_the_link_brings_the_sliders_back(open_page: OpenPage) -> None:
    app = open_page(LAB, **TRICK, mu="1.5", sigma="0.4", eps="-9")
    assert sent(app, "posterior")["start"] == {"mu": 1.5, "sigma": 0.4, "eps": -3.0}
    app = move(app, "posterior", id="another number", mu=0, sigma=1, eps=1)
    assert app.query_params["mu"] == "1.5"


def test_the_gradient_needs_no_model(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    app = open_page(LAB, experiment="reparameterisation", part="The gradient")
    assert not app.info
    assert "Both are right on average" in app.markdown[1].value
    app.get("button_group")[2].set_value("Step").run()
    assert any("0, which is wrong" in one.value for one in app.markdown)


def test_draws_are_as_many_and_as_wide_as_asked_for(open_page: OpenPage) -> None:
    app = open_page(LAB, **TRICK, part="How certain?", many="16")
    wide = floats(sent(app, "draws")["codes"]).reshape(16, -1).std(axis=0)
    app.slider(key="times").set_value(2.0).run()
    np.testing.assert_allclose(
        floats(sent(app, "draws")["codes"]).reshape(16, -1).std(axis=0), 2 * wide, rtol=1e-3
    )
    assert "python train_cli.py train --data toy-faces" in app.code[0].value
