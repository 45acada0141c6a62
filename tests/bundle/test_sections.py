from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.bundle.sections import SplitSizes
from tests.bundles import Tiny, make_config

CONFIG = make_config(Tiny())


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("beta", -1.0, r"beta is -1\.0; 0 or more is needed\."),
        ("beta", float("nan"), r"beta is nan; 0 or more is needed\."),
        ("likelihood", "laplace", "likelihood is 'laplace'; choose one of bernoulli, gaussian"),
        ("sigma", -0.1, r"sigma is -0\.1; 0 or more is needed\."),
        ("warmup", "slow", "warmup is 'slow'; choose one of none, linear, cyclical"),
        ("cycles", 0, "cycles is 0; 1 or more is needed"),
        ("free_bits", -1.0, r"free_bits is -1\.0; 0 or more is needed"),
    ],
)
def test_impossible_objectives(field: str, value: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(CONFIG.objective, **{field: value})


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("num_images", 0, "num_images is 0; 1 or more is needed"),
        ("num_images", 299, "split_sizes add up to 300, num_images is 299; make them agree"),
        ("attribute_names", ("A", "A"), "attribute_names holds 'A' twice"),
        ("attribute_names", ("error",), "holds 'error', which is a column of its own"),
        ("attribute_names", ("factor:x",), "holds 'factor:x', which is a column of its own"),
        ("split_sizes", SplitSizes(1, 1, 1), "split_sizes add up to 3"),
    ],
)
def test_impossible_data(field: str, value: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(CONFIG.data, **{field: value})


def test_negative_split_size() -> None:
    with pytest.raises(ValueError, match="valid is -1; 0 or more is needed"):
        SplitSizes(1, -1, 1)


def test_impossible_training() -> None:
    with pytest.raises(ValueError, match="batch_size is 0; 1 or more is needed"):
        replace(CONFIG.training, batch_size=0)


def test_model_and_data_must_agree() -> None:
    with pytest.raises(ValueError, match=r"model\.image_size is 64, data\.image_size is 32"):
        replace(CONFIG, model=replace(CONFIG.model, image_size=64))


def test_a_bundle_needs_a_name() -> None:
    with pytest.raises(ValueError, match="name is empty; give the bundle a name"):
        replace(CONFIG, name=" ")


def test_image_shape() -> None:
    assert CONFIG.image_shape == (32, 32, 3)
