from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from explorer.bundle import write_bundle
from explorer.ui.diagnose.jobs import Job, desk
from explorer.ui.folders import VARIABLE
from tests.bundles import make_contents

OpenPage = Callable[..., AppTest]
DIAGNOSE = "pages/understand/diagnose.py"
TITLES = [
    "What each dimension costs",
    "Active units",
    "What the rate buys",
    "What the decoder listens to",
    "Different codes, different pictures?",
    "Does anything happen between two codes?",
    "Pictures from the prior beside the data",
    "How far out codes lie",
    "Invented or remembered?",
    "Disentanglement",
]


def finish(app: AppTest) -> AppTest:
    """Waits until all is measured, and shows it."""
    for job in list(desk()._jobs.values()):
        assert job.done.wait(60)
    return app.run()


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in [*app.markdown, *app.caption, *app.info])


def verdict(app: AppTest) -> str:
    """The first one, as it is shown."""
    boxes = [*app.success, *app.warning, *app.error]
    return next(str(box.value) for box in boxes if box.value.startswith("## "))


def tiles(app: AppTest) -> list[str]:
    found = [element.proto.body for element in app.get("html")]
    return [body for body in found if 'class="diagnose-tiles"' in body]


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A shelf with one tiny bundle; changes are its fields, or a change of its contents."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    small = {"num_images": 60, "architecture": "mlp", "image_size": 28, "channels": 1}

    def place(spoil: Callable[[Any], Any] | None = None, **changes: Any) -> None:
        contents = make_contents(**(small | changes))
        write_bundle(tmp_path / "b", spoil(contents) if spoil else contents)

    return place


@pytest.mark.usefixtures("shelf")
def test_a_verdict_with_a_command_to_copy_and_a_picture_and_a_sentence_for_each_evidence(
    open_page: OpenPage,
) -> None:
    app = finish(open_page(DIAGNOSE, model="faces"))
    assert not app.exception
    assert not app.error
    assert verdict(app)
    assert "**What shows it**" in said(app)
    command = app.code[0].value
    assert command.startswith("python train_cli.py train --data toy-faces ")
    assert "--image-size 32" in command
    assert [head.value for head in app.subheader] == TITLES
    assert len(app.get("plotly_chart")) == 7
    assert len(tiles(app)) == 8
    assert "Still being measured" not in said(app)
    assert "8 of 8 dimensions follow the picture" in said(app)
    assert "Twelve different codes give different pictures" in said(app)
    assert "“smile” explains" in said(app)


@pytest.mark.usefixtures("shelf")
def test_before_it_is_measured_there_is_a_bar_and_what_is_there_already(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Job, "carry_out", lambda job, work: None)  # never ends
    app = open_page(DIAGNOSE, model="faces")
    assert not app.exception
    assert [bar.proto.text for bar in app.get("progress")] == [
        "Codes are drawn, decoded and read again: waiting for another model to be measured …",
        "Forests are learning to tell factors from codes: waiting for another model to be "
        "measured …",
    ]
    assert not app.warning
    assert [head.value for head in app.subheader] == TITLES
    assert "8 of 8 dimensions follow the picture" in said(app)
    assert said(app).count("Still being measured") == 5


