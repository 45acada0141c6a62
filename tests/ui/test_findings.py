from __future__ import annotations

import numpy as np
import pytest

from explorer.bundle import Bundle
from explorer.latent import CodeIndex
from explorer.ui.findings import examine, glimpse, nearest_to
from explorer.ui.spots import Spot

PLACE = Spot("umap", 0.0, 0.0)


@pytest.fixture(scope="module")
def index(bundle: Bundle) -> CodeIndex:
    return CodeIndex(bundle.latents.mu)


def test_a_glimpse_of_a_point_names_the_picture(bundle: Bundle) -> None:
    seen = glimpse(Spot("umap", 0, 0, 3), bundle)
    assert seen.caption == "toy-000003"
    np.testing.assert_array_equal(seen.image, bundle.decode(bundle.latents.mu[3:4])[0])


def test_a_glimpse_far_away_says_so(bundle: Bundle) -> None:
    seen = glimpse(Spot("umap", 500.0, 500.0), bundle)
    assert (seen.level, seen.caption) == ("far", "far from every face")


def test_a_point_is_not_its_own_neighbour(bundle: Bundle, index: CodeIndex) -> None:
    near = nearest_to(Spot("umap", 0, 0, 3), bundle, index=index, k=8)
    assert len(near.index) == 8
    assert 3 not in near.index
    assert (np.diff(near.distance) >= 0).all()


def test_a_place_has_as_many_neighbours(bundle: Bundle, index: CodeIndex) -> None:
    assert len(nearest_to(PLACE, bundle, index=index, k=8).index) == 8


def test_a_point_is_decoded_exactly_and_has_an_original(bundle: Bundle, index: CodeIndex) -> None:
    spot = Spot("pca", 0, 0, 3)
    near = nearest_to(spot, bundle, index=index, k=8)
    finding = examine(spot, bundle, index=index, near=near)
    assert finding.title == "toy-000003"
    assert finding.origin == "Its exact code, decoded."
    assert finding.original is not None
    assert finding.original.shape == finding.image.shape == (32, 32, 3)
    assert ("Split", "train") in finding.facts


def test_a_place_says_that_it_is_an_inverse(bundle: Bundle, index: CodeIndex) -> None:
    near = nearest_to(PLACE, bundle, index=index, k=8)
    finding = examine(PLACE, bundle, index=index, near=near)
    assert finding.original is None
    assert "No face lies here: the map's inverse" in finding.origin
    assert dict(finding.facts)["Place"] == "0.00, 0.00"
    assert finding.where.level in ("among", "edge", "far")
