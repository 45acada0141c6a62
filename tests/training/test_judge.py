from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.metrics import balanced_accuracy_score

from explorer.data import TRAIN, Dataset
from explorer.training import TrainingError
from explorer.training.judge import Judge, balanced_accuracy, find_judge, targets
from explorer.training.judge_network import JudgeNetwork
from explorer.training.judge_store import Facts
from explorer.training.judge_training import JudgeSettings
from tests.training.runs import make_dataset

SETTINGS = JudgeSettings(mirror=False, steps=80, batch_size=32)


@pytest.fixture(scope="module")
def squares() -> Dataset:
    return make_dataset(500, held_out=100)


@pytest.fixture(scope="module", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("judges")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_EXPLORER_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="module")
def judge(squares: Dataset, _cache: Path) -> Judge:
    return find_judge(squares, SETTINGS)


def test_it_learns_to_tell_attributes_and_classes(judge: Judge, squares: Dataset) -> None:
    assert judge.names == ("left", "upper", "lower")
    assert (judge.accuracy > 0.85).all()


def test_its_accuracy_is_that_of_its_verdicts_on_held_out_pictures(
    judge: Judge, squares: Dataset
) -> None:
    held_out = squares.split != TRAIN
    seen = judge.verdicts(squares.images[held_out])
    known = targets(squares)[held_out]
    for number in range(3):
        expected = balanced_accuracy_score(known[:, number], seen[:, number])
        assert judge.accuracy[number] == pytest.approx(expected)


def test_each_picture_is_of_one_class(judge: Judge, squares: Dataset) -> None:
    seen = judge.verdicts(squares.images[:70])  # more than one batch
    assert seen.shape == (70, 3)
    assert (seen[:, 1:].sum(axis=1) == 1).all()


def test_the_second_time_it_comes_from_the_cache(
    judge: Judge, squares: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.training.judge.train_judge", None)
    again = find_judge(squares, SETTINGS)
    np.testing.assert_array_equal(again.accuracy, judge.accuracy)
    np.testing.assert_array_equal(again.verdicts(squares.images), judge.verdicts(squares.images))


def test_other_pictures_tables_or_settings_are_another_judge(
    judge: Judge, squares: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[object] = []

    def train(dataset: Dataset, settings: JudgeSettings) -> JudgeNetwork:
        trained.append(settings)
        return JudgeNetwork(image_size=28, channels=1, outputs=3)

    monkeypatch.setattr("explorer.training.judge.train_judge", train)
    monkeypatch.setattr("explorer.training.judge.write_judge", lambda *_: None)
    images = squares.images.copy()
    images[0, 0, 0] ^= 1
    find_judge(replace(squares, images=images), SETTINGS)
    find_judge(replace(squares, attributes=1 - squares.attributes), SETTINGS)
    find_judge(replace(squares, label_names=("lower", "upper")), SETTINGS)
    find_judge(squares, replace(SETTINGS, seed=1))
    assert len(trained) == 4


def test_a_verdict_is_the_likelier_side_at_equal_frequency() -> None:
    """The same doubtful logits: what is rare is seen, what is common is not."""

    class Doubtful(JudgeNetwork):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.tensor([[-1.0, 1.0, 0.5, 0.6]]).expand(len(x), -1)

    network = Doubtful(image_size=28, channels=1, outputs=4)
    facts = Facts(("rare", "common"), ("seldom", "often"), (-2, 2, -2.0, -0.1))
    seen = Judge(network, facts).verdicts(np.zeros((2, 28, 28, 1), np.uint8))
    assert seen.tolist() == [[True, False, True, False]] * 2


def test_balanced_accuracy_masks_the_unknown() -> None:
    rng = np.random.default_rng(0)
    known, seen = rng.integers(-1, 2, (50, 2)).astype(np.int8), rng.random((50, 2)) < 0.4
    for number, found in enumerate(balanced_accuracy(seen, known)):
        rows = known[:, number] >= 0
        expected = balanced_accuracy_score(known[rows, number], seen[rows, number])
        assert found == pytest.approx(expected)
    assert np.isnan(balanced_accuracy(seen, np.zeros_like(known))).all()


def test_targets_put_the_classes_behind_the_attributes(squares: Dataset) -> None:
    dataset = replace(squares, labels=np.where(np.arange(500) < 3, -1, squares.labels))
    found = targets(dataset)
    np.testing.assert_array_equal(found[:, :1], squares.attributes)
    assert (found[:3, 1:] == -1).all()
    np.testing.assert_array_equal(found[3:, 2], squares.labels[3:])
    np.testing.assert_array_equal(found[3:, 1], 1 - squares.labels[3:])


def test_nothing_to_tell_is_a_sentence(squares: Dataset) -> None:
    bare = replace(
        squares, attribute_names=(), attributes=np.zeros((500, 0), np.int8), label_names=()
    )
    with pytest.raises(TrainingError, match="folder has neither attributes nor labels to judge"):
        find_judge(bare, SETTINGS)
