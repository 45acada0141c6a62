from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.numpy import load, save

from explorer.bundle import BundleContents, BundleError
from explorer.bundle.contents import check_contents, weights_arrays
from explorer.latent import fit_mixture, fit_pca
from tests.bundles import make_contents

GOOD = make_contents()


def with_split(items: pd.DataFrame, value: str) -> pd.DataFrame:
    return items.assign(split=value)


def test_good_contents_pass() -> None:
    check_contents(GOOD)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mu": GOOD.mu[1:]}, r"mu has shape \(299, 8\); \(300, 8\) is needed, from config's"),
        ({"logvar": GOOD.logvar[:, 1:]}, r"logvar has shape \(300, 7\); \(300, 8\)"),
        ({"split": GOOD.split[1:]}, r"split has shape \(299,\); \(300,\)"),
        ({"split": np.zeros(300, np.uint8)}, r"split holds \[300, 0, 0\].*say \[240, 30, 30\]"),
        ({"items": GOOD.items[1:]}, "items has 299 rows; 300 are needed, one per code"),
        ({"items": with_split(GOOD.items, "test")}, "column 'split' differs from split"),
        ({"maps": {"pca": fit_pca(GOOD.mu[1:])}}, r"maps\['pca'\]\.xy has shape \(299, 2\)"),
        ({"mixture": fit_mixture(GOOD.mu[:, :7])}, r"mixture\.means has shape \(10, 7\)"),
        (
            {"directions": [replace(GOOD.directions[0], vector=np.zeros(7))]},
            r"the direction 'Smiling' has shape \(7,\); \(8,\)",
        ),
        (
            {"clouds": [replace(GOOD.clouds[0], mean=np.zeros(7))]},
            r"the cloud of 'Smiling' has shape \(7,\); \(8,\)",
        ),
        ({"preview": np.zeros((8, 8))}, r"preview is float64 \(8, 8\); uint8 \(H, W, 3\)"),
    ],
)
def test_parts_that_do_not_belong_together(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(BundleError, match=message):
        check_contents(replace(GOOD, **changes))


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_weights_in_the_type_asked_for(dtype: Any) -> None:
    arrays = weights_arrays(GOOD, dtype=dtype)
    assert {array.dtype for array in arrays.values()} == {np.dtype(dtype)}
    assert set(arrays) == set(GOOD.weights)


def test_weights_may_be_arrays_or_tensors_that_train() -> None:
    weights = {name: torch.nn.Parameter(value) for name, value in GOOD.weights.items()}
    tensors = weights_arrays(replace(GOOD, weights=weights), dtype="float32")
    numpy = weights_arrays(
        replace(GOOD, weights={name: value.detach().numpy() for name, value in weights.items()}),
        dtype="float32",
    )
    for name, array in tensors.items():
        np.testing.assert_array_equal(numpy[name], array)


def changed(name: str, value: torch.Tensor | None) -> BundleContents:
    weights = dict(GOOD.weights)
    weights.pop(name, None)
    return replace(GOOD, weights=weights if value is None else weights | {name: value})


NAME, VALUE = next(iter(GOOD.weights.items()))


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (changed(NAME, None), rf"weights: .* \(missing: {NAME}\)"),
        (changed(f"module.{NAME}", VALUE), rf"\(unexpected: module\.{NAME}\)"),
        (changed(NAME, torch.zeros(1)), rf"of another shape: {NAME} \(1,\) instead of"),
        (changed(NAME, VALUE * float("nan")), rf"{NAME} reaches nan.*has diverged"),
        (changed(NAME, VALUE * 1e6), rf"{NAME} reaches .*more than 65504"),
    ],
)
def test_wrong_weights(contents: BundleContents, message: str) -> None:
    with pytest.raises(BundleError, match=message):
        weights_arrays(contents, dtype="float16")


def test_wrong_type_of_weights() -> None:
    with pytest.raises(BundleError, match="weights_dtype is 'int8'; choose float16 or float32"):
        weights_arrays(GOOD, dtype="int8")  # type: ignore[arg-type]


def test_weights_trained_channels_last_lie_as_they_are_read() -> None:
    scrambled = {
        name: value.contiguous(memory_format=torch.channels_last) if value.ndim == 4 else value
        for name, value in GOOD.weights.items()
        if isinstance(value, torch.Tensor)
    }
    arrays = weights_arrays(replace(GOOD, weights=scrambled), dtype="float32")
    read = load(save(arrays))
    for name, value in GOOD.weights.items():
        np.testing.assert_array_equal(read[name], np.asarray(value), err_msg=name)
