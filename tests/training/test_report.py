from __future__ import annotations

from pathlib import Path

import pytest

import explorer
from explorer import BundleError
from explorer.training import TrainingError
from explorer.training.report import evaluate_bundle
from tests.bundles import make_bundle


def test_a_bundle_measures_as_its_run_did(trained: Path) -> None:
    figures = evaluate_bundle(trained, source=None, root=None, split="test")
    config = explorer.load(trained).config
    assert figures["split"] == "test"
    assert figures["num_images"] == config.data.split_sizes.test
    for name in ("psnr", "mse", "rate"):
        # Weights were rounded to float16 on the way.
        assert figures[name] == pytest.approx(config.results[name], rel=0.01)


def test_training_pictures_are_another_split(trained: Path) -> None:
    figures = evaluate_bundle(trained, source=None, root=None, split="train")
    config = explorer.load(trained).config
    assert figures["num_images"] == config.data.split_sizes.train
    assert figures["psnr"] == pytest.approx(config.results["train_psnr"], rel=0.01)


def test_other_data_of_the_same_shape(trained: Path) -> None:
    figures = evaluate_bundle(trained, source="digits", root=None, split="test")
    faces = evaluate_bundle(trained, source=None, root=None, split="test")
    assert float(figures["psnr"]) < float(faces["psnr"])


def test_a_split_without_pictures_is_a_sentence(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "one", num_images=100)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("explorer.data.Dataset.where", lambda self, split: [])
        with pytest.raises(TrainingError, match="toy-faces has no valid pictures"):
            evaluate_bundle(bundle, source=None, root=None, split="valid")


def test_no_bundle_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no such folder"):
        evaluate_bundle(tmp_path / "nowhere", source=None, root=None, split="test")
