from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from explorer.data import TEST
from explorer.training import TrainingError
from explorer.training.judge_training import JudgeSettings, train_judge
from tests.training.runs import make_dataset

FEW = JudgeSettings(mirror=False, steps=3, batch_size=16)


def test_equal_settings_give_equal_weights_and_leave_the_global_generator_alone() -> None:
    dataset = make_dataset()
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    one = train_judge(dataset, FEW).state_dict()
    assert torch.equal(torch.rand(1), expected)
    other, another = (
        train_judge(dataset, replace(FEW, seed=seed)).state_dict() for seed in (0, 1)
    )
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert not torch.equal(one["head.weight"], another["head.weight"])


def test_held_out_pictures_change_nothing() -> None:
    dataset = make_dataset()
    images = dataset.images.copy()
    images[dataset.split == TEST] = 255
    one, other = (train_judge(item, FEW) for item in (dataset, replace(dataset, images=images)))
    assert torch.equal(one.head.weight, other.head.weight)


def test_progress_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    train_judge(make_dataset(), FEW)
    assert "training the judge: 100%" in capsys.readouterr().err


def test_without_training_pictures_it_is_a_sentence() -> None:
    dataset = make_dataset()
    dataset = replace(dataset, split=np.full(len(dataset), TEST, np.uint8))
    with pytest.raises(TrainingError, match="folder has no training pictures for a judge"):
        train_judge(dataset, FEW)
