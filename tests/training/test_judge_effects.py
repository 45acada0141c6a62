from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import explorer
from explorer.bundle import update_directions
from explorer.data import DataError, Dataset
from explorer.latent import Direction
from explorer.training import TrainingError, judge_effects
from explorer.training.judge_effects import judge_bundle, measure_effects
from explorer.training.judge_training import JudgeSettings
from tests.bundles import make_bundle
from tests.training.runs import make_dataset

ALPHAS = (-1.0, 0.0, 1.0, 2.0)
NAMES = ("tall", "wide", "upper", "lower")
NAN = np.nan


class SimpleBundle:
    """Pictures that show a code plainly: a pixel per number, 128 for 0 and 10 more for 0.1."""

    def __init__(self, mu: np.ndarray, *directions: Direction) -> None:
        self.latents = SimpleNamespace(mu=mu.astype(np.float32))
        self.directions = directions

    def decode(self, z: np.ndarray) -> np.ndarray:
        return np.clip(128 + 100 * z, 0, 255).round().astype(np.uint8)[:, None, :, None]


class SimpleJudge:
    """Sees an attribute where its pixel is bright, and the class of the brighter pixel."""

    names = NAMES
    accuracy = np.array([0.9, 0.8, 0.9, 0.9], np.float32)

    def verdicts(self, images: np.ndarray) -> np.ndarray:
        pixels = images[:, 0, :, 0].astype(int)
        is_lower = pixels[:, 3] > pixels[:, 2]
        return np.stack([pixels[:, 0] > 128, pixels[:, 1] > 128, ~is_lower, is_lower], axis=1)


def direction(name: str, vector: list[float], **changes: Any) -> Direction:
    values = np.array(vector, np.float32)
    made = Direction(name, "mean", values, float(np.linalg.norm(values)), {})
    return replace(made, **changes)


def dataset_of(known: np.ndarray, labels: np.ndarray) -> Dataset:
    """Ten training pictures of no use, then those given."""
    count = 10 + len(known)
    return replace(
        make_dataset(count),
        split=np.where(np.arange(count) < 10, 0, 2).astype(np.uint8),
        attribute_names=NAMES[:2],
        attributes=np.concatenate([np.zeros((10, 2)), known]).astype(np.int8),
        label_names=NAMES[2:],
        labels=np.concatenate([np.zeros(10), labels]).astype(np.int16),
    )


def measure(
    mu: list[list[float]],
    known: list[list[int]],
    *directions: Direction,
    names: list[str] | None = None,
) -> Any:
    codes = np.array(mu, np.float32)
    labels = (codes[:, 3] > codes[:, 2]).astype(int)
    codes = np.concatenate([np.full((10, 4), 9, np.float32), codes])
    return measure_effects(
        SimpleBundle(codes, *directions),  # type: ignore[arg-type]
        SimpleJudge(),  # type: ignore[arg-type]
        dataset_of(np.array(known), labels),
        alphas=ALPHAS,
        names=names,
    )


FOUR = [[-0.5, -0.1, 0.2, 0.0], [-1.5, 0.1, 0.2, 0.0], [0.5, 0.1, 0.2, 0.0], [1.5, -0.1, 0.2, 0]]
TALL = [[0, 0], [0, 1], [1, 1], [1, 0]]


def test_success_is_the_share_of_pictures_on_which_the_verdict_turned() -> None:
    effects = measure(FOUR, TALL, direction("tall", [1, 0, 0, 0]))
    assert (effects.names, effects.methods, effects.judged) == (("tall",), ("mean",), NAMES)
    assert effects.success_of("tall", "mean") == pytest.approx([0.5, 0, 0.5, 1])
    assert effects.counts.tolist() == [[2, 2]]
    assert effects.agreement.tolist() == [[1, 1]]
    np.testing.assert_array_equal(effects.accuracy, SimpleJudge.accuracy)


def test_flips_are_changes_against_the_reconstruction_and_not_the_edited_thing() -> None:
    # Widens by 0.15 per unit: of the two without, one is already wide and stays so.
    effects = measure(FOUR, TALL, direction("tall", [1, 0.15, 0, 0]))
    flips = effects.flips[0, 0]
    assert np.isnan(flips[:, 0]).all()
    assert flips[:, 1] == pytest.approx([0.5, 0, 0.5, 0.5])
    assert (flips[:, 2:] == 0).all()
    assert effects.leakage_of("tall", "mean") == pytest.approx([1 / 6, 0, 1 / 6, 1 / 6])


def test_what_the_judge_sees_before_the_edit_is_no_merit_of_it() -> None:
    known = [[0, 0], [0, 1], [0, 1], [1, 0]]  # the third is labelled without, and looks with
    effects = measure(FOUR, known, direction("tall", [1, 0, 0, 0]))
    assert effects.counts.tolist() == [[2, 1]]
    assert effects.agreement[0] == pytest.approx([2 / 3, 1])
    assert effects.success_of("tall", "mean") == pytest.approx([0, 1 / 3, 0.5, 1])


def test_unknown_and_training_pictures_take_no_part() -> None:
    effects = measure(FOUR, [[0, 0], [-1, 1], [1, 1], [-1, 0]], direction("tall", [1, 0, 0, 0]))
    assert effects.counts.tolist() == [[1, 1]]


def test_a_side_without_pictures_is_nan() -> None:
    effects = measure(FOUR, [[0, 0]] * 4, direction("tall", [1, 0, 0, 0]))
    assert effects.counts.tolist() == [[2, 0]]
    assert effects.success_of("tall", "mean") == pytest.approx([NAN, 0.5, 0.5, 1], nan_ok=True)
    assert np.isnan(effects.flips[0, 0, 0]).all()
    assert np.isnan(effects.agreement[0, 1])


