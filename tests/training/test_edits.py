from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import explorer
from explorer.bundle import BundleError, update_directions
from explorer.latent import METHODS, Known
from explorer.training.edits import fit_edits, refit, same
from tests.bundles import make_effects

COUNT = 200


def make_known(*, num_left: int = 100) -> Known:
    left = (np.arange(COUNT) < num_left).astype(np.int8)[:, None]
    upper = (np.arange(COUNT) % 2).astype(np.int16)
    return Known(np.zeros(COUNT, np.uint8), left, ("left",), upper, ("lower", "upper"))


def make_codes(known: Known) -> np.ndarray:
    mu = np.random.default_rng(0).normal(size=(COUNT, 4)).astype(np.float32)
    mu[:, 0] += 2 * known.attributes[:, 0]
    return mu


@pytest.fixture
def copied(tiny_bundle: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tiny_bundle, tmp_path / "b")


def test_everything_known_gets_directions_and_a_cloud(capsys: pytest.CaptureFixture[str]) -> None:
    known = make_known()
    mu = make_codes(known)
    found = fit_edits(mu, np.zeros_like(mu), known)
    names = ("left", "lower", "upper")
    order = [(item.name, item.method) for item in found.directions]
    assert order == [(name, method) for name in names for method in METHODS]
    assert [item.name for item in found.clouds] == list(names)
    np.testing.assert_allclose(found.directions[0].vector, [2, 0, 0, 0], atol=0.6)
    assert found.clouds[0].std.min() > 1  # the posteriors' own variance of 1 is in it
    assert capsys.readouterr().err == ""


def test_what_cannot_be_found_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    known = make_known(num_left=5)
    mu = make_codes(known)
    found = fit_edits(mu, np.zeros_like(mu), known)
    assert "left" not in {item.name for item in (*found.directions, *found.clouds)}
    told = capsys.readouterr().err
    assert "No direction: left: 5 training pictures with it; at least 20" in told
    assert "No cloud: left: 5 training pictures with it" in told


def test_a_bundle_gets_what_it_lacked(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = explorer.load(copied).direction("Smiling")
    update_directions(copied, directions=[old], clouds=None, effects=None)
    assert refit(copied) == copied
    opened = explorer.load(copied)
    names = ("Smiling", "Eyeglasses", "black", "blond", "red")
    order = [(item.name, item.method) for item in opened.directions]
    assert order == [(name, method) for name in names for method in METHODS]
    assert [item.name for item in opened.clouds] == list(names)
    np.testing.assert_allclose(opened.direction("Smiling").vector, old.vector, atol=5e-3)
    assert "15 directions and 5 clouds." in capsys.readouterr().err


def test_what_the_judge_saw_of_other_directions_is_dropped(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = explorer.load(copied)
    turned = [replace(item, vector=item.vector[::-1]) for item in opened.directions]
    update_directions(copied, directions=turned, clouds=None, effects=make_effects())
    refit(copied)
    assert explorer.load(copied).effects is None
    assert "what the judge saw of the old ones is dropped" in capsys.readouterr().err


def test_what_the_judge_saw_of_the_same_directions_is_kept(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refit(copied)
    opened = explorer.load(copied)
    update_directions(
        copied, directions=opened.directions, clouds=opened.clouds, effects=make_effects()
    )
    refit(copied)
    assert explorer.load(copied).effects is not None
    assert "dropped" not in capsys.readouterr().err


def test_directions_are_the_same_up_to_rounding(tiny_bundle: Path) -> None:
    some = explorer.load(tiny_bundle).directions
    rounded = tuple(replace(item, vector=item.vector * np.float32(1.0001)) for item in some)
    longer = tuple(replace(item, vector=item.vector * np.float32(1.01)) for item in some)
    assert same(some, rounded)
    assert not same(some, longer)
    assert not same(some, some[1:])
    assert not same(some, some[::-1])


def test_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no such folder"):
        refit(tmp_path / "nowhere")
