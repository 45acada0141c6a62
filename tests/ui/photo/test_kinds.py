from __future__ import annotations

import pytest

from explorer.ui.photo.kinds import CARTOON, DIGIT, FACE, kind_of
from tests.bundles import Tiny, make_config


@pytest.mark.parametrize(
    ("source", "kind"),
    [("celeba", FACE), ("mnist", DIGIT), ("digits", DIGIT), ("toy-faces", CARTOON)],
)
def test_the_source_of_the_data_decides(source: str, kind: object) -> None:
    assert kind_of(make_config(Tiny(source=source))) is kind


@pytest.mark.parametrize("source", ["folder", "cifar10", "fashion-mnist"])
def test_any_other_source_takes_any_picture_and_says_what_suits(source: str) -> None:
    kind = kind_of(make_config(Tiny(source=source, title="Clothes")))
    assert kind.name == "picture"
    assert "Clothes" in kind.advice


def test_only_digits_are_drawn() -> None:
    assert DIGIT.ways[0] == "Draw"
    assert "Draw" not in FACE.ways
    assert "Draw" not in CARTOON.ways
