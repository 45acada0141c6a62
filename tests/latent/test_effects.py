from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explorer.latent.codes import LatentError
from explorer.latent.effects import Effects

ALPHAS = np.array([-1, 0, 1, 2], np.float32)
NAN = np.nan


@pytest.fixture
def effects() -> Effects:
    """Two edits by two methods; of four judged things the last cannot be told."""
    flips = np.zeros((2, 2, 4, 4), np.float32)
    flips[:, 0, :, 0] = flips[:, 1, :, 1] = NAN
    flips[0, 0, 2] = [NAN, 0.2, 0.4, 0.9]
    flips[0, 0, 3] = [NAN, 0.4, 0.8, 0.9]
    flips[1, 0, 3] = [NAN, 0.1, 0.0, 0.9]
    success = np.array(
        [
            [[0.6, 0.05, 0.5, 1.0], [0.2, 0.1, 0.2, 0.3]],
            [[0.5, 0.05, 0.4, 0.9], [0.1, 0.1, NAN, NAN]],
        ],
        np.float32,
    )
    return Effects(
        names=("Smiling", "Eyeglasses"),
        methods=("mean", "conditional"),
        judged=("Smiling", "Eyeglasses", "Male", "Oval_Face"),
        alphas=ALPHAS,
        success=success,
        flips=flips,
        counts=np.array([[100, 90], [100, 30]], np.int32),
        agreement=np.array([[0.95, 0.9], [0.9, 0.75]], np.float32),
        accuracy=np.array([0.9, 0.95, 0.75, 0.74], np.float32),
    )


def test_leakage_is_the_mean_over_what_the_judge_tells_and_not_the_edited(
    effects: Effects,
) -> None:
    assert effects.reliable.tolist() == [True, True, True, False]
    leakage = effects.leakage()
    assert leakage.shape == (2, 2, 4)
    assert leakage[0, 0] == pytest.approx([0, 0, 0.3, 0.6])
    assert effects.leakage_of("Smiling", "conditional") == pytest.approx([0, 0, 0, 0.05])


def test_leakage_without_anything_else_to_judge_is_unknown(effects: Effects) -> None:
    alone = replace(effects, accuracy=np.array([0.9, 0.5, 0.5, 0.5], np.float32))
    assert np.isnan(alone.leakage()[:, 0]).all()
    assert alone.leakage_of("Eyeglasses", "mean") == pytest.approx(np.zeros(4))  # Smiling is left


def test_success_and_accuracy_by_name(effects: Effects) -> None:
    assert effects.success_of("Eyeglasses", "mean") == pytest.approx([0.2, 0.1, 0.2, 0.3])
    assert effects.accuracy_of("Male") == pytest.approx(0.75)


def test_the_alpha_for_a_share_is_interpolated_from_nothing_at_zero(effects: Effects) -> None:
    assert effects.alpha_for("Smiling", "mean", success=0.9) == pytest.approx(1.8)
    assert effects.alpha_for("Smiling", "mean", success=0.25) == pytest.approx(0.5)
    assert effects.alpha_for("Smiling", "mean", success=0.0) == 0
    assert np.isnan(effects.alpha_for("Eyeglasses", "mean", success=0.9))
    assert np.isnan(effects.alpha_for("Eyeglasses", "conditional", success=0.1))  # no picture


def test_leakage_between_measured_alphas(effects: Effects) -> None:
    assert effects.leakage_at("Smiling", "mean", alpha=1.5) == pytest.approx(0.45)
    assert effects.leakage_at("Smiling", "mean", alpha=0.5) == pytest.approx(0.15)
    assert np.isnan(effects.leakage_at("Smiling", "mean", alpha=2.5))
    assert np.isnan(effects.leakage_at("Smiling", "mean", alpha=NAN))


def test_the_worst_flips_come_first_and_only_reliable_ones(effects: Effects) -> None:
    found = effects.worst_flips("Smiling", "mean", 2, 2)
    assert [name for name, _ in found] == ["Male", "Eyeglasses"]
    assert [share for _, share in found] == pytest.approx([0.8, 0.4])
    assert effects.worst_flips("Smiling", "mean", 1.9, 1)[0][0] == "Male"  # the nearest alpha
    assert [name for name, _ in effects.worst_flips("Smiling", "conditional", 2)] == ["Eyeglasses"]
    assert effects.worst_flips("Eyeglasses", "mean", 2) == ()


def test_arrays_bring_it_back(effects: Effects) -> None:
    arrays = effects.to_arrays()
    assert arrays["flips"].dtype == np.float16
    again = Effects.from_arrays(arrays)
    assert (again.names, again.methods, again.judged) == (
        effects.names,
        effects.methods,
        effects.judged,
    )
    for field in ("alphas", "success", "flips", "counts", "agreement", "accuracy"):
        np.testing.assert_allclose(getattr(again, field), getattr(effects, field), atol=5e-4)
    assert again.leakage()[0, 0] == pytest.approx([0, 0, 0.3, 0.6], abs=1e-3)


def test_what_was_not_measured_is_a_sentence(effects: Effects) -> None:
    with pytest.raises(LatentError, match="no 'Hat' among the edited: Smiling, Eyeglasses"):
        effects.success_of("Hat", "mean")
    with pytest.raises(LatentError, match="no 'logistic' among the methods: mean, conditional"):
        effects.worst_flips("Smiling", "logistic", 1)
    with pytest.raises(LatentError, match="no 'Hat' among the judged"):
        effects.accuracy_of("Hat")


def test_arrays_that_do_not_fit_are_refused(effects: Effects) -> None:
    with pytest.raises(LatentError, match=r"success has shape \(2, 2\); \(2, 2, 4\) is needed"):
        replace(effects, success=np.zeros((2, 2), np.float32))
    with pytest.raises(LatentError, match=r"flips has shape .* \(2, 2, 4, 4\) is needed"):
        replace(effects, flips=np.zeros((2, 2, 4, 3), np.float32))
    with pytest.raises(LatentError, match="must ascend and hold 0"):
        replace(effects, alphas=np.array([-1, 0.5, 1, 2], np.float32))
    with pytest.raises(LatentError, match="must ascend and hold 0"):
        replace(effects, alphas=ALPHAS[::-1])
