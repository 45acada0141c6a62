from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from explorer.bundle import BundleError
from explorer.bundle.sweeps import CellIndex, SweepIndex, write_index
from explorer.ui import resources
from explorer.ui.folders import VARIABLE


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()
    gc.unfreeze()


def test_a_new_bundle_is_found_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_bundle: Path
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert resources.find_bundles().bundles == ()
    shutil.copytree(tiny_bundle, tmp_path / "new")
    assert [entry.path.name for entry in resources.find_bundles().bundles] == ["new"]


def test_a_bundle_that_changes_is_looked_into_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_bundle: Path
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    shutil.copytree(tiny_bundle, tmp_path / "one")
    assert resources.find_bundles() is resources.find_bundles()
    (tmp_path / "one" / "model.safetensors").write_bytes(b"cut")
    assert "model.safetensors" in resources.find_bundles().problems[0].reason


def test_a_finished_cell_of_a_sweep_is_found_and_its_log_is_no_news(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_bundle: Path
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    cell = CellIndex("one", 1.0, 8, "conv", True, "linear")
    write_index(tmp_path / "grid", SweepIndex("", (cell,)))
    (tmp_path / "grid" / ".runs").mkdir()
    (tmp_path / "grid" / "one" / ".resume").mkdir(parents=True)
    before = resources.find_bundles()
    assert before.bundles == ()
    (tmp_path / "grid" / ".runs" / "one.log").write_text("one more line")
    (tmp_path / "grid" / "one" / ".resume" / "state.pt").write_bytes(b"newer")
    assert resources.find_bundles() is before
    shutil.copytree(tiny_bundle, tmp_path / "grid" / "one", dirs_exist_ok=True)
    assert [entry.sweep for entry in resources.find_bundles().bundles] == ["grid"]
    (tmp_path / "grid" / "one" / "model.safetensors").write_bytes(b"cut")
    assert "model.safetensors" in resources.find_bundles().problems[0].reason


def test_a_bundle_is_opened_once_and_known_to_the_socket(tiny_bundle: Path) -> None:
    opened = resources.open_bundle(tiny_bundle, sha256="a" * 64)
    assert resources.open_bundle(tiny_bundle, sha256="a" * 64) is opened
    assert resources.in_use(opened.identity) is opened
    assert str(tiny_bundle) not in opened.identity


def test_weights_trained_anew_are_another_bundle(tiny_bundle: Path) -> None:
    first = resources.open_bundle(tiny_bundle, sha256="a" * 64)
    second = resources.open_bundle(tiny_bundle, sha256="b" * 64)
    assert first.identity != second.identity


def test_what_no_page_holds_is_forgotten(tiny_bundle: Path) -> None:
    identity = resources.open_bundle(tiny_bundle, sha256="a" * 64).identity
    st.cache_resource.clear()
    gc.unfreeze()
    gc.collect()
    assert resources.in_use(identity) is None
    assert resources.in_use(None) is None


def test_a_bundle_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no such folder"):
        resources.open_bundle(tmp_path / "gone", sha256="a" * 64)


def test_warming_up_takes_one_thread(tmp_path: Path) -> None:
    import torch

    before = torch.get_num_threads()
    try:
        resources.warm_up()
        assert torch.get_num_threads() == 1
        assert gc.get_freeze_count() > 0
    finally:
        torch.set_num_threads(before)
