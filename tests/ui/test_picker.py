from __future__ import annotations

from pathlib import Path

import pytest

from explorer.bundle import Entry
from explorer.ui import picker
from explorer.ui.picker import Place
from tests.bundles import Tiny, make_config


def entry(path: str, *, sweep: str | None = None, **changes: object) -> Entry:
    config = make_config(Tiny(name=Path(path).name, **changes))  # type: ignore[arg-type]
    return Entry(Path(path), config, sweep)


@pytest.fixture
def grid() -> dict[str, Entry]:
    """VAEs of three betas and two sizes but one, an autoencoder, a fully connected VAE."""
    cells = {
        f"grid/beta-{beta:g}_dim-{size}": {"beta": beta, "latent_dim": size}
        for beta in (0.0, 1.0, 10.0)
        for size in (2, 32)
        if (beta, size) != (10.0, 2)
    }
    cells["grid/ae"] = {"beta": 0.0, "latent_dim": 2, "variational": False}
    cells["grid/mlp"] = {"beta": 1.0, "latent_dim": 32, "architecture": "mlp"}
    return {slug: entry(slug, sweep="grid", **changes) for slug, changes in cells.items()}


def test_single_models_come_before_grids_and_the_lab_is_last(grid: dict[str, Entry]) -> None:
    choices = {
        "small": entry("pretrained/lab/small"),
        **grid,
        "faces": entry("pretrained/faces"),
    }
    listed = picker.groups(choices)
    assert list(listed) == ["faces", "grid", "lab"]
    assert listed["faces"] == ["faces"]
    assert listed["grid"] == list(grid)
    assert listed["lab"] == ["small"]


def test_grids_of_one_name_are_two(grid: dict[str, Entry]) -> None:
    both = {f"{shelf}/{slug}": found for shelf in "ab" for slug, found in grid.items()}
    assert list(picker.groups(both)) == ["a/grid", "b/grid"]


def test_a_kind_names_only_what_differs(grid: dict[str, Entry]) -> None:
    found = picker.places({slug: found.config for slug, found in grid.items()})
    assert found["grid/beta-10_dim-32"] == Place("convolutional VAE", 10.0, 32)
    assert found["grid/ae"].kind == "convolutional autoencoder"
    assert found["grid/mlp"].kind == "fully connected VAE"
    only = picker.places({"one": grid["grid/mlp"].config, "two": grid["grid/mlp"].config})
    assert only["one"].kind == ""


def test_warm_ups_are_told_apart_and_an_autoencoder_has_none() -> None:
    configs = {
        warmup: entry(warmup, warmup=warmup).config for warmup in ("none", "linear", "cyclical")
    }
    configs["ae"] = entry("ae", variational=False).config
    kinds = {slug: place.kind for slug, place in picker.places(configs).items()}
    assert kinds == {
        "none": "VAE with no warm-up",
        "linear": "VAE with linear warm-up",
        "cyclical": "VAE with cyclical warm-up",
        "ae": "autoencoder",
    }


def test_a_grid_is_entered_at_the_elbo(grid: dict[str, Entry]) -> None:
    configs = {slug: found.config for slug, found in grid.items()}
    assert picker.middle_of(configs) == "grid/beta-1_dim-32"


@pytest.mark.parametrize(
    ("aim", "slug"),
    [
        (Place("convolutional VAE", 10.0, 32), "grid/beta-10_dim-32"),
        (Place("convolutional VAE", 10.0, 2), "grid/beta-1_dim-2"),
        (Place("convolutional autoencoder", 10.0, 32), "grid/ae"),
        (Place("fully connected VAE", 0.0, 2), "grid/mlp"),
    ],
)
def test_the_nearest_is_of_the_same_kind(grid: dict[str, Entry], aim: Place, slug: str) -> None:
    found = picker.places({slug: found.config for slug, found in grid.items()})
    assert picker.nearest(found, aim) == slug