def test_a_second_look_is_not_measured_again(
    open_page: OpenPage, put: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    put()
    finish(open_page(DIAGNOSE))
    monkeypatch.setattr(Job, "carry_out", lambda job, work: None)
    app = open_page(DIAGNOSE)
    assert verdict(app)
    assert not app.get("progress")


@pytest.mark.usefixtures("shelf")
def test_a_plain_autoencoder_is_told_so_and_how_to_mend_it(open_page: OpenPage) -> None:
    app = finish(open_page(DIAGNOSE, model="digits"))
    assert not app.exception
    assert not app.error
    assert app.warning[0].value.startswith("## Autoencoder-like")
    assert "--no-variational" not in app.code[0].value
    assert "--variational --beta 1" in app.code[0].value
    assert "A plain autoencoder has no rate" in said(app)
    assert "A plain autoencoder has no prior" in said(app)
    assert "--factors FILE.csv" in said(app)
    assert len(app.get("plotly_chart")) == 4


def test_a_collapsed_model_says_so_in_every_section(
    open_page: OpenPage, put: Callable[..., None]
) -> None:
    def collapse(contents: Any) -> Any:
        weights = dict(contents.weights)
        first = next(name for name in weights if name.startswith("decoder."))
        weights[first] = 0 * weights[first]
        mu = 1e-3 * contents.mu
        return replace(contents, weights=weights, mu=mu, logvar=np.zeros_like(mu))

    put(collapse)
    app = finish(open_page(DIAGNOSE))
    assert not app.exception
    assert [box.value.splitlines()[0] for box in app.error] == ["## Collapsed"]
    for sentence in (
        "No dimension follows the picture",
        "None reaches the line",
        "less than one bit",
        "none is heard",
        "the decoder does not listen",
        "Nothing happens on the way",
    ):
        assert sentence in said(app)
    assert "--warmup linear" in "".join(block.value for block in app.code)


def test_two_dimensions_and_pictures_that_are_not_at_hand(
    open_page: OpenPage, put: Callable[..., None]
) -> None:
    put(latent_dim=2, source="folder", title="my pictures", factor_names=(), variational=False)
    app = finish(open_page(DIAGNOSE))
    assert not app.exception
    assert not app.error
    assert [head.value for head in app.subheader] == TITLES
    assert "The nearest training picture of each, reconstructed" in said(app)
    command = app.code[0].value
    assert "--data folder" in command
    assert "--root PICTURES" in command


def test_too_few_pictures_are_a_sentence_and_the_rest_is_there(
    open_page: OpenPage, put: Callable[..., None]
) -> None:
    put(num_images=7)
    app = finish(open_page(DIAGNOSE))
    assert not app.exception
    assert "There is no verdict" in app.error[0].value
    assert "at least 8" in app.error[0].value
    assert [head.value for head in app.subheader] == TITLES
    assert "7 pictures are too few to score" in said(app)


def test_a_failed_measurement_is_a_sentence_and_can_be_tried_again(
    open_page: OpenPage, put: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    put()
    with monkeypatch.context() as broken:

        def fail(*_: object, **__: object) -> None:
            raise MemoryError("no room")

        broken.setattr("explorer.ui.diagnose.page.checkup", fail)
        app = finish(open_page(DIAGNOSE))
        assert not app.exception
        assert r"could not be measured (MemoryError\: no room)" in app.error[0].value
    app.button(key="again").click().run()
    finish(app)
    assert not app.error


def test_a_section_that_fails_is_a_sentence(
    open_page: OpenPage, put: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("a plot without bars")

    monkeypatch.setattr("explorer.ui.diagnose.sections.variance_bars", fail)
    put()
    app = finish(open_page(DIAGNOSE))
    assert not app.exception
    assert [box.value for box in app.error] == [
        "This could not be drawn (ValueError: a plot without bars)."
    ]
    assert [head.value for head in app.subheader] == TITLES


def test_another_seed_shows_other_pictures_under_the_same_verdict(
    open_page: OpenPage, put: Callable[..., None]
) -> None:
    put()
    app = finish(open_page(DIAGNOSE, seed="7"))
    assert app.number_input(key="seed").value == 7
    first, found = tiles(app), verdict(app)
    app.number_input(key="seed").set_value(8).run()
    assert verdict(app) == found
    assert all(one != other for one, other in zip(first[2:], tiles(app)[2:], strict=True))


def test_a_damaged_link_opens_the_page_all_the_same(
    open_page: OpenPage, put: Callable[..., None]
) -> None:
    put()
    app = open_page(DIAGNOSE, model="nowhere", seed="minus one")
    assert not app.exception
    assert app.number_input(key="seed").value == 0
    assert [head.value for head in app.subheader] == TITLES
