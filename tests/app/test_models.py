from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.ui.folders import VARIABLE

OpenPage = Callable[..., AppTest]


@pytest.mark.usefixtures("shelf")
def test_home_says_what_each_model_is(open_page: OpenPage) -> None:
    app = open_page()
    assert not app.exception
    assert [item.value for item in app.subheader] == ["digits", "faces"]
    text = " ".join(item.value for item in app.markdown)
    assert "plain autoencoder of 300 grey pictures" in text
    assert "variational autoencoder of 300 colour pictures" in text
    assert any("PSNR **21.5 dB**" in item.value for item in app.caption)


@pytest.mark.usefixtures("shelf")
def test_home_says_why_a_folder_cannot_be_opened(open_page: OpenPage) -> None:
    app = open_page()
    assert app.expander[0].label == "One folder could not be opened"
    assert "maps.safetensors is missing" in app.expander[0].markdown[0].value


def test_without_models_home_says_how_to_train_one(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    app = open_page()
    assert not app.exception
    assert "No model yet" in app.info[0].value
    assert app.code[0].value == "python train_cli.py"


def test_a_new_checkpoint_appears_on_refresh(
    open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundles: Path
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    app = open_page()
    assert not app.subheader
    shutil.copytree(bundles / "faces", tmp_path / "faces")
    assert [item.value for item in app.run().subheader] == ["faces"]


@pytest.mark.usefixtures("shelf")
def test_the_model_card_opens_without_its_front_matter(open_page: OpenPage) -> None:
    app = open_page()
    app.button(key="about_faces").click().run()
    assert not app.exception
    text = "\n".join(item.value for item in app.markdown)
    assert "limitations" in text
    assert "---\n" not in text


@pytest.mark.usefixtures("shelf")
def test_the_button_opens_the_map_of_that_model(open_page: OpenPage) -> None:
    app = open_page()
    app.button(key="open_faces").click().run()
    assert not app.exception
    assert app.title[0].value == "faces"
