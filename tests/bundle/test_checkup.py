from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from explorer import training
from explorer.bundle import load, write_bundle
from explorer.bundle.checkup import bundle_scores, checkup, setup_of, varied_factors
from explorer.data import DataSpec
from explorer.latent.disentanglement import SCORES
from explorer.latent.verdicts import judge
from explorer.vae import ModelConfig, ObjectiveConfig
from tests.bundles import make_bundle, make_contents
from tests.training.quick_cli import flat_map
from tests.training.runs import make_settings

Train = Callable[..., Path]


@pytest.fixture
def train(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Train:
    """Trains a small fully connected network on scikit-learn's digits, in seconds."""
    monkeypatch.setattr("explorer.latent.fit_umap", flat_map)
    monkeypatch.setenv("LATENT_EXPLORER_CACHE", str(tmp_path / "cache"))

    def run(
        dim: int,
        *,
        variational: bool = True,
        epochs: int = 8,
        rate: float = 0.003,
        **objective: Any,
    ) -> Path:
        model = ModelConfig(
            "mlp", image_size=28, channels=1, latent_dim=dim, variational=variational, width=8
        )
        settings = make_settings(
            tmp_path,
            optimisation={"epochs": epochs, "batch_size": 32, "learning_rate": rate},
            data=DataSpec(source="digits", image_size=28, channels=1),
            model=model,
            objective=ObjectiveConfig(**({"likelihood": "bernoulli"} | objective)),
        )
        before = torch.get_num_threads()
        try:
            return training.train(settings)
        finally:
            torch.set_num_threads(before)

    return run


@pytest.mark.parametrize(
    ("kind", "recipe"),
    [
        ("collapsed", {"dim": 8, "beta": 200.0, "epochs": 4}),
        ("over-regularised", {"dim": 8, "beta": 6.0, "epochs": 10}),
        ("too small", {"dim": 2, "epochs": 12}),
        ("too large", {"dim": 64, "likelihood": "gaussian", "beta": 0.3, "rate": 0.001}),
        ("autoencoder-like", {"dim": 8, "beta": 0.01, "epochs": 6}),
        ("autoencoder-like", {"dim": 8, "variational": False, "epochs": 6}),
        ("healthy", {"dim": 8, "epochs": 30}),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_the_verdict_is_right_on_a_model_trained_to_be_so(
    kind: str, recipe: dict[str, Any], train: Train
) -> None:
    found = checkup(load(train(**recipe)))
    assert judge(found)[0].kind == kind, found


def test_figures_come_from_the_bundle(tmp_path: Path) -> None:
    opened = load(make_bundle(tmp_path / "b"))
    told: list[float] = []
    found = checkup(opened, seeds=(0,), progress=told.append)
    assert found.count == 300
    assert found.kl.shape == found.sensitivity.shape == (8,)
    assert found.way.change > 1
    assert told[-1] == 1
    assert [score.name for score in found.scores] == list(SCORES)
    assert checkup(opened).scores == ()


def test_another_way_to_decode_may_be_given(tmp_path: Path) -> None:
    opened = load(make_bundle(tmp_path / "b", num_images=60))
    found = checkup(opened, decode=lambda z: np.zeros_like(opened.decode(z)))
    assert found.way.change == 0


def test_the_setup_is_the_configurations(tmp_path: Path) -> None:
    found = setup_of(load(make_bundle(tmp_path / "b", beta=2.5, latent_dim=6)))
    assert (found.latent_dim, found.beta, found.warmup, found.epochs) == (6, 2.5, "linear", 5)
    assert found.psnr == 21.5
    assert np.isnan(found.psnr_gap)


def test_scores_are_of_the_factors_there_are(tmp_path: Path) -> None:
    assert bundle_scores(load(make_bundle(tmp_path / "none", factor_names=()))) == ()
    assert bundle_scores(load(make_bundle(tmp_path / "few", num_images=37))) == ()
    found = bundle_scores(load(make_bundle(tmp_path / "some")), seeds=(0, 1))
    assert {score.seeds for score in found} == {(0, 1)}


def test_factors_with_one_value_are_left_out(tmp_path: Path) -> None:
    contents = make_contents(num_images=60, factor_names=("tilt", "still", "smile"))
    contents.items["factor:still"] = np.float32(3)
    factors, names = varied_factors(load(write_bundle(tmp_path / "b", contents)))
    assert names == ("tilt", "smile")
    np.testing.assert_array_equal(factors[:, 1], contents.items["factor:smile"])
    none, names = varied_factors(load(make_bundle(tmp_path / "none", factor_names=())))
    assert (none.shape[1], names) == (0, ())
