from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.decomposition import PCA

from explorer.latent.codes import LatentError
from explorer.latent.projection import PcaMap, UmapMap, fit_pca, fit_umap, place_weights

if TYPE_CHECKING:
    from conftest import Islands


@pytest.fixture(scope="module")
def codes() -> np.ndarray:
    rng = np.random.default_rng(0)
    return (rng.normal(size=(120, 8)) * np.arange(1, 9) + 5).astype(np.float32)


@pytest.fixture(scope="module")
def scattered(codes: np.ndarray) -> UmapMap:
    """A map that is any map: the inverse must not depend on how the places came about."""
    return UmapMap(np.random.default_rng(1).normal(size=(120, 2)).astype(np.float32), codes)


def test_pca_agrees_with_scikit_learn(codes: np.ndarray) -> None:
    ours, theirs = fit_pca(codes), PCA(2).fit(codes.astype(np.float64))
    signs = np.sign((ours.components * theirs.components_).sum(axis=1))
    np.testing.assert_allclose(ours.components, signs[:, None] * theirs.components_, atol=1e-5)
    np.testing.assert_allclose(ours.explained, theirs.explained_variance_ratio_, rtol=1e-5)
    np.testing.assert_allclose(ours.mean, theirs.mean_, rtol=1e-5)
    np.testing.assert_allclose(ours.xy, signs * theirs.transform(codes), atol=1e-3)
    np.testing.assert_allclose(ours.project(codes), ours.xy, atol=1e-3)


def test_pca_signs_do_not_depend_on_the_order_of_the_codes(codes: np.ndarray) -> None:
    components = fit_pca(codes).components
    np.testing.assert_allclose(components, fit_pca(codes[::-1]).components, atol=1e-5)
    assert (components[[0, 1], np.abs(components).argmax(axis=1)] > 0).all()


@given(x=st.floats(-50, 50), y=st.floats(-50, 50))
@settings(deadline=None)
def test_pca_inverse_is_exact_in_the_plane(x: float, y: float) -> None:
    pca = fit_pca(np.random.default_rng(2).normal(size=(30, 6)))
    z = pca.invert([[x, y]])
    np.testing.assert_allclose(pca.project(z), [[x, y]], atol=1e-4)
    np.testing.assert_allclose(z[0], pca.mean + np.array([x, y]) @ pca.components, atol=1e-4)


def test_pca_of_two_dimensions_loses_nothing() -> None:
    codes = np.random.default_rng(3).normal(size=(20, 2)).astype(np.float32)
    pca = fit_pca(codes)
    np.testing.assert_allclose(pca.invert(pca.xy), codes, atol=1e-5)
    assert pca.explained.sum() == pytest.approx(1)


def test_pca_of_a_collapsed_posterior_explains_nothing() -> None:
    pca = fit_pca(np.ones((10, 4)))
    assert not pca.explained.any()
    assert not pca.xy.any()
    np.testing.assert_allclose(pca.invert([[0, 0]]), np.ones((1, 4)))


def inverse_by_loop(umap: UmapMap, place: np.ndarray, k: int) -> np.ndarray:
    """The formula of UmapMap.invert and place_weights, one neighbour at a time."""
    distances = [float(np.linalg.norm(point - place)) for point in umap.xy]
    order = sorted(range(len(distances)), key=distances.__getitem__)
    reach = distances[order[k]]
    mean = umap.codes.mean(axis=0)
    total, blend, length = 0.0, np.zeros(umap.codes.shape[1]), 0.0
    for number in order[:k]:
        gaussian = np.exp(-0.5 * (distances[number] / (reach / 2)) ** 2)
        weight = (gaussian - np.exp(-2)) / max(distances[number], 1e-6 * reach)
        offset = umap.codes[number] - mean
        total += weight
        blend += weight * offset
        length += weight * float(np.linalg.norm(offset))
    return mean + blend / np.linalg.norm(blend) * length / total


@given(x=st.floats(-4, 4), y=st.floats(-4, 4), k=st.integers(1, 30))
@settings(deadline=None)
def test_umap_inverse_agrees_with_a_loop(scattered: UmapMap, x: float, y: float, k: int) -> None:
    place = np.array([x, y], np.float32)
    expected = inverse_by_loop(scattered, place.astype(np.float64), k)
    np.testing.assert_allclose(
        scattered.invert(place[None], k=k)[0], expected, rtol=2e-3, atol=2e-3
    )


def test_umap_inverse_at_a_point_is_its_code(scattered: UmapMap) -> None:
    np.testing.assert_allclose(scattered.invert(scattered.xy), scattered.codes, atol=1e-2)


def test_umap_inverse_is_continuous(scattered: UmapMap) -> None:
    """A step of a thousandth of a unit never jumps, though neighbours come and go."""
    line = np.linspace([-3, -2], [3, 2.5], 7000)
    z = scattered.invert(line)
    steps = np.linalg.norm(np.diff(z, axis=0), axis=1)
    typical = np.linalg.norm(scattered.codes - scattered.codes.mean(axis=0), axis=1).mean()
    assert steps.max() < 0.15 * typical
    finer = scattered.invert(np.linspace([-3, -2], [3, 2.5], 70_000))
    assert np.linalg.norm(np.diff(finer, axis=0), axis=1).max() < 0.2 * steps.max()


def test_umap_inverse_keeps_the_length_of_codes(scattered: UmapMap) -> None:
    mean = scattered.codes.mean(axis=0)
    lengths = np.linalg.norm(scattered.codes - mean, axis=1)
    places = np.random.default_rng(7).uniform(-5, 5, size=(200, 2))
    found = np.linalg.norm(scattered.invert(places) - mean, axis=1)
    assert found.min() >= lengths.min() - 1e-3
    assert found.max() <= lengths.max() + 1e-3


