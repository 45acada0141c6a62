from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import streamlit as st

import explorer
from explorer.bundle import Bundle
from explorer.latent import CodeIndex
from explorer.latent.paths import KINDS
from explorer.ui.interpolate import reasons
from explorer.ui.interpolate.way import Way
from explorer.ui.resources import Opened
from tests.bundles import make_bundle


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    st.cache_resource.clear()


def open_it(bundle: Bundle) -> Opened:
    return Opened(bundle, CodeIndex(bundle.latents.mu), str(bundle.path))


def ways_of(opened: Opened, *, shift: float = 0.0) -> list[Way]:
    start = np.asarray(opened.bundle.latents.mu[0], np.float32)
    end = np.asarray(opened.bundle.latents.mu[1], np.float32) + shift
    return [Way(opened, kind, np.stack([start, end]), 11) for kind in KINDS]


def test_the_shell_is_where_nine_of_ten_codes_are(bundle: Bundle) -> None:
    shell = reasons.shell_of(open_it(bundle))
    radii = np.linalg.norm(np.asarray(bundle.latents.mu, np.float64), axis=1)
    assert np.mean((radii >= shell.low) & (radii <= shell.high)) == pytest.approx(0.9, abs=0.01)
    assert np.mean(radii < shell.middle) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"latent_dim": 64}, "cuts through its hollow"),
        ({"latent_dim": 2, "attribute_names": ()}, "fill the inside as well"),
        ({"latent_dim": 64, "variational": False}, "wherever it likes"),
    ],
)
def test_the_reason_is_that_of_the_model_in_two_sentences(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    opened = open_it(explorer.load(make_bundle(tmp_path / "one", **changes)))
    text = reasons.reason(opened)
    assert said in text
    assert text.count(". ") == 1


def test_the_figures_are_those_of_the_ways(bundle: Bundle) -> None:
    opened = open_it(bundle)
    ways = ways_of(opened)
    text = reasons.radius_note(ways, opened)
    for way in ways:
        lengths = np.linalg.norm(way.fine.astype(np.float64), axis=1)
        assert f"**{lengths.min():.1f}** at its nearest" in text


def test_a_way_that_leaves_the_data_is_said_to(bundle: Bundle) -> None:
    way = ways_of(open_it(bundle), shift=50)[0]
    share = round(100 * way.excursions.share)
    assert f"{share} % of the way is far from every face" in reasons.smoothness_sentence(way)


def test_a_jump_is_named(bundle: Bundle) -> None:
    way = ways_of(open_it(bundle))[0]
    way.__dict__["changes"] = np.array([1.0, 1, 1, 9, 1])
    assert "by 9.0 from step 4 to 5" in reasons.smoothness_sentence(way)
    way.__dict__["changes"] = np.zeros(5)
    assert "nothing changes" in reasons.smoothness_sentence(way)
    way.__dict__["changes"] = np.array([2.0, 2.5, 2.0])
    assert "evenly, by 2.2 grey levels" in reasons.smoothness_sentence(way)


def test_only_a_plain_autoencoder_is_explained(tmp_path: Path, bundle: Bundle) -> None:
    plain = explorer.load(make_bundle(tmp_path / "plain", name="plain_one", variational=False))
    assert reasons.autoencoder_note([open_it(bundle)]) == ""
    note = reasons.autoencoder_note([open_it(bundle), open_it(plain)])
    assert note.startswith(r"**plain\_one**")
