from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from explorer.training.grid import Axes, difference, runs_of
from explorer.training.settings import RunSettings, from_json, to_json
from explorer.vae import ConfigError, Warmup
from tests.training.runs import make_settings


@pytest.fixture
def base(tmp_path: Path) -> RunSettings:
    return make_settings(tmp_path, name="grid", warmup=Warmup(epochs=2.0, cycles=3))


def names(base: RunSettings, axes: Axes) -> list[str]:
    return [run.index.name for run in runs_of(base, axes)]


def test_every_combination_is_a_cell(base: RunSettings) -> None:
    axes = Axes(betas=(0, 0.075, 4.0), latent_dims=(2, 8))
    assert names(base, axes) == [
        "beta-0_dim-2_conv",
        "beta-0.075_dim-2_conv",
        "beta-4_dim-2_conv",
        "beta-0_dim-8_conv",
        "beta-0.075_dim-8_conv",
        "beta-4_dim-8_conv",
    ]


def test_an_autoencoder_is_one_cell_per_size_and_network(base: RunSettings) -> None:
    axes = Axes(
        betas=(1.0, 4.0),
        latent_dims=(2, 8),
        architectures=("conv", "mlp"),
        kinds=("vae", "ae"),
        warmups=("none", "linear"),
    )
    found = names(base, axes)
    assert len(found) == len(set(found)) == 2 * 2 * (2 * 2 + 1)
    assert [name for name in found if name.startswith("ae")] == [
        "ae_dim-2_conv",
        "ae_dim-8_conv",
        "ae_dim-2_mlp",
        "ae_dim-8_mlp",
    ]


def test_free_bits_are_an_axis_of_variational_cells(base: RunSettings) -> None:
    axes = Axes(
        betas=(4.0,), latent_dims=(8,), kinds=("vae", "ae"), kl_thresholds=(0.0, 0.25, 0.5)
    )
    runs = runs_of(base, axes)
    assert [run.index.name for run in runs] == [
        "beta-4_dim-8_conv",
        "beta-4_dim-8_conv_free-0.25",
        "beta-4_dim-8_conv_free-0.5",
        "ae_dim-8_conv",
    ]
    assert [run.settings.objective.free_bits for run in runs] == [0, 0.25, 0.5, 0]
    assert [run.index.free_bits for run in runs] == [0, 0.25, 0.5, 0]


def test_a_cell_is_the_base_with_its_values(base: RunSettings) -> None:
    axes = Axes(
        betas=(4.0,),
        latent_dims=(8,),
        architectures=("mlp",),
        kinds=("vae", "ae"),
        warmups=("cyclical",),
    )
    vae, autoencoder = (run.settings for run in runs_of(base, axes))
    assert vae.folder == base.folder / "beta-4_dim-8_mlp_cyclical"
    assert vae.model == replace(base.model, architecture="mlp", latent_dim=8)
    assert vae.objective.beta == 4
    assert vae.warmup == Warmup("cyclical", 2.0, 3)
    assert vae.optimisation == base.optimisation
    assert autoencoder.folder == base.folder / "ae_dim-8_mlp"
    assert not autoencoder.model.variational
    assert (autoencoder.objective.beta, autoencoder.warmup) == (0, Warmup())


@pytest.mark.parametrize(
    ("axes", "sentence"),
    [
        ({"betas": (1.0, 4.0, 1.0)}, "betas holds 1 twice; give each value to --betas once"),
        ({"latent_dims": (2, 2)}, "latent_dims holds 2 twice; give each value to --latent-dims"),
        ({"kl_thresholds": (0.5, 0.5)}, "kl_thresholds holds 0.5 twice; .* --kl-thresholds once"),
        ({"kl_thresholds": (-1.0,)}, "free_bits is -1.0; choose 0 nats or more"),
        ({"kinds": ("vae", "vae")}, "kinds holds vae twice"),
        ({"betas": ()}, "betas is empty; give --betas at least one value"),
        ({"betas": (1.0, -4.0)}, r"beta is -4\.0; choose 0 \(no KL term\) or more"),
        ({"betas": (math.nan,)}, "beta is nan"),
        ({"latent_dims": (2, -8)}, "latent_dim is -8; choose a whole number from 2 to 512"),
        ({"latent_dims": (1,)}, "latent_dim is 1"),
    ],
)
def test_values_that_cannot_be_are_a_sentence(
    axes: dict[str, Any], sentence: str, base: RunSettings
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        runs_of(base, Axes(**{"betas": (1.0,), "latent_dims": (8,)} | axes))


def test_a_warm_up_needs_its_length(base: RunSettings) -> None:
    short = replace(base, warmup=Warmup())
    with pytest.raises(ConfigError, match=r"warmup_epochs is 0\.0 with a linear warm-up"):
        runs_of(short, Axes(betas=(1.0,), latent_dims=(8,), warmups=("none", "linear")))


def test_runs_that_come_to_the_same_do_not_differ(base: RunSettings) -> None:
    elsewhere = replace(base, out=Path("there"), name="other", threads=8, device="auto")
    assert difference(base, elsewhere) == ""
    assert difference(base, from_json(to_json(base))) == ""


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"seed": 3}, "seed is 3, not 0"),
        ({"optimisation": {"epochs": 9}}, "optimisation.epochs is 9, not 3"),
    ],
)
def test_the_first_difference_is_named(
    change: dict[str, Any], sentence: str, base: RunSettings, tmp_path: Path
) -> None:
    other = make_settings(tmp_path, **{"name": "grid", "warmup": base.warmup} | change)
    assert difference(other, base) == sentence
