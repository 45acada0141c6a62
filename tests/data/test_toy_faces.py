from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.data import decode, toy_faces
from explorer.data.dataset import DataSpec
from explorer.data.sources import resolve
from explorer.data.toy_drawing import draw_faces
from explorer.data.toy_factors import COLUMN, HAIR_COLOURS, NAMES, draw_factors

SPEC = resolve(DataSpec("toy-faces", limit=40, image_size=28, seed=5))


def test_listing_says_everything_about_each_face() -> None:
    listing = toy_faces.listing(SPEC, progress=False)
    assert len(listing) == 40
    assert listing.ids[12] == "toy-000012"
    assert listing.factor_names == NAMES
    assert listing.factors.shape == (40, len(NAMES))
    assert {"Smiling", "Eyeglasses", "Beard", "Long_Hair", "Blond_Hair", "Mouth_Open"} <= set(
        listing.attribute_names
    )
    assert listing.attributes.shape == (40, len(listing.attribute_names))
    assert listing.label_names == HAIR_COLOURS
    assert np.array_equal(listing.labels, listing.factors[:, COLUMN["hair_colour"]])


def test_an_original_is_the_picture_drawn() -> None:
    listing = toy_faces.listing(SPEC, progress=False)
    out = np.empty((2, 28, 28, 3), np.uint8)
    assert listing.draw(np.array([7, 31]), out) == []
    assert np.array_equal(toy_faces.original(SPEC, "toy-000031"), out[1])


def test_a_foreign_id_has_no_original() -> None:
    for item_id in ("000031.jpg", "toy-", "toy--1", "toy-1e3", "toy-" + "9" * 30):
        assert toy_faces.original(SPEC, item_id) is None


def test_worker_processes_draw_the_same_faces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "num_workers", lambda: 2)
    draw = toy_faces.FaceDraw(seed=3, channels=3)
    out = np.lib.format.open_memmap(tmp_path / "faces.npy", "w+", np.uint8, (130, 28, 28, 3))
    assert decode.fill(out, draw, label="", progress=False, many_files=1) == []
    wanted = draw_faces(draw_factors(np.arange(130), seed=3), size=28)
    np.testing.assert_array_equal(out, wanted)
