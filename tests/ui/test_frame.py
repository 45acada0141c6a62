from __future__ import annotations

import logging
from pathlib import Path

import pytest

from explorer.bundle import BundleError, catalogue
from explorer.bundle.sweeps import CellIndex, SweepIndex, write_index
from explorer.latent import LatentError
from explorer.ui import frame
from tests.bundles import make_bundle


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    texts: list[str] = []
    monkeypatch.setattr(frame.st, "error", texts.append)
    return texts


@pytest.mark.parametrize("kind", [BundleError, LatentError])
def test_the_projects_own_errors_are_shown_as_sentences(
    kind: type[Exception], shown: list[str]
) -> None:
    with frame.sentences():
        raise kind("maps.safetensors: truncated; restore the file.")
    assert shown == ["maps.safetensors\\: truncated; restore the file."]


@pytest.mark.usefixtures("shown")
def test_other_errors_are_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), frame.sentences():
        raise ZeroDivisionError


def test_an_unforeseen_error_is_a_sentence_and_goes_to_the_log(
    shown: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert frame.report(ValueError("secret detail"))
    assert "ValueError" in shown[0]
    assert "secret detail" not in shown[0]
    assert "secret detail" in caplog.text


def test_bundles_of_one_name_are_told_apart(tmp_path: Path) -> None:
    make_bundle(tmp_path / "a" / "one", name="same", num_images=60)
    make_bundle(tmp_path / "b" / "two", name="same", num_images=60)
    make_bundle(tmp_path / "b" / "three", name="other", num_images=60)
    assert list(frame.slugs(catalogue(tmp_path / "a", tmp_path / "b"))) == [
        "a/same",
        "other",
        "b/same",
    ]


def test_cells_of_a_sweep_have_its_name_and_come_last(tmp_path: Path) -> None:
    cell = CellIndex("beta-4", 4.0, 8, "conv", True, "linear")
    for shelf in ("a", "b"):
        make_bundle(tmp_path / shelf / "grid" / "beta-4", name="beta-4", num_images=60)
        write_index(tmp_path / shelf / "grid", SweepIndex("", (cell,)))
    make_bundle(tmp_path / "a" / "single", name="single", num_images=60)
    one = frame.slugs(catalogue(tmp_path / "a"))
    assert list(one) == ["single", "grid/beta-4"]
    both = frame.slugs(catalogue(tmp_path / "a", tmp_path / "b"))
    assert list(both) == ["single", "a/grid/beta-4", "b/grid/beta-4"]
