from __future__ import annotations

import numpy as np

from explorer.bundle import Bundle
from explorer.ui.rows import draw_others, typical_row, unseen_rows


def test_others_are_different_unseen_and_well_drawn(bundle: Bundle) -> None:
    rows = draw_others(bundle, seed=0)
    assert len(set(rows.tolist())) == 6
    chosen = bundle.items.iloc[rows]
    assert (chosen["split"] != "train").all()
    assert (chosen["error"] <= bundle.items["error"].median()).all()


def test_another_seed_draws_others_and_the_same_the_same(bundle: Bundle) -> None:
    np.testing.assert_array_equal(draw_others(bundle, seed=3), draw_others(bundle, seed=3))
    assert set(draw_others(bundle, seed=3)) != set(draw_others(bundle, seed=4))


def test_a_small_model_gives_what_it_has(bundle: Bundle) -> None:
    assert len(draw_others(bundle, seed=0, count=60)) == 60


def test_the_first_face_lacks_what_the_first_sliders_add(bundle: Bundle) -> None:
    item = bundle.items.iloc[typical_row(bundle, without=("Smiling", "Eyeglasses"))]
    assert (item["Smiling"], item["Eyeglasses"]) == (0, 0)
    assert item["split"] != "train"


def test_the_first_face_of_a_model_without_such_attributes(bundle: Bundle) -> None:
    assert typical_row(bundle, without=("7",)) == typical_row(bundle)
    row = typical_row(bundle)
    away = np.linalg.norm(bundle.latents.mu - bundle.latents.mu.mean(axis=0), axis=1)
    assert away[row] < np.median(away)


def test_unseen_rows_are_those_outside_training(bundle: Bundle) -> None:
    seen = bundle.items["split"].eq("train").to_numpy()
    np.testing.assert_array_equal(unseen_rows(bundle), np.flatnonzero(~seen))
