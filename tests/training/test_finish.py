from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from explorer.data import TRAIN
from explorer.training import finish
from explorer.training.evaluation import Evaluation
from explorer.vae import VAE, ModelConfig
from tests.training.runs import make_dataset


def found(count: int, *, dim: int = 4) -> Evaluation:
    rng = np.random.default_rng(0)
    mu = rng.standard_normal((count, dim)).astype(np.float32)
    error = rng.uniform(0.01, 0.1, count)
    return Evaluation(mu, np.zeros_like(mu), error, 100 * error, 10 * error)


def test_the_table_has_a_row_per_picture() -> None:
    dataset = make_dataset(64)
    items = finish.items_table(dataset, found(64))
    assert list(items) == ["id", "split", "label", "error", "left", "factor:top", "factor:left"]
    assert items["id"].tolist() == dataset.ids.tolist()
    assert items["split"].value_counts().to_dict() == {"train": 56, "valid": 4, "test": 4}
    assert items["error"].dtype == np.float32
    np.testing.assert_allclose(items["error"], found(64).error, rtol=1e-6)
    assert set(items["label"]) == {"upper", "lower"}
    assert (items["left"] == dataset.attributes[:, 0]).all()
    np.testing.assert_array_equal(items["factor:top"], dataset.factors[:, 0])


def test_what_is_missing_is_missing() -> None:
    dataset = make_dataset(20)
    dataset.attributes[3] = -1
    dataset.labels[5] = -1
    items = finish.items_table(dataset, found(20))
    assert items["left"].isna().tolist() == [row == 3 for row in range(20)]
    assert items["label"].isna().tolist() == [row == 5 for row in range(20)]


def test_pictures_without_labels() -> None:
    dataset = replace(make_dataset(20), label_names=(), labels=np.full(20, -1, np.int16))
    items = finish.items_table(dataset, found(20))
    assert items["label"].isna().all()
    assert isinstance(items, pd.DataFrame)


def test_what_is_known_of_the_data() -> None:
    dataset = make_dataset(64)
    known = finish.known_of(dataset)
    assert (known.attribute_names, known.label_names) == (("left",), dataset.label_names)
    np.testing.assert_array_equal(known.attributes, dataset.attributes)
    np.testing.assert_array_equal(known.labels, dataset.labels)
    np.testing.assert_array_equal(known.split, dataset.split)


def test_codes_become_pictures() -> None:
    model = VAE(ModelConfig(image_size=28, channels=1, latent_dim=4, width=8)).eval()
    z = found(5).mu
    pictures = finish.decode(model, z)
    assert pictures.shape == (5, 28, 28, 1)
    assert pictures.dtype == np.uint8
    exact = 255 * model.decode(finish.torch.from_numpy(z)).detach().numpy()[:, 0]
    assert np.abs(pictures[..., 0] - exact).max() <= 0.5 + 1e-3


def test_results_are_of_the_best_unseen_split_there_is() -> None:
    dataset, evaluation = make_dataset(64), found(64)
    test = evaluation.rows(np.arange(60, 64)).figures()
    results = finish._results(evaluation, dataset)
    assert {name: results[name] for name in test} == test
    training = evaluation.rows(dataset.where(TRAIN)).figures()
    assert results["train_psnr"] == training["psnr"]
    dataset.split[:] = TRAIN
    everything = evaluation.figures()
    assert finish._results(evaluation, dataset)["psnr"] == everything["psnr"]


def test_the_commit_is_that_of_the_checkout() -> None:
    here = Path(finish.__file__).parent
    asked = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, check=False
    )
    expected = asked.stdout.strip() if asked.returncode == 0 else None
    assert finish._git_commit() == expected


def test_without_git_there_is_no_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert finish._git_commit() is None
