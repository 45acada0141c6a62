from __future__ import annotations

import numpy as np

from explorer.ui.lab.commands import SHIPPED
from explorer.ui.lab.preprocessing import CASES, mean_pictures
from explorer.ui.rows import unseen_rows
from tests.ui.lab.conftest import OpenTiny


def test_the_mean_of_faces_is_that_of_their_pixels(open_tiny: OpenTiny) -> None:
    opened = open_tiny()
    bundle = opened.bundle
    faces = bundle.decode(bundle.latents.mu[unseen_rows(bundle)[:3]])
    mean, middle = mean_pictures(opened, count=3)
    assert np.abs(mean - faces.astype(float).mean(axis=0)).max() <= 0.5
    assert np.array_equal(middle, bundle.decode(bundle.latents.mu.mean(0, keepdims=True))[0])


def test_one_face_is_its_own_mean(open_tiny: OpenTiny) -> None:
    opened = open_tiny()
    bundle = opened.bundle
    face = bundle.decode(bundle.latents.mu[unseen_rows(bundle)[:1]])[0]
    assert np.array_equal(mean_pictures(opened, count=1)[0], face)


def test_every_model_has_a_command_that_trains_it() -> None:
    for case in CASES:
        for name in (case.usual, case.changed):
            assert f"--name {name}" in SHIPPED[name]
