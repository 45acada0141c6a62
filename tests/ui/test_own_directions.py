from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import streamlit as st

from explorer.bundle import Bundle, BundleError
from explorer.bundle.own_directions import VARIABLE, pack_own
from explorer.latent import CodeIndex, Direction, LatentError
from explorer.latent.own import from_groups
from explorer.ui import own_directions
from explorer.ui.resources import Opened


@pytest.fixture
def opened(bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return Opened(bundle, CodeIndex(bundle.latents.mu), "abc")


def made(name: str) -> Direction:
    codes = np.random.default_rng(0).normal(size=(60, 8)).astype(np.float32)
    return from_groups(codes[:30] + 1, codes[30:], name=name)


def names(found: tuple[Direction, ...]) -> list[str]:
    return [direction.name for direction in found]


def test_there_are_none_at_first(opened: Opened) -> None:
    assert own_directions.own(opened).all == ()


def test_a_fresh_one_is_of_this_session_until_it_is_kept(opened: Opened) -> None:
    own_directions.add(opened, made("Hat"))
    assert names(own_directions.own(opened).fresh) == ["Hat"]
    own_directions.keep(opened, own_directions.own(opened).fresh[0])
    found = own_directions.own(opened)
    assert (names(found.fresh), names(found.kept), names(found.all)) == ([], ["Hat"], ["Hat"])


@pytest.mark.parametrize("name", ["Hat", "Smiling"])
def test_a_name_is_given_once(opened: Opened, name: str) -> None:
    own_directions.add(opened, made("Hat"))
    with pytest.raises(LatentError, match=f"“{name}” already; choose another name"):
        own_directions.add(opened, made(name))


def test_it_can_be_removed_fresh_or_kept(opened: Opened) -> None:
    for name in ("Hat", "Scarf"):
        own_directions.add(opened, made(name))
    hat = next(item for item in own_directions.own(opened).fresh if item.name == "Hat")
    own_directions.keep(opened, hat)
    for direction in own_directions.own(opened).all:
        own_directions.remove(opened, direction)
    assert own_directions.own(opened).all == ()


def test_a_file_of_this_model_is_added_and_of_another_refused(opened: Opened) -> None:
    sha256 = opened.bundle.config.weights_sha256
    own_directions.add_file(opened, pack_own(made("Hat"), sha256=sha256))
    assert names(own_directions.own(opened).fresh) == ["Hat"]
    with pytest.raises(BundleError, match="another model"):
        own_directions.add_file(opened, pack_own(made("Scarf"), sha256="0" * 64))
