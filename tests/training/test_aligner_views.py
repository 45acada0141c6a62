from __future__ import annotations

import numpy as np
import pytest

from explorer.data.eyes import OUTPUTS, SIDE, eyes_in_crop
from explorer.training import aligner_views
from explorer.training.aligner_views import CANVAS, FACE, NO_FACE, UNSURE, ViewMaker

SIZE = 128  # of aligned pictures over their whole width


@pytest.fixture(autouse=True)
def _few_grounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aligner_views, "NUM_GROUNDS", 12)


def marked_faces() -> np.ndarray:
    """Grey pictures with a white dot where each eye is."""
    faces = np.full((3, SIZE, SIZE), 60, np.uint8)
    margin = SIZE * (178 - 148) / 2 / 178
    for x, y in margin + np.array(eyes_in_crop()) * SIZE * 148 / 178:
        faces[:, int(y) - 2 : int(y) + 3, int(x) - 2 : int(x) + 3] = 255
    return faces


def test_a_batch_has_the_shapes_it_promises() -> None:
    views = ViewMaker(marked_faces(), seed=0).batch(40)
    assert views.pixels.shape == (40, SIDE, SIDE, 1)
    assert views.pixels.dtype == np.uint8
    assert views.eyes.shape == (40, 2, 2)
    assert set(views.face) == {FACE, UNSURE, NO_FACE}


def test_the_eyes_are_where_the_view_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ViewMaker, "_degraded", lambda self, view: view)
    maker = ViewMaker(marked_faces(), seed=0)
    maker.grounds = [np.full((CANVAS, CANVAS, 1), 60, np.uint8)]
    monkeypatch.setattr(aligner_views, "NUM_GROUNDS", 1)
    monkeypatch.setattr(ViewMaker, "_ground", lambda self: np.full((CANVAS, CANVAS, 1), 60, "u1"))
    views = maker.batch(60)
    seen = 0
    for pixels, eyes, face in zip(views.pixels[..., 0], views.eyes, views.face, strict=True):
        for x, y in eyes * SIDE if face != NO_FACE else ():
            if 2 < x < SIDE - 2 and 2 < y < SIDE - 2:
                assert pixels[int(y - 1) : int(y + 2), int(x - 1) : int(x + 2)].max() > 120
                seen += 1
    assert seen > 30


def test_what_counts_as_a_face_is_well_placed_and_what_does_not_is_far() -> None:
    views = ViewMaker(marked_faces(), seed=1).batch(300)
    off = np.linalg.norm(views.eyes - np.array(eyes_in_crop()), axis=2).mean(1)
    assert off[views.face == FACE].max() < 0.2
    assert off[views.face == UNSURE].mean() > off[views.face == FACE].mean()
    assert views.scale[views.face == FACE].min() > 0.85
    assert views.scale[views.face == FACE].max() < 1.15


def test_the_same_seed_gives_the_same_views() -> None:
    one, same = (ViewMaker(marked_faces(), seed=3).batch(20) for _ in range(2))
    other = ViewMaker(marked_faces(), seed=4).batch(20)
    assert np.array_equal(one.pixels, same.pixels)
    assert np.array_equal(one.eyes, same.eyes)
    assert not np.array_equal(one.pixels, other.pixels)


@pytest.mark.parametrize(("logit", "remembered"), [(3.0, 16), (-5.0, 0)])
def test_mistakes_are_remembered_and_shown_again(logit: float, remembered: int) -> None:
    maker = ViewMaker(marked_faces(), seed=0)

    def look(views: np.ndarray) -> np.ndarray:
        outputs = np.zeros((len(views), OUTPUTS), np.float32)
        outputs[:, :4] = np.ravel(eyes_in_crop())
        outputs[:, 4] = logit
        return outputs

    maker.collect_mistakes(look, count=16)
    assert len(maker.mistakes) == remembered
    assert all(view.shape == (2 * SIDE, 2 * SIDE, 1) for view in maker.mistakes)
    assert (maker.batch(50).face == NO_FACE).any()


def test_grounds_differ_and_have_the_canvas_size() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (3, SIZE, SIZE), np.uint8)
    grounds = ViewMaker(noise, seed=0).grounds
    assert {ground.shape for ground in grounds} == {(CANVAS, CANVAS, 1)}
    assert len({ground.tobytes() for ground in grounds}) == 12
