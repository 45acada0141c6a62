from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import explorer
from explorer.bundle import Bundle
from explorer.latent import LatentError
from explorer.latent.measures import radius
from explorer.ui.sample.draws import STEPS, WALKS, Group, draw, region_sentence, sample_names
from explorer.ui.sample.plan import (
    BETWEEN,
    CLASS,
    CORNERS,
    MIXTURE,
    PRIOR,
    REGIONS,
    RINGS,
    SAMPLERS,
    Plan,
)
from tests.bundles import make_bundle

PLAN = Plan(kind="Smiling", other="Eyeglasses")


def codes_of(groups: tuple[Group, ...]) -> np.ndarray:
    return np.concatenate([group.codes for group in groups])


def bundle_with(folder: Path, **changes: Any) -> Bundle:
    return explorer.load(make_bundle(folder / "made", **changes))


@pytest.mark.parametrize("source", [*SAMPLERS, RINGS, BETWEEN])
def test_the_same_seed_draws_the_same_and_another_others(bundle: Bundle, source: str) -> None:
    plan = replace(PLAN, source=source, seed=3)
    first, again = codes_of(draw(plan, bundle)), codes_of(draw(plan, bundle))
    other = codes_of(draw(replace(plan, seed=4), bundle))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("source", SAMPLERS)
@pytest.mark.parametrize("count", [16, 64])
def test_as_many_are_drawn_as_are_asked_for(bundle: Bundle, source: str, count: int) -> None:
    plan = replace(PLAN, source=source, count=count)
    (group,) = draw(plan, bundle)
    assert group.codes.shape == (count, 8)
    assert len(set(group.names)) == count == len(sample_names(plan))


def test_a_class_at_temperature_0_is_its_centre(bundle: Bundle) -> None:
    (group,) = draw(replace(PLAN, source=CLASS, temperature=0.0), bundle)
    np.testing.assert_array_equal(group.codes, np.tile(bundle.cloud("Smiling").mean, (36, 1)))


def test_a_class_is_nearer_to_its_own_pictures(bundle: Bundle) -> None:
    (group,) = draw(replace(PLAN, source=CLASS, count=64, temperature=0.5), bundle)
    direction = bundle.direction("Smiling")
    has = (bundle.items["Smiling"] == 1).fillna(False).to_numpy(bool)
    own = direction.position(bundle.latents.mu[has]).mean()
    others = direction.position(bundle.latents.mu[~has]).mean()
    drawn = direction.position(group.codes).mean()
    assert abs(drawn - own) < abs(drawn - others)


@pytest.mark.parametrize("source", [PRIOR, MIXTURE, CLASS])
def test_truncation_bounds_the_draws(bundle: Bundle, source: str) -> None:
    plan = replace(PLAN, source=source, count=64, temperature=1.0)
    wide = codes_of(draw(plan, bundle))
    narrow = codes_of(draw(replace(plan, truncation=0.5), bundle))
    assert narrow.std(axis=0).mean() < wide.std(axis=0).mean()
    if source == PRIOR:
        assert np.abs(narrow).max() <= 0.5


def test_rings_go_from_the_origin_to_beyond_the_data(bundle: Bundle) -> None:
    groups = draw(replace(PLAN, source=RINGS), bundle)
    lengths = [radius(group.codes) for group in groups]
    for ring in lengths:
        np.testing.assert_allclose(ring, ring[0], atol=1e-4)
    assert lengths[0][0] == 0
    assert lengths[-1][0] > radius(bundle.latents.mu).max()
    assert groups[0].title == "The origin"
    assert groups[0].note == "nearer to it than any face"
    assert groups[-1].note.startswith("beyond every face; ")


def test_corners_are_shown_for_each_map(bundle: Bundle) -> None:
    groups = draw(replace(PLAN, source=CORNERS), bundle)
    assert [group.title for group in groups[::2]] == [
        f"Corners of the {name.upper()} map" for name in bundle.maps
    ]
    assert all(len(group.codes) == 4 for group in groups)
    outermost = groups[1]
    rows = [int(name.removeprefix("toy-")) for name in outermost.names]
    np.testing.assert_array_equal(outermost.codes, bundle.latents.mu[rows].astype(np.float32))


def test_the_way_between_two_classes_begins_and_ends_at_them(bundle: Bundle) -> None:
    (group,) = draw(replace(PLAN, source=BETWEEN, temperature=0.0), bundle)
    walks = group.codes.reshape(WALKS, STEPS, 8)
    for end, name in ((0, "Smiling"), (-1, "Eyeglasses")):
        np.testing.assert_allclose(
            walks[:, end], np.tile(bundle.cloud(name).mean, (WALKS, 1)), atol=1e-6
        )
    assert group.names[0] == "0 % of the way from “Smiling” to “Eyeglasses”"


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range_is_a_sentence(bundle: Bundle, seed: int) -> None:
    with pytest.raises(LatentError, match="whole number from 0 to 4,294,967,295"):
        draw(replace(PLAN, seed=seed), bundle)


def test_the_same_class_twice_is_a_sentence(bundle: Bundle) -> None:
    with pytest.raises(LatentError, match="Both ends are Smiling"):
        draw(replace(PLAN, source=BETWEEN, other="Smiling"), bundle)


def test_without_classes_there_is_a_sentence(tmp_path: Path) -> None:
    nameless = bundle_with(tmp_path, attribute_names=(), factor_names=(), label_names=())
    for source in (CLASS, BETWEEN):
        with pytest.raises(LatentError, match=r"knows no classes.*draw from the mixture"):
            draw(Plan(source), nameless)


def test_one_class_is_enough_to_draw_from_but_not_to_go_between(tmp_path: Path) -> None:
    lonely = bundle_with(tmp_path, attribute_names=("Smiling",), label_names=())
    (group,) = draw(Plan(CLASS, "Smiling"), lonely)
    assert len(group.codes) == 36
    with pytest.raises(LatentError, match="knows only one class, Smiling"):
        draw(Plan(BETWEEN, "Smiling"), lonely)


@pytest.mark.parametrize("source", [*SAMPLERS, *REGIONS])
def test_two_dimensions_are_enough(tmp_path: Path, source: str) -> None:
    flat = bundle_with(tmp_path, latent_dim=2)
    codes = codes_of(draw(replace(PLAN, source=source), flat))
    assert codes.shape[1] == 2
    assert np.isfinite(codes).all()


def test_an_autoencoder_s_rings_are_not_held_against_a_prior(tmp_path: Path) -> None:
    plain = bundle_with(tmp_path, variational=False)
    assert all("prior" not in group.note for group in draw(Plan(RINGS), plain))


def test_a_region_says_what_one_sees(bundle: Bundle) -> None:
    low, high = np.quantile(radius(bundle.latents.mu), [0.05, 0.95])
    assert f"{low:.1f} to {high:.1f} from the origin" in region_sentence(Plan(RINGS), bundle)
    assert all(region_sentence(Plan(source), bundle) for source in REGIONS)
    assert not any(region_sentence(Plan(source), bundle) for source in SAMPLERS)
