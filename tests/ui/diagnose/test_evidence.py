from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import explorer
from explorer.bundle import Bundle
from explorer.ui.diagnose import evidence
from tests.bundles import make_bundle


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return explorer.load(make_bundle(tmp_path_factory.mktemp("evidence") / "b", num_images=60))


def test_a_seed_decides_the_pictures(bundle: Bundle) -> None:
    for make in (evidence.different, evidence.strip):
        first, again, other = (make(bundle, seed=seed).images for seed in (3, 3, 4))
        np.testing.assert_array_equal(first, again)
        assert np.abs(first.astype(int) - other).mean() > 1


def test_different_codes_give_different_pictures_here(bundle: Bundle) -> None:
    found = evidence.different(bundle, seed=0)
    assert len(found.images) == 12
    assert found.variety > 5


def test_a_strip_is_measured_from_its_own_pictures(bundle: Bundle) -> None:
    found = evidence.strip(bundle, seed=0)
    ends = found.images[[0, -1]].astype(float)
    assert found.change == pytest.approx(np.abs(ends[0] - ends[1]).mean())
    assert found.steps.shape == (8,)
    assert 1 / 8 <= found.largest < 1


def test_nothing_that_changes_has_no_largest_step() -> None:
    still = evidence.Strip(np.zeros((9, 2, 2, 1), np.uint8), change=0.0, steps=np.zeros(8))
    assert np.isnan(still.largest)


def test_procedural_pictures_are_shown_themselves_others_decoded(
    bundle: Bundle, tmp_path: Path
) -> None:
    found = evidence.grids(bundle, seed=0)
    assert found.prior.shape == found.data.shape == (24, 32, 32, 3)
    assert found.are_originals
    few = explorer.load(make_bundle(tmp_path / "few", source="folder", num_images=9))
    assert not evidence.grids(few, seed=0).are_originals


def test_suspects_come_nearest_first(bundle: Bundle) -> None:
    found = evidence.suspects(bundle, evidence.grids(bundle, seed=0).prior)
    assert len(found.images) == len(found.nearest) == 6
    assert found.ratio.tolist() == sorted(found.ratio)


def test_one_dimension_alone_is_moved(bundle: Bundle) -> None:
    images = evidence.moved(bundle, 3)
    mean = bundle.latents.mu.mean(axis=0)
    codes = np.repeat(mean[None], 7, axis=0)
    codes[:, 3] = np.linspace(-2, 2, 7)
    assert np.abs(images.astype(int) - bundle.decode(codes)).max() <= 1
