from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from explorer.latent.decoding import Way
from explorer.latent.diagnosis import Figures, Reread, Setup
from explorer.latent.offdata import OffData
from explorer.latent.rate import RateParts
from explorer.latent.realism import Realism
from explorer.latent.verdicts import Verdict, judge


def reread(*, near: float, drift: float) -> Reread:
    percentile = np.where(np.arange(100) < round(100 * near), 0.5, 1.0)
    off = OffData(distance=np.ones(100), ratio=np.ones(100), percentile=percentile)
    return Reread(Realism(off, 1.0, 0.9, 0.9), drift, 30.0)


def figures(**changes: Any) -> Figures:
    """A healthy model of 8 dimensions; ``setup`` changes its settings."""
    healthy = Figures(
        setup=Setup(8, psnr=25, train_psnr=25.5, epochs=10),
        count=1000,
        kl=np.full(8, 2.0),
        variances=np.full(8, 0.9),
        parts=RateParts(16, 6.5, 9.5, 6.9),
        moment_gap=np.full(8, 0.02),
        noise_share=np.full(8, 0.05),
        sensitivity=np.full(8, 6.0),
        radii=np.full(1000, 2.8),
        radius_gap=0.1,
        unexplained=0.1,
        way=Way(30, 0.3),
        prior_codes=reread(near=0.9, drift=1).realism,
        prior=reread(near=0.8, drift=1.2),
        data=reread(near=0.97, drift=0.8),
        copied=0.0,
        likeness=1.3,
    )
    setup = replace(healthy.setup, **changes.pop("setup", {}))
    return replace(healthy, setup=setup, **changes)


def kinds(**changes: Any) -> list[str]:
    return [verdict.kind for verdict in judge(figures(**changes))]


def only(**changes: Any) -> Verdict:
    (verdict,) = judge(figures(**changes))
    return verdict


def flags(verdict: Verdict) -> list[str]:
    return [remedy.flags for remedy in verdict.remedies]


def test_nothing_wrong() -> None:
    verdict = only()
    assert verdict.kind == "healthy"
    assert verdict.remedies == ()
    assert verdict.evidence[0] == "8 of 8 dimensions depend on the picture, with 2.0 nats each."


def test_dimensions_that_idle_are_no_illness() -> None:
    idle = np.where(np.arange(8) < 5, 0.9, 0.001)
    verdict = only(variances=idle)
    assert verdict.kind == "healthy"
    assert flags(verdict) == ["--latent-dim 5"]


DEAF = {
    "kl": np.full(8, 0.001),
    "variances": np.zeros(8),
    "parts": RateParts(0.01, 0.01, 0, 6.9),
    "unexplained": 1.0,
}


def test_collapsed_codes_tell_nothing() -> None:
    verdict = only(**DEAF, setup={"beta": 20.0})
    assert verdict.kind == "collapsed"
    assert "0 of 8 dimensions depend on the picture; the rate is 0.01" in verdict.evidence[1]
    assert flags(verdict) == [
        "--beta 1",
        "--warmup linear --warmup-epochs 5",
        "--free-bits 0.1",
    ]


def test_remedies_that_were_tried_are_not_named_again() -> None:
    verdict = only(**DEAF, setup={"beta": 0.5, "warmup": "linear", "free_bits": 0.1})
    assert flags(verdict) == ["--beta 0.125"]


def test_identical_pictures_are_a_collapse_whatever_the_codes_tell() -> None:
    assert kinds(way=Way(0.4, 0.3)) == ["collapsed"]
    verdict = only(way=Way(0.0, float("nan")), setup={"variational": False})
    assert verdict.text.endswith("the decoder draws the same picture.")


def test_full_dimensions_that_lose_much_are_too_few() -> None:
    verdict = only(unexplained=0.6)
    assert verdict.kind == "too small"
    assert flags(verdict) == ["--latent-dim 32"]
    assert "60 % of the pixels' variance" in verdict.evidence[0]


def test_noisy_or_idle_dimensions_that_lose_much_are_over_regularised() -> None:
    noisy = only(unexplained=0.6, kl=np.full(8, 0.4), setup={"beta": 8.0})
    assert noisy.kind == "over-regularised"
    assert flags(noisy)[0] == "--beta 1"
    idle = np.where(np.arange(8) < 3, 0.9, 0.001)
    assert kinds(unexplained=0.6, variances=idle) == ["over-regularised"]


def test_a_plain_autoencoder_is_like_one() -> None:
    verdict = only(setup={"variational": False}, parts=RateParts(0, 0, 0, 6.9))
    assert verdict.kind == "autoencoder-like"
    assert "--variational --beta 1" in flags(verdict)
    assert kinds(setup={"variational": False}, unexplained=0.6) == [
        "autoencoder-like",
        "too small",
    ]


def test_codes_nowhere_near_the_prior_are_those_of_an_autoencoder() -> None:
    verdict = only(moment_gap=np.full(8, 4.0), prior=reread(near=0, drift=1), setup={"beta": 0.01})
    assert verdict.kind == "autoencoder-like"
    assert flags(verdict) == ["--beta 1", ""]
    # Noisy codes that are merely off are not.
    assert "autoencoder-like" not in kinds(moment_gap=np.full(8, 1.5), kl=np.full(8, 0.5))


@pytest.mark.parametrize(
    "prior", [reread(near=0.7, drift=10), reread(near=0.4, drift=1)], ids=["lost", "off the data"]
)
def test_a_prior_with_holes_is_a_code_too_large(prior: Reread) -> None:
    verdict = only(prior=prior)
    assert verdict.kind == "too large"
    assert verdict.text.endswith("the prior has holes between their codes.")
    assert flags(verdict) == ["", "--latent-dim 4", "--beta 4", "--epochs 20"]


def test_drift_is_held_against_that_of_the_datas_own_codes() -> None:
    prior = reread(near=0.8, drift=10)
    assert kinds(prior=prior, data=reread(near=0.97, drift=5)) == ["healthy"]


def test_what_is_known_by_heart_is_too_large() -> None:
    verdict = only(setup={"train_psnr": 29.0})
    assert verdict.text.endswith("it knows the training ones by heart.")
    assert "4.0 dB better than unseen ones" in verdict.evidence[-1]
    assert kinds(copied=0.2) == ["too large"]
    # In two dimensions one of nine is a copy by chance.
    few = {"setup": {"latent_dim": 2}, "variances": np.ones(2), "kl": np.full(2, 3.0)}
    assert kinds(copied=0.12, **few) == ["healthy"]


def test_figures_that_were_not_measured_accuse_nobody() -> None:
    assert kinds(setup={"psnr": float("nan"), "train_psnr": float("nan")}) == ["healthy"]
