"""A bundle of format version 1 as it was first shipped must open for good.

Made once: random weights of three values each, so that git packs them small.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

import explorer
from explorer.bundle import FILES

PICTURE = [[144, 137, 158, 93], [114, 125, 97, 130], [134, 125, 128, 113], [119, 133, 137, 160]]
MU = [-0.687, -0.279]
LOGVAR = [-0.289, -0.18]
FOLDER = Path(__file__).parent / "v1"


def test_its_files_and_version() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(FILES)
    assert json.loads((FOLDER / "config.json").read_text())["format_version"] == 1


def test_it_still_opens_whole() -> None:
    bundle = explorer.load(FOLDER)
    assert bundle.image_shape == (28, 28, 1)
    assert bundle.latents.mu.shape == (60, 2)
    assert bundle.items["split"].value_counts().to_dict() == {"train": 48, "valid": 6, "test": 6}
    assert [direction.name for direction in bundle.directions] == ["Bold"]
    assert set(bundle.maps) == {"pca", "umap"}
    assert bundle.sample(3, seed=0).shape == (3, 2)
    assert bundle.metrics["epoch"].tolist() == [1, 2, 3, 4, 5]


def test_what_came_later_is_computed_or_absent() -> None:
    bundle = explorer.load(FOLDER)
    assert bundle.direction("Bold").locks == ()
    assert "Bold" in {cloud.name for cloud in bundle.clouds}
    assert bundle.cloud("Bold").mean.shape == (2,)
    assert bundle.effects is None


def test_it_still_draws_the_same_pictures() -> None:
    picture = explorer.load(FOLDER).decode(np.array([[1.0, -0.5]]))[0, ::9, ::9, 0]
    assert np.abs(picture.astype(int) - PICTURE).max() <= 2


def test_it_still_reads_the_same_codes() -> None:
    ramp = np.tile(np.arange(0, 252, 9, dtype=np.uint8)[:, None], (1, 28))[None, :, :, None]
    mu, logvar = explorer.load(FOLDER).encode(ramp)
    np.testing.assert_allclose(mu[0], MU, atol=1e-2)
    np.testing.assert_allclose(logvar[0], LOGVAR, atol=1e-2)
