from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import explorer
from explorer.bundle import Bundle, BundleContents, update_directions
from explorer.latent import METHODS
from tests.bundles import make_bundle, make_contents


@pytest.fixture(scope="module")
def contents() -> BundleContents:
    return make_contents()


@pytest.fixture(scope="module")
def bundle(tiny_bundle: Path) -> Bundle:
    return explorer.load(tiny_bundle)


def test_what_was_written_comes_back(bundle: Bundle, contents: BundleContents) -> None:
    assert bundle.name == "tiny"
    assert bundle.image_shape == (32, 32, 3)
    np.testing.assert_allclose(bundle.latents.mu, contents.mu, rtol=1e-3, atol=1e-6)
    assert bundle.items["id"].tolist() == contents.items["id"].tolist()
    assert bundle.items["label"].isna().any()
    assert len(bundle.metrics) == 5
    np.testing.assert_array_equal(bundle.mixture.means, contents.mixture.means)
    assert bundle.prior.mean.shape == (8,)
    assert bundle.card.startswith("---\nlicense: ")
    assert repr(bundle).startswith("Bundle('/")


def test_a_path_may_be_text(tiny_bundle: Path) -> None:
    assert explorer.load(str(tiny_bundle)).path == tiny_bundle


def test_places_become_pictures(bundle: Bundle) -> None:
    for plane in bundle.maps.values():
        images = bundle.decode(plane.invert(np.array([[0.5, 0.5], [3.0, -2.0]])))
        assert images.shape == (2, 32, 32, 3)


def test_pictures_there_and_back(bundle: Bundle) -> None:
    images = bundle.decode(bundle.latents.mu[:3])
    mu, logvar = bundle.encode(images)
    assert mu.shape == logvar.shape == (3, 8)
    assert bundle.decode(mu).shape == images.shape


def test_a_direction_by_name(bundle: Bundle) -> None:
    smiling = bundle.direction("Smiling", method="mean")
    assert smiling.vector.shape == (8,)
    assert smiling.scores["auc"] > 0.8


def test_an_unknown_direction_lists_those_there_are(bundle: Bundle) -> None:
    with pytest.raises(
        explorer.BundleError,
        match=r"no direction 'Hat' by method 'mean'; there are by this method: Smiling, Eyegl",
    ):
        bundle.direction("Hat")
    with pytest.raises(explorer.BundleError, match=r"there are by this method: none\."):
        bundle.direction("Smiling", method="guess")


def test_every_attribute_has_a_direction_by_every_method(bundle: Bundle) -> None:
    found = [(item.name, item.method) for item in bundle.directions]
    assert found == [(name, method) for name in ("Smiling", "Eyeglasses") for method in METHODS]
    assert bundle.direction("Smiling", method="logistic").method == "logistic"


def test_clouds_are_those_of_the_file(bundle: Bundle, contents: BundleContents) -> None:
    assert [item.name for item in bundle.clouds] == [item.name for item in contents.clouds]
    smiling = bundle.cloud("Smiling")
    np.testing.assert_array_equal(smiling.mean, contents.clouds[0].mean)
    assert smiling.sample(3, rng=np.random.default_rng(0)).shape == (3, 8)
    with pytest.raises(explorer.BundleError, match="no cloud of 'Hat'; there are: Smiling, Eye"):
        bundle.cloud("Hat")


def test_clouds_that_are_not_in_the_file_are_computed(tmp_path: Path, bundle: Bundle) -> None:
    folder = shutil.copytree(bundle.path, tmp_path / "b")
    update_directions(folder, directions=bundle.directions, clouds=None, effects=None)
    computed = explorer.load(folder).clouds
    assert [item.name for item in computed[2:]] == ["black", "blond", "red"]
    for one, other in zip(computed[:2], bundle.clouds, strict=True):
        assert (one.name, one.kind, one.count) == (other.name, other.kind, other.count)
        # From codes in float16, so the last digits differ.
        np.testing.assert_allclose(one.mean, other.mean, atol=2e-3)
        np.testing.assert_allclose(one.std, other.std, atol=2e-3)


def test_no_judge_has_been_asked(bundle: Bundle) -> None:
    assert bundle.effects is None


def test_what_is_known_of_the_pictures(bundle: Bundle) -> None:
    known, items = bundle.known, bundle.items
    np.testing.assert_array_equal(known.split, bundle.latents.split)
    assert known.attribute_names == ("Smiling", "Eyeglasses")
    expected = items["Eyeglasses"].astype(object).where(items["Eyeglasses"].notna(), -1)
    assert known.attributes[:, 1].tolist() == expected.tolist()
    names = np.array([*known.label_names, "?"], dtype=object)
    assert names[known.labels].tolist() == items["label"].fillna("?").tolist()


@pytest.mark.parametrize("sampler", ["mixture", "prior"])
def test_samples_follow_their_seed(bundle: Bundle, sampler: str) -> None:
    first = bundle.sample(16, sampler=sampler, temperature=0.8, seed=3)
    assert (first.shape, first.dtype) == ((16, 8), np.float32)
    np.testing.assert_array_equal(
        first, bundle.sample(16, sampler=sampler, temperature=0.8, seed=3)
    )
    assert (first != bundle.sample(16, sampler=sampler, temperature=0.8, seed=4)).all()


def test_temperature_scales_the_prior(bundle: Bundle) -> None:
    hot = bundle.sample(4, sampler="prior", temperature=2.0)
    np.testing.assert_allclose(hot, 2 * bundle.sample(4, sampler="prior"), rtol=1e-6)
    assert not bundle.sample(4, sampler="prior", temperature=0).any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sampler": "gan"}, "sampler is 'gan'; choose one of mixture, prior"),
        ({"temperature": -0.1}, r"temperature is -0\.1; choose 0 \(the means\) or more"),
        ({"temperature": float("nan")}, "temperature is nan"),
    ],
)
def test_wrong_sampling(bundle: Bundle, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(explorer.BundleError, match=message):
        bundle.sample(1, **arguments)  # type: ignore[arg-type]


def test_a_negative_number_of_samples(bundle: Bundle) -> None:
    with pytest.raises(explorer.BundleError, match="n is -1; choose 0 or more"):
        bundle.sample(-1)


def test_a_bundle_replaced_while_open(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path / "b")
    bundle = explorer.load(folder)
    shutil.rmtree(folder)
    make_bundle(folder, seed=1)
    for name in ("latents", "items", "maps", "directions", "mixture"):
        with pytest.raises(explorer.BundleError, match="computed with other weights"):
            getattr(bundle, name)
    with pytest.raises(explorer.BundleError, match="not the weights the bundle was made with"):
        bundle.decode(np.zeros((1, 8)))
