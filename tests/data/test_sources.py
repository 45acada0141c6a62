from __future__ import annotations

from pathlib import Path

import pytest

from explorer.data.dataset import DataError, DataSpec
from explorer.data.sources import SOURCES, resolve, source_info

NATURAL = {
    "toy-faces": (64, 3),
    "digits": (32, 1),
    "mnist": (28, 1),
    "fashion-mnist": (28, 1),
    "cifar10": (32, 3),
    "celeba": (64, 3),
    "folder": (64, 3),
}


def test_defaults_are_the_natural_ones() -> None:
    assert set(SOURCES) == set(NATURAL)
    for source, (size, channels) in NATURAL.items():
        spec = resolve(DataSpec(source))
        assert (spec.image_size, spec.channels) == (size, channels)
    assert resolve(DataSpec("toy-faces")).limit == 20_000
    assert resolve(DataSpec("mnist")).limit is None
    assert resolve(DataSpec("mnist")).root == Path("data/mnist")
    assert resolve(DataSpec("digits", root=Path("x"))).root is None


def test_crop_belongs_to_photographs() -> None:
    assert resolve(DataSpec("celeba")).crop == 148
    assert resolve(DataSpec("celeba", crop=108)).crop == 108
    assert resolve(DataSpec("folder")).crop is None
    assert resolve(DataSpec("mnist", crop=5)).crop is None


def test_celeba_says_that_it_is_not_for_trade() -> None:
    assert "non-commercial" in source_info("celeba").license


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (DataSpec("faces"), "source is 'faces'; it must be one of toy-faces, digits"),
        (DataSpec("mnist", image_size=50), "image_size is 50; it must be 28, 32, 64 or 128"),
        (DataSpec("mnist", channels=2), r"channels is 2; it must be 1 \(grey\) or 3"),
        (DataSpec("mnist", limit=0), "limit is 0; it must be at least 1"),
        (DataSpec("mnist", seed=-1), "seed is -1; it must be 0 or more"),
        (DataSpec("folder", crop=0), "crop is 0; it must be a side in pixels"),
        (DataSpec("celeba", crop=200), "crop is 200; CelebA pictures are 178 pixels wide"),
        (DataSpec("folder", shift=4), "shift is 4; it goes with celeba, not with folder"),
        (DataSpec("celeba", shift=-1), "shift is -1; beside a crop of 148 there is room for 0 to"),
        (DataSpec("celeba", crop=118, shift=31), "there is room for 0 to 30 of CelebA's 178"),
        (DataSpec("mnist", attributes=Path("a.csv")), "goes with the source folder, not with mni"),
    ],
)
def test_bad_values_are_named(spec: DataSpec, message: str) -> None:
    with pytest.raises(DataError, match=message):
        resolve(spec)
