from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import explorer
from explorer.bundle import Bundle
from explorer.data.alignment import Placement
from explorer.latent import CodeIndex, Place
from explorer.ui.photo import sights
from explorer.ui.photo.kinds import CARTOON
from explorer.ui.photo.sights import Sight, look, shell_of, verdict
from explorer.ui.photo.subjects import Photo
from tests.bundles import make_bundle


@pytest.fixture(scope="module")
def crop() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (32, 32, 3)).astype(np.uint8)


@pytest.fixture(scope="module")
def sight(bundle: Bundle, crop: np.ndarray) -> Sight:
    index = CodeIndex(bundle.latents.mu)
    return look(crop, bundle, index=index, shell=shell_of(bundle), title="Your photo")


def test_a_crop_is_encoded_and_drawn_again(bundle: Bundle, crop: np.ndarray, sight: Sight) -> None:
    mu, _ = bundle.encode(crop[None])
    np.testing.assert_array_equal(sight.face.code, mu[0])
    np.testing.assert_array_equal(sight.face.image, bundle.decode(mu)[0])
    np.testing.assert_array_equal(sight.crop, crop)
    assert (sight.face.title, sight.face.link) == ("Your photo", "")


def test_figures_are_those_of_the_data(bundle: Bundle, crop: np.ndarray, sight: Sight) -> None:
    drawn = sight.face.image.astype(np.float64)
    assert sight.error == pytest.approx(((drawn - crop) ** 2).mean() / 255**2)
    assert sight.worse == pytest.approx((bundle.items["error"] > sight.error).mean())
    codes = np.asarray(bundle.latents.mu, np.float64)
    radii = np.linalg.norm(codes - codes.mean(axis=0), axis=1)
    own = np.linalg.norm(sight.face.code - codes.mean(axis=0))
    assert sight.inner == pytest.approx((radii < own).mean(), abs=1 / len(codes))
    nearest = np.argsort(np.linalg.norm(codes - sight.face.code, axis=1))[:8]
    np.testing.assert_array_equal(sight.near.index, nearest)


def test_a_photo_is_cut_to_the_size_of_the_model(bundle: Bundle) -> None:
    pixels = np.zeros((100, 200, 3), np.uint8)
    pixels[:, 100:] = 255
    crop = sights.crop_photo(Photo(pixels, "x"), Placement(100, 50, 64), CARTOON, bundle)
    assert crop.shape == (32, 32, 3)
    assert crop[:, :14].max() < 10
    assert crop[:, 18:].min() > 245


@pytest.mark.parametrize(
    ("source", "size", "share"), [("mnist", 28, 20 / 28), ("digits", 32, 0.8)]
)
def test_a_drawing_is_as_large_as_the_digits_of_the_data(
    tmp_path: Path, source: str, size: int, share: float
) -> None:
    made = make_bundle(tmp_path / source, source=source, image_size=size, channels=1)
    strokes = (np.array([[0.4, 0.3], [0.45, 0.6]]),)
    crop = sights.crop_drawing(strokes, explorer.load(made))
    assert crop.shape == (size, size, 1)
    rows = np.flatnonzero(crop[..., 0].max(axis=1) > 100)
    assert (rows[-1] - rows[0] + 1) / size == pytest.approx(share, abs=0.05)


AMONG, EDGE, FAR = (Place(level, f"{level} it") for level in ("among", "edge", "far"))  # type: ignore[arg-type]
USUAL = {"where": AMONG, "error": 0.004, "worse": 0.6, "contrast": 0.06, "inner": 0.5}


@pytest.mark.parametrize(
    ("changes", "levels", "words"),
    [
        ({}, ["among", "among"], "as good as the data's own (error 0.0040; 60 % of the data's"),
        ({"where": FAR}, ["far", "among"], "Its code: far it."),
        ({"where": EDGE}, ["edge", "among"], "Its code: edge it."),
        ({"worse": 0.1}, ["among", "edge"], "less good than most"),
        ({"worse": 0.0}, ["among", "far", "edge"], "none of the data's faces are drawn worse"),
        ({"error": 0.05}, ["among", "far", "edge"], "it shows 17 % of what differs"),
        ({"error": 0.5}, ["among", "far", "edge"], "it was taken for a face the model knows"),
        ({"contrast": 0.0}, ["among", "far", "edge"], "of one colour"),
        ({"inner": 0.02}, ["among", "among"], "nearer to the average face than 98 % of them"),
        ({"inner": 0.0}, ["among", "among"], "than 99 % of them"),
        ({"inner": 0.0, "error": 0.05}, ["among", "far", "edge"], "taken for the average face"),
        ({"inner": 0.0, "where": EDGE}, ["edge", "among"], "Its code: edge it."),
    ],
)
def test_the_verdict_says_what_the_figures_mean(
    bundle: Bundle, sight: Sight, changes: dict[str, object], levels: list[str], words: str
) -> None:
    found = verdict(replace(sight, **(USUAL | changes)), bundle)  # type: ignore[arg-type]
    assert [level for level, _ in found] == levels
    assert words in " ".join(text for _, text in found)


def test_what_the_nearest_have_in_common_is_told(bundle: Bundle, sight: Sight) -> None:
    has = bundle.items["Smiling"].eq(1).fillna(False).to_numpy(bool)
    rows = np.flatnonzero(has & bundle.items["label"].notna().to_numpy())[:8]
    alike = replace(sight, near=replace(sight.near, index=rows))
    found = sights.shared(alike, bundle)
    assert "Smiling 8 of 8" in found
    assert found[0].endswith(" of 8)")


def test_no_verdict_on_looks_is_told_about_a_photo(
    bundle: Bundle, sight: Sight, monkeypatch: pytest.MonkeyPatch
) -> None:
    has = bundle.items["Smiling"].eq(1).fillna(False).to_numpy(bool)
    alike = replace(sight, near=replace(sight.near, index=np.flatnonzero(has)[:8]))
    monkeypatch.setattr(sights, "UNASKED", frozenset({"Smiling"}))
    assert not [text for text in sights.shared(alike, bundle) if "Smiling" in text]
