from __future__ import annotations

import pytest
import torch

from explorer.latent import active_units
from explorer.ui.compare.figures import (
    NO_BOUND,
    NOT_SAVED,
    Found,
    measure_gain,
    measure_probe,
    measure_scores,
    measure_ssim,
    quick,
    slow,
)
from explorer.ui.resources import Opened
from tests.bundles import random_weights


def test_a_bundle_tells_its_own_figures(models: dict[str, Opened]) -> None:
    bundle = models["one"].bundle
    found = quick(bundle)
    weights = random_weights(bundle.config.model, seed=0)
    assert found.values["parameters"] == sum(torch.numel(value) for value in weights.values())
    assert found.values["elbo"] == -410
    assert found.values["active"] == active_units(bundle.latents.mu)
    assert found.values["images_per_s"] == 500
    assert found.notes["images_per_s"] == "on cpu"
    assert found.reasons == {"distortion": NOT_SAVED}


def test_an_autoencoder_has_no_bound(models: dict[str, Opened]) -> None:
    found = quick(models["plain"].bundle)
    assert {"elbo", "rate"}.isdisjoint(found.values)
    assert found.reasons["elbo"] == NO_BOUND
    assert "no prior" in measure_gain(models["plain"].bundle).reasons["mixture_gain"]


def test_ssim_is_measured_where_the_pictures_are_drawn_anew(models: dict[str, Opened]) -> None:
    found = measure_ssim(models["one"].bundle)
    assert -1 < found.values["ssim"] < 0.6  # random weights
    assert found.notes["ssim"] == "24 pictures"


def test_without_the_pictures_ssim_says_what_is_missing(
    models: dict[str, Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.ui.compare.figures.original", lambda data, name: None)
    found = measure_ssim(models["one"].bundle)
    assert found.reasons["ssim"] == "the source pictures are not here, and bundles hold none"


def test_codes_are_probed_for_classes_or_say_why_not(models: dict[str, Opened]) -> None:
    found = measure_probe(models["one"].bundle)
    assert 0 <= found.values["probe"] <= 1
    assert found.notes["probe"].startswith("classes, chance 0.")


def test_scores_need_factors(models: dict[str, Opened]) -> None:
    found = measure_scores(models["digits"].bundle)
    assert set(found.reasons.values()) == {"true factors are not known"}
    assert not found.values


def test_all_that_is_slow_is_measured_step_by_step(
    models: dict[str, Opened], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, name in enumerate(("ssim", "gain", "probe", "scores")):
        found = Found({name: float(number)})
        monkeypatch.setattr(f"explorer.ui.compare.figures.measure_{name}", lambda _, f=found: f)
    monkeypatch.setattr(
        "explorer.ui.compare.figures.measure_verdict", lambda _: Found(verdict="healthy")
    )
    told: list[float] = []
    found = slow(models["one"], progress=lambda share, what: told.append(share))
    assert found.values == {"ssim": 0, "gain": 1, "probe": 2, "scores": 3}
    assert found.verdict == "healthy"
    assert told == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])


def test_a_later_measurement_adds_to_an_earlier_one() -> None:
    both = Found({"elbo": 1.0}, {"ssim": "why"}).plus(Found({"ssim": 0.5}, verdict="healthy"))
    assert both.values == {"elbo": 1, "ssim": 0.5}
    assert both.verdict == "healthy"
