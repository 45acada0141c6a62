from __future__ import annotations

import io

import numpy as np
import pytest
import streamlit as st
from PIL import Image

from explorer.bundle import Bundle
from explorer.latent import CodeIndex
from explorer.latent.paths import KINDS
from explorer.ui.interpolate import files
from explorer.ui.interpolate.way import Way
from explorer.ui.resources import Opened


@pytest.fixture
def ways(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> list[Way]:
    monkeypatch.setattr(st, "session_state", {})
    opened = Opened(bundle, CodeIndex(bundle.latents.mu), "abc")
    stops = np.asarray(bundle.latents.mu[:2], np.float32)
    return [Way(opened, kind, stops, 5) for kind in KINDS]


def test_a_sheet_has_a_row_for_each_way(ways: list[Way]) -> None:
    sheet = Image.open(io.BytesIO(files.strips_png(ways)))
    assert sheet.size == (3 * (5 * 34 - 2), 3 * (2 * 34 - 2))


def test_a_film_shows_the_ways_side_by_side_from_end_to_end(ways: list[Way]) -> None:
    frames = files.frames_of(ways)
    assert frames.shape == (files.LEG_FRAMES + 1, 32, 32 + files.GAP + 32, 3)
    assert (frames[0, :, :32] == ways[0].pictures[0]).all()
    assert (frames[-1, :, -32:] == ways[0].pictures[-1]).all()
    assert (frames[25, :, :32] != frames[25, :, -32:]).any()


def test_films_are_files_of_their_kind(ways: list[Way]) -> None:
    gif = Image.open(io.BytesIO(files.walk_gif(ways)))
    assert gif.n_frames > files.LEG_FRAMES
    assert gif.height == 256
    assert files.walk_mp4(ways[:1])[4:8] == b"ftyp"
