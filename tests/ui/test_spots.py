from __future__ import annotations

import numpy as np
import pytest

from explorer.bundle import Bundle
from explorer.ui.spots import Spot, code_at, from_query, moved, parse_spot, to_query

GOOD = {"plane": "pca", "x": 0.5, "y": -1, "index": -1}


def test_a_message_without_a_point_is_a_place(bundle: Bundle) -> None:
    assert parse_spot(GOOD, bundle) == Spot("pca", 0.5, -1.0, None)


def test_a_message_with_a_point_names_it(bundle: Bundle) -> None:
    assert parse_spot(GOOD | {"index": 7}, bundle) == Spot("pca", 0.5, -1.0, 7)


@pytest.mark.parametrize("index", [300, 10**30, "7", None, 7.0, True])
def test_an_impossible_point_is_a_place(bundle: Bundle, index: object) -> None:
    spot = parse_spot(GOOD | {"index": index}, bundle)
    assert spot is not None
    assert spot.index is None


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        "pca",
        {},
        GOOD | {"plane": "tsne"},
        GOOD | {"plane": ["pca"]},
        GOOD | {"x": None},
        GOOD | {"x": "0"},
        GOOD | {"x": True},
        GOOD | {"y": float("nan")},
        GOOD | {"y": float("inf")},
        GOOD | {"y": 10**400},
    ],
)
def test_what_makes_no_sense_is_no_spot(bundle: Bundle, message: object) -> None:
    assert parse_spot(message, bundle) is None


def test_a_point_has_its_exact_code(bundle: Bundle) -> None:
    code = code_at(Spot("umap", 99, 99, 12), bundle)
    np.testing.assert_array_equal(code[0], bundle.latents.mu[12].astype(np.float32))


def test_a_place_has_the_code_of_the_maps_inverse(bundle: Bundle) -> None:
    code = code_at(Spot("pca", 1, 2), bundle)
    np.testing.assert_allclose(bundle.maps["pca"].project(code)[0], [1, 2], atol=1e-4)


def test_a_point_moves_to_its_own_coordinates(bundle: Bundle) -> None:
    spot = moved(Spot("umap", 0, 0, 5), bundle, plane="pca")
    assert (spot.x, spot.y) == tuple(float(value) for value in bundle.maps["pca"].xy[5])
    assert spot.index == 5


def test_a_place_moves_with_its_code(bundle: Bundle) -> None:
    place = Spot("pca", 1, 2)
    there = moved(place, bundle, plane="umap")
    expected = bundle.maps["umap"].project(code_at(place, bundle))[0]
    assert (there.plane, there.index) == ("umap", None)
    np.testing.assert_allclose([there.x, there.y], expected)


def test_a_spot_on_its_own_map_stays(bundle: Bundle) -> None:
    place = Spot("pca", 1, 2)
    assert moved(place, bundle, plane="pca") is place


def test_a_link_to_a_picture_brings_it_back_on_any_map(bundle: Bundle) -> None:
    text = to_query(Spot("umap", 0, 0, 42), bundle)
    spot = from_query(text, bundle, plane="pca")
    assert text == "toy-000042"
    assert spot is not None
    assert (spot.plane, spot.index) == ("pca", 42)


def test_a_link_to_a_place_brings_it_back(bundle: Bundle) -> None:
    place = Spot("umap", 1.25, -0.5)
    assert from_query(to_query(place, bundle), bundle, plane="pca") == place


@pytest.mark.parametrize("text", ["", "nobody", "umap:", "umap:1", "tsne:1,2", "umap:a,b"])
def test_a_broken_link_is_no_spot(bundle: Bundle, text: str) -> None:
    assert from_query(text, bundle, plane="pca") is None
