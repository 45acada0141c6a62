from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explorer.bundle import Bundle
from explorer.latent import CodeIndex
from explorer.latent.realism import Training
from explorer.ui import faces
from explorer.ui.resources import Opened
from explorer.ui.sample.plan import BETWEEN, RINGS, Plan
from explorer.ui.sample.sheet import examine, make_sheet, training_pictures, variety


@pytest.fixture(scope="module")
def opened(bundle: Bundle) -> Opened:
    return Opened(bundle, CodeIndex(bundle.latents.mu), "abc")


@pytest.fixture(scope="module")
def training(bundle: Bundle) -> Training:
    return Training(bundle.latents.mu, bundle.latents.split)


def test_a_sheet_holds_its_codes_decoded(opened: Opened) -> None:
    sheet = make_sheet(Plan(count=16), opened)
    decoded = opened.bundle.decode(sheet.codes)
    assert np.abs(sheet.images.astype(int) - decoded).max() <= 1
    assert len(sheet.names) == 16


def test_a_sample_is_a_face_that_a_link_leads_back_to(opened: Opened) -> None:
    face = make_sheet(Plan(count=16), opened).face(5)
    again = faces.from_link(face.link, opened.bundle)
    assert again is not None
    np.testing.assert_allclose(again.code, face.code, atol=2e-3)


def test_a_training_picture_is_called_a_copy(opened: Opened, training: Training) -> None:
    found = examine(opened.bundle.latents.mu[3].astype(np.float32), opened, training)
    assert found.rows[0] == 3
    assert found.memorised.startswith("Close to a copy")


def test_a_fresh_sample_is_not(opened: Opened, training: Training) -> None:
    found = examine(opened.bundle.sample(1, seed=5)[0], opened, training)
    assert found.memorised.startswith("Not a copy: the nearest training face is ")
    assert len(found.rows) == 6
    assert (np.diff(found.distance) >= 0).all()


def test_the_nearest_are_shown_as_they_are_if_they_can_be(bundle: Bundle) -> None:
    images, are_originals = training_pictures(np.array([1, 2]), bundle)
    assert are_originals  # toy faces are drawn on the fly
    assert images.shape == (2, 32, 32, 3)


def test_variety_is_the_difference_of_two_pictures() -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (7, 4, 4, 3), dtype=np.uint8)
    pairs = [(i, j) for i in range(7) for j in range(7) if i != j]
    squares = [np.square(images[i].astype(float) - images[j]).mean() for i, j in pairs]
    assert variety(images) == pytest.approx(np.sqrt(np.mean(squares)))


def test_rings_tell_how_much_their_pictures_differ(opened: Opened) -> None:
    groups = make_sheet(Plan(RINGS), opened).groups
    assert groups[0].note.endswith("all the same")
    assert groups[4].note.endswith("grey levels")


def test_the_way_between_tells_how_real_its_middle_is(opened: Opened) -> None:
    plan = Plan(BETWEEN, "Smiling", "Eyeglasses", temperature=0.0)
    (group,) = make_sheet(plan, opened).groups
    assert "half-way 5 of 5 lie as near" in group.note
    (hot,) = make_sheet(replace(plan, temperature=20.0), opened).groups
    assert "half-way 0 of 5 lie as near" in hot.note