def test_other_classes_leak_only_where_a_picture_has_become_one() -> None:
    codes = [[0.5, 0.5, 1, 0], [0.5, 0.5, 1, 0], [0.5, 0.5, 0, 1]]
    lower = direction("lower", [0, -0.3, -1, 0], kind="label")
    effects = measure(codes, [[1, 1]] * 3, lower)
    flips = effects.flips[0, 0]
    assert effects.success_of("lower", "mean") == pytest.approx([1, 0, 0, 1])
    assert (flips[2:, 2] == 0).all()  # it was upper; that it no longer is, is the success
    assert np.isnan(flips[0, 2])
    assert flips[:, 1] == pytest.approx([0, 0, 0, 1])


def test_all_methods_see_the_same_pictures_and_alphas() -> None:
    rng = np.random.default_rng(0)
    mu = np.hstack([rng.normal(size=(60, 2)), np.tile([0.2, 0], (60, 1))])
    known = (mu[:, :2] > 0).astype(int)
    plain = direction("tall", [1, 0, 0, 0])
    both = (plain, replace(plain, method="logistic"))
    effects = measure(mu.tolist(), known.tolist(), *both)
    assert effects.methods == ("mean", "logistic")
    np.testing.assert_array_equal(effects.success[0], effects.success[1])


def test_no_more_pictures_than_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    mu = np.hstack([rng.normal(size=(60, 2)), np.tile([0.2, 0], (60, 1))])
    known = np.concatenate([np.zeros((10, 2)), mu[:, :2] > 0])
    codes = np.concatenate([np.zeros((10, 4)), mu])
    effects = measure_effects(
        SimpleBundle(codes, direction("tall", [1, 0, 0, 0])),  # type: ignore[arg-type]
        SimpleJudge(),  # type: ignore[arg-type]
        dataset_of(known[10:], np.zeros(60)),
        per_side=7,
        alphas=ALPHAS,
    )
    assert effects.counts.tolist() == [[7, 7]]


def test_a_name_that_lacks_a_method_is_left_out_and_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tall, wide = direction("tall", [1, 0, 0, 0]), direction("wide", [0, 1, 0, 0])
    effects = measure(FOUR, TALL, tall, replace(tall, method="logistic"), wide)
    assert effects.names == ("tall",)
    assert "wide is not judged: it has directions by mean alone" in capsys.readouterr().err


def test_only_the_named_are_judged() -> None:
    both = direction("tall", [1, 0, 0, 0]), direction("wide", [0, 1, 0, 0])
    assert measure(FOUR, TALL, *both, names=["wide"]).names == ("wide",)
    with pytest.raises(TrainingError, match="no direction to judge"):
        measure(FOUR, TALL, *both, names=["Hat"])


# A bundle.


@pytest.fixture
def bundle(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of a trained bundle, and a judge that takes a second."""
    quick = lambda mirror: JudgeSettings(mirror=mirror, steps=5, batch_size=16)  # noqa: E731
    monkeypatch.setattr(judge_effects, "JudgeSettings", quick)
    return Path(shutil.copytree(trained, tmp_path / "faces"))


def test_effects_are_written_into_the_bundle(bundle: Path) -> None:
    before = explorer.load(bundle)
    assert before.effects is None
    opened, found = judge_bundle(bundle, root=None, per_side=3)
    assert opened.path == bundle
    after = explorer.load(bundle)
    effects = after.effects
    assert effects is not None
    np.testing.assert_allclose(effects.success, found.success, atol=1e-3)  # float16
    section = before.config.data
    assert set(effects.judged) == {*section.attribute_names, *section.label_names}
    assert effects.methods == ("mean", "logistic", "conditional")
    assert 0 < effects.counts.max() <= 3
    assert [item.meta for item in after.directions] == [item.meta for item in before.directions]


def test_other_pictures_are_a_sentence(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load = explorer.data.load  # type: ignore[attr-defined]

    def other(spec: Any) -> Dataset:
        dataset: Dataset = load(spec)
        return replace(dataset, ids=np.array([f"other-{name}" for name in dataset.ids]))

    monkeypatch.setattr("explorer.data.load", other)
    with pytest.raises(TrainingError, match="trained on 256 pictures, and 0 of them are among"):
        judge_bundle(bundle, root=None)


def test_missing_pictures_name_the_root(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "faces", source="celeba")
    with pytest.raises(DataError, match=r"There is no CelebA at .*nowhere; check --root"):
        judge_bundle(bundle, root=tmp_path / "nowhere")


def test_a_bundle_without_attributes_and_labels_is_a_sentence(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "bare", attribute_names=(), label_names=())
    with pytest.raises(TrainingError, match="neither attributes nor labels, so no edit can be"):
        judge_bundle(bundle, root=None)


def test_a_bundle_without_held_out_pictures_or_directions_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = make_bundle(tmp_path / "faces")
    with monkeypatch.context() as patch:
        patch.setattr("explorer.Bundle.latents", SimpleNamespace(split=np.zeros(300, np.uint8)))
        with pytest.raises(TrainingError, match="all its pictures were trained on"):
            judge_bundle(bundle, root=None)
    update_directions(bundle, directions=(), clouds=None, effects=None)
    with pytest.raises(TrainingError, match="it holds no direction to judge"):
        judge_bundle(bundle, root=None)


def test_per_side_is_at_least_one(bundle: Path) -> None:
    with pytest.raises(TrainingError, match="per_side is 0; choose a number at least 1"):
        judge_bundle(bundle, root=None, per_side=0)