@pytest.mark.parametrize("place", [[0, 0], [1e6, -1e6]])
def test_umap_inverse_of_any_place_is_a_code(scattered: UmapMap, place: list[float]) -> None:
    z = scattered.invert([place])
    assert z.shape == (1, 8)
    assert z.dtype == np.float32
    assert np.isfinite(z).all()


def test_umap_inverse_where_all_places_coincide_is_finite() -> None:
    heap = UmapMap(np.zeros((30, 2)), np.random.default_rng(0).normal(size=(30, 4)))
    assert np.isfinite(heap.invert([[0, 0], [1, 1]])).all()
    two = UmapMap(np.array([[0, 0], [1, 0]]), np.array([[1.0, 2], [3, 4]]))
    np.testing.assert_allclose(two.invert([[0.1, 0], [0.9, 0]]), two.codes, atol=1e-5)


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=20))
def test_place_weights_sum_to_one_and_favour_the_near(distances: list[float]) -> None:
    weights = place_weights(np.sort(np.array([distances])))
    assert weights.shape == (1, len(distances) - 1)
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
    assert np.all(np.diff(weights[0]) <= 1e-12)


def test_umap_keeps_islands_apart_also_for_the_codes_it_only_placed(islands: Islands) -> None:
    """150 of 210 codes are laid out, 60 placed; every neighbour in the plane is of one's cloud."""
    near = islands.map.nearest(islands.map.xy, k=6)
    assert (islands.cloud[near] == islands.cloud[:, None]).mean() > 0.99


def test_new_codes_are_placed_on_their_island(islands: Islands) -> None:
    rng = np.random.default_rng(9)
    cloud = np.arange(30) % 3
    new = rng.normal(size=(30, 12)) + 12 * np.eye(12)[cloud]
    places = islands.map.project(new)
    assert places.shape == (30, 2)
    assert (islands.cloud[islands.map.nearest(places)[:, 0]] == cloud).all()
    assert islands.map.distance(places).percentile.mean() < 0.9


def test_umap_round_trip_returns_to_the_island(islands: Islands) -> None:
    corners = np.stack([islands.map.xy[islands.cloud == c].mean(axis=0) for c in range(3)])
    z = islands.map.invert(corners)
    assert z[:, :3].argmax(axis=1).tolist() == [0, 1, 2]


def test_umap_tells_what_it_does() -> None:
    said: list[str] = []
    codes = np.random.default_rng(0).normal(size=(40, 4))
    one = fit_umap(codes, seed=2, max_fit=30, progress=said.append)
    assert said == ["UMAP of 30 codes", "placing 10 more codes"]
    np.testing.assert_array_equal(one.xy, fit_umap(codes, seed=2, max_fit=30).xy)


def test_arrays_bring_the_maps_back(codes: np.ndarray, scattered: UmapMap) -> None:
    pca = fit_pca(codes)
    again = PcaMap.from_arrays(pca.to_arrays(), codes=codes)
    for name, array in pca.to_arrays().items():
        np.testing.assert_array_equal(array, again.to_arrays()[name])
    assert set(scattered.to_arrays()) == {"xy"}  # the codes are stored once, as mu
    umap = UmapMap.from_arrays(scattered.to_arrays(), codes=codes.astype(np.float16))
    np.testing.assert_allclose(
        umap.invert([[0, 0]]), scattered.invert([[0, 0]]), rtol=1e-2, atol=1e-2
    )


def test_maps_of_other_codes_are_refused(codes: np.ndarray, scattered: UmapMap) -> None:
    with pytest.raises(LatentError, match="map has 120 places for 100 codes; fit it again"):
        UmapMap.from_arrays(scattered.to_arrays(), codes=codes[:100])
    pca = fit_pca(codes)
    with pytest.raises(LatentError, match="map has 120 places for 100 codes"):
        PcaMap.from_arrays(pca.to_arrays(), codes=codes[:100])
    with pytest.raises(LatentError, match=r"components has shape \(3, 8\); \(2, 8\) is needed"):
        PcaMap.from_arrays({**pca.to_arrays(), "components": np.ones((3, 8))}, codes=codes)


@pytest.mark.parametrize("fit", [fit_pca, fit_umap])
def test_codes_no_map_can_be_made_of(fit: object) -> None:
    assert callable(fit)
    with pytest.raises(LatentError, match="mu has 2 rows; at least 3 are needed"):
        fit(np.zeros((2, 4)))
    with pytest.raises(LatentError, match=r"mu has shape \(12,\); give \(N, D\)"):
        fit(np.zeros(12))
    with pytest.raises(LatentError, match="NaN or infinity in 1 of 9 rows, first in row 0"):
        fit(_one_nan())


def _one_nan() -> np.ndarray:
    codes = np.zeros((9, 4))
    codes[0, 2] = np.nan
    return codes


def test_one_dimension_is_no_plane() -> None:
    with pytest.raises(LatentError, match="mu has 1 dimension; a map needs at least 2"):
        fit_pca(np.zeros((9, 1)))


def test_places_and_codes_are_checked(scattered: UmapMap, codes: np.ndarray) -> None:
    for plane in (scattered, fit_pca(codes)):
        with pytest.raises(LatentError, match=r"xy has shape \(1, 3\); give \(M, 2\)"):
            plane.invert(np.zeros((1, 3)))
        with pytest.raises(LatentError, match="z has 3 numbers per row; 8 are needed"):
            plane.project(np.zeros((1, 3)))
