from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.bundle import BundleContents, BundleError, Latents
from explorer.bundle.arrays import Arrays, pack
from explorer.bundle.parts import (
    Edits,
    directions_arrays,
    latents_arrays,
    maps_arrays,
    read_edits,
    read_latents,
    read_maps,
    read_mixture,
    read_prior,
    samplers_arrays,
)
from explorer.latent import METHODS
from tests.bundles import make_contents, make_effects

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


def edits_of(contents: BundleContents, **changes: Any) -> Edits:
    return replace(Edits(tuple(contents.directions), tuple(contents.clouds)), **changes)


def test_directions_come_back(contents: BundleContents, tmp_path: Path) -> None:
    path = stored(tmp_path, directions_arrays(edits_of(contents)))
    read = read_edits(path, dim=8).directions
    expected = [(name, method) for name in ("Smiling", "Eyeglasses") for method in METHODS]
    assert [(item.name, item.method) for item in read] == expected
    for before, after in zip(contents.directions, read, strict=True):
        np.testing.assert_array_equal(after.vector, before.vector)
        np.testing.assert_allclose(after.reader, before.reader, rtol=1e-6)
        assert after.scores == before.scores
        assert (after.kind, after.origin, after.locks) == (
            "attribute",
            before.origin,
            before.locks,
        )


def test_clouds_come_back(contents: BundleContents, tmp_path: Path) -> None:
    read = read_edits(stored(tmp_path, directions_arrays(edits_of(contents))), dim=8).clouds
    assert read is not None
    assert [item.name for item in read] == ["Smiling", "Eyeglasses"]
    for before, after in zip(contents.clouds, read, strict=True):
        np.testing.assert_array_equal(after.mean, before.mean)
        np.testing.assert_array_equal(after.std, before.std)
        assert (after.kind, after.count) == (before.kind, before.count)


def test_effects_come_back(contents: BundleContents, tmp_path: Path) -> None:
    effects = make_effects(methods=METHODS)
    path = stored(tmp_path, directions_arrays(edits_of(contents, effects=effects)))
    read = read_edits(path, dim=8).effects
    assert read is not None
    assert (read.names, read.judged) == (("Smiling",), ("Smiling", "Hat"))
    np.testing.assert_array_equal(read.flips, effects.flips)


def test_a_file_of_before_there_were_clouds_and_effects(
    contents: BundleContents, tmp_path: Path
) -> None:
    path = stored(tmp_path, directions_arrays(edits_of(contents, clouds=None)))
    read = read_edits(path, dim=8)
    assert len(read.directions) == 6
    assert (read.clouds, read.effects) == (None, None)


def test_nothing_comes_back_as_nothing(tmp_path: Path) -> None:
    read = read_edits(stored(tmp_path, directions_arrays(Edits((), ()))), dim=8)
    assert (read.directions, read.clouds) == ((), ())


@pytest.mark.parametrize("meta", [b"", b"[{}]", b'{"a": 1}', b"3"])
@pytest.mark.parametrize("name", ["meta", "clouds.meta"])
def test_damaged_names(contents: BundleContents, tmp_path: Path, meta: bytes, name: str) -> None:
    arrays = directions_arrays(edits_of(contents))
    arrays[name] = np.frombuffer(meta, np.uint8)
    with pytest.raises(BundleError, match=r"part\.safetensors: damaged \(.*restore the file"):
        read_edits(stored(tmp_path, arrays), dim=8)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"clouds": None}, "'Smiling' has shape"), ({"directions": ()}, "clouds.mean has shape")],
)
def test_directions_and_clouds_of_another_dimension(
    contents: BundleContents, tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    path = stored(tmp_path, directions_arrays(edits_of(contents, **changes)))
    with pytest.raises(BundleError, match=rf"damaged \({reason}"):
        read_edits(path, dim=9)


def test_damaged_effects(contents: BundleContents, tmp_path: Path) -> None:
    arrays = directions_arrays(edits_of(contents)) | {"effects.alphas": np.zeros(1)}
    with pytest.raises(BundleError, match=r"damaged \('meta' is missing\)"):
        read_edits(stored(tmp_path, arrays), dim=8)


def test_names_are_json(contents: BundleContents) -> None:
    meta = json.loads(directions_arrays(edits_of(contents))["meta"].tobytes())
    assert [item["name"] for item in meta[::3]] == ["Smiling", "Eyeglasses"]


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
