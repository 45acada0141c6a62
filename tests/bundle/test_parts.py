from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from explorer.bundle import BundleContents, BundleError, Latents
from explorer.bundle.arrays import Arrays, pack
from explorer.bundle.parts import (
    directions_arrays,
    latents_arrays,
    maps_arrays,
    read_directions,
    read_latents,
    read_maps,
    read_mixture,
    read_prior,
    samplers_arrays,
)
from tests.bundles import make_contents

SHA = "a" * 64


@pytest.fixture(scope="module")
def contents() -> BundleContents:
    return make_contents()


@pytest.fixture(scope="module")
def latents(contents: BundleContents) -> Latents:
    return Latents(contents.mu, contents.logvar, contents.split)


def stored(folder: Path, arrays: Arrays) -> Path:
    path = folder / "part.safetensors"
    path.write_bytes(pack(arrays, sha256=SHA))
    return path


def test_latents_come_back_in_float16_precision(latents: Latents, tmp_path: Path) -> None:
    read = read_latents(stored(tmp_path, latents_arrays(latents)))
    assert (read.mu.dtype, read.logvar.dtype, read.split.dtype) == ("f4", "f4", "u1")
    np.testing.assert_array_equal(read.mu, latents.mu.astype(np.float16).astype(np.float32))
    np.testing.assert_array_equal(read.split, latents.split)
    assert len(read) == 300


def test_read_arrays_cannot_be_changed(latents: Latents, tmp_path: Path) -> None:
    read = read_latents(stored(tmp_path, latents_arrays(latents)))
    with pytest.raises(ValueError, match="read-only"):
        read.mu[0] = 0


@pytest.mark.parametrize("value", [np.nan, np.inf, 7e4])
def test_codes_that_float16_cannot_hold(latents: Latents, value: float) -> None:
    mu = latents.mu.copy()
    mu[3, 1] = value
    with pytest.raises(BundleError, match=r"latents: mu reaches .*float16.*lower learning rate"):
        latents_arrays(Latents(mu, latents.logvar, latents.split))


def test_maps_come_back(contents: BundleContents, tmp_path: Path) -> None:
    read = read_maps(stored(tmp_path, maps_arrays(contents.maps)), codes=contents.mu)
    assert set(read) == {"pca", "umap"}
    for name, item in read.items():
        np.testing.assert_array_equal(item.xy, contents.maps[name].xy)
        places = item.xy[:5] + 0.1
        np.testing.assert_array_equal(item.invert(places), contents.maps[name].invert(places))


def test_both_maps_are_needed(contents: BundleContents) -> None:
    with pytest.raises(BundleError, match=r"maps are \['pca'\]; exactly \['pca', 'umap'\]"):
        maps_arrays({"pca": contents.maps["pca"]})


def test_a_map_that_lacks_an_array(contents: BundleContents, tmp_path: Path) -> None:
    arrays = maps_arrays(contents.maps)
    del arrays["pca.mean"]
    with pytest.raises(BundleError, match=r"part\.safetensors: damaged \('mean' is missing\)"):
        read_maps(stored(tmp_path, arrays), codes=contents.mu)


def test_a_map_of_other_codes(contents: BundleContents, tmp_path: Path) -> None:
    path = stored(tmp_path, maps_arrays(contents.maps))
    with pytest.raises(BundleError, match=r"damaged \(The map has 300 places for 299 codes"):
        read_maps(path, codes=contents.mu[1:])


def test_directions_come_back(contents: BundleContents, tmp_path: Path) -> None:
    path = stored(tmp_path, directions_arrays(contents.directions))
    read = read_directions(path, dim=8)
    assert [item.name for item in read] == ["Smiling", "Eyeglasses"]
    for before, after in zip(contents.directions, read, strict=True):
        np.testing.assert_array_equal(after.vector, before.vector)
        assert after.scores == before.scores
        assert (after.method, after.kind, after.origin) == ("mean", "attribute", before.origin)


def test_no_directions_come_back_as_none(tmp_path: Path) -> None:
    assert read_directions(stored(tmp_path, directions_arrays([])), dim=8) == ()


@pytest.mark.parametrize("meta", [b"", b"[{}]", b'{"a": 1}', b"3"])
def test_damaged_names_of_directions(
    contents: BundleContents, tmp_path: Path, meta: bytes
) -> None:
    arrays = directions_arrays(contents.directions)
    arrays["meta"] = np.frombuffer(meta, np.uint8)
    with pytest.raises(BundleError, match=r"part\.safetensors: damaged \(.*restore the file"):
        read_directions(stored(tmp_path, arrays), dim=8)


def test_directions_of_another_dimension(contents: BundleContents, tmp_path: Path) -> None:
    path = stored(tmp_path, directions_arrays(contents.directions))
    with pytest.raises(BundleError, match=r"damaged \('Smiling' has shape \(8,\)"):
        read_directions(path, dim=9)


def test_names_are_json(contents: BundleContents) -> None:
    meta = json.loads(directions_arrays(contents.directions)["meta"].tobytes())
    assert [item["name"] for item in meta] == ["Smiling", "Eyeglasses"]


def test_the_mixture_comes_back(
    contents: BundleContents, latents: Latents, tmp_path: Path
) -> None:
    read = read_mixture(stored(tmp_path, samplers_arrays(contents.mixture, latents=latents)))
    np.testing.assert_array_equal(read.means, contents.mixture.means)
    np.testing.assert_array_equal(read.cholesky, contents.mixture.cholesky)


def test_aggregate_posterior_of_known_codes(contents: BundleContents, tmp_path: Path) -> None:
    # Means at 0 and 2 and unit posteriors: variance 1 between, 1 within.
    mu = np.zeros((2, 8), np.float32)
    mu[1] = 2
    latents = Latents(mu, np.zeros_like(mu), np.zeros(2, np.uint8))
    prior = read_prior(stored(tmp_path, samplers_arrays(contents.mixture, latents=latents)))
    np.testing.assert_allclose(prior.mean, np.ones(8))
    np.testing.assert_allclose(prior.std, np.full(8, np.sqrt(2)))
    assert prior.norm == pytest.approx(np.sqrt(32) / 2)
