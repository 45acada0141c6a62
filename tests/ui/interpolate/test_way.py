from __future__ import annotations

import numpy as np
import pytest
import streamlit as st

from explorer.bundle import Bundle
from explorer.latent import CodeIndex, LatentError
from explorer.latent.paths import Kind, path_through
from explorer.ui.interpolate.way import Way
from explorer.ui.resources import Opened


@pytest.fixture
def opened(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> Opened:
    monkeypatch.setattr(st, "session_state", {})
    return Opened(bundle, CodeIndex(bundle.latents.mu), "abc")


def make(opened: Opened, *, kind: Kind = "linear", stops: int = 2, steps: int = 11) -> Way:
    return Way(opened, kind, np.asarray(opened.bundle.latents.mu[:stops], np.float32), steps)


@pytest.mark.parametrize("stops", [2, 3, 4, 8])
def test_every_stop_is_a_step(opened: Opened, stops: int) -> None:
    way = make(opened, stops=stops)
    assert len(way.stop_steps) == stops
    assert (way.codes[way.stop_steps] == way.stops).all()
    assert (way.pictures[way.stop_steps] == opened.bundle.decode(way.stops)).all()


@pytest.mark.parametrize("kind", ["linear", "spherical"])
def test_what_the_browser_goes_between_is_the_path(opened: Opened, kind: Kind) -> None:
    way = make(opened, kind=kind, stops=3)
    at = np.linspace(0, 1, 257)
    places = at * (len(way.handle_points) - 1)
    before = np.minimum(places.astype(int), len(way.handle_points) - 2)
    share = (places - before)[:, None]
    between = (1 - share) * way.handle_points[before] + share * way.handle_points[before + 1]
    exact = path_through(way.stops, kind=kind, steps=257)
    assert np.abs(between - exact).max() < 1e-3 * np.linalg.norm(exact, axis=1).max()


def test_a_straight_way_comes_nearer_to_the_origin(opened: Opened) -> None:
    straight, turned = make(opened), make(opened, kind="spherical")
    assert straight.lowest_radius < turned.lowest_radius


def test_opposite_codes_have_no_way_round(opened: Opened) -> None:
    code = np.ones(8, np.float32)
    way = Way(opened, "spherical", np.stack([code, -code]), 11)
    with pytest.raises(LatentError, match="opposite directions"):
        _ = way.codes


def test_far_steps_are_those_beyond_the_data(opened: Opened) -> None:
    inside = np.asarray(opened.bundle.latents.mu[0], np.float32)
    way = Way(opened, "linear", np.stack([inside, inside + 100]), 11)
    assert way.far_steps[-1] == 10
    assert 0 not in way.far_steps
    assert way.excursions.share > 0.5


def test_a_walk_that_stands_still_is_its_own_crossfade(opened: Opened) -> None:
    code = np.asarray(opened.bundle.latents.mu[0], np.float32)
    way = Way(opened, "linear", np.stack([code, code]), 5)
    assert way.from_crossfade == 0
    assert way.changes.max() == 0
