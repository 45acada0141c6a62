from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import explorer
from explorer.bundle import Bundle
from explorer.ui.photo import examples, subjects
from explorer.ui.photo.kinds import CARTOON, FACE
from tests.bundles import make_bundle


def test_the_original_is_shown_where_it_is_at_hand(bundle: Bundle) -> None:
    photo = examples.example(bundle, CARTOON)
    assert photo.title == "A picture of the data"  # toy faces are drawn again
    assert photo.pixels.shape == (512, 512, 3)


def test_otherwise_what_the_model_draws(tmp_path: Path) -> None:
    bundle = explorer.load(make_bundle(tmp_path / "f", source="folder", channels=1))
    photo = examples.example(bundle, CARTOON)
    assert photo.title == "A picture of the data, as the model draws it"
    assert photo.pixels.shape == (512, 512, 3)
    assert photo.pixels.dtype == np.uint8


def test_an_example_without_a_face_is_drawn_again(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([(), (), ("a face",)])
    monkeypatch.setattr(subjects, "find_faces", lambda pixels: next(answers))
    assert examples.example(bundle, FACE).faces == ("a face",)
    # And not for ever.
    monkeypatch.setattr(subjects, "find_faces", lambda pixels: ())
    assert examples.example(bundle, FACE).faces == ()
