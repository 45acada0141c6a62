from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer.bundle import BundleError
from explorer.bundle.tables import check_items, pack_items, pack_metrics, read_items, read_metrics
from tests.bundles import Tiny, make_config

SHA = "a" * 64
DATA = make_config(Tiny(num_images=20, attribute_names=("Smiling",))).data


@pytest.fixture
def items() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": [f"{number:03d}.jpg" for number in range(20)],
            "split": ["train"] * 16 + ["valid"] * 2 + ["test"] * 2,
            "label": ["red", None] * 10,
            "error": np.linspace(0, 1, 20),
            "Smiling": [1, 0, -1, None] * 5,
            "factor:smile": np.linspace(-1, 1, 20),
        }
    )


@pytest.fixture
def file(items: pd.DataFrame, tmp_path: Path) -> Path:
    path = tmp_path / "items.parquet"
    path.write_bytes(pack_items(items, data=DATA, sha256=SHA))
    return path


def test_items_come_back(file: Path, items: pd.DataFrame) -> None:
    read = read_items(file)
    assert list(read) == list(items)
    assert read["id"].tolist() == items["id"].tolist()
    assert read["label"].isna().tolist() == [False, True] * 10
    np.testing.assert_array_equal(read["error"], items["error"].astype(np.float32))


def test_attributes_are_one_zero_or_missing(file: Path) -> None:
    smiling = read_items(file)["Smiling"]
    assert smiling.dtype == pd.Int8Dtype()
    assert smiling[:4].tolist() == [1, 0, pd.NA, pd.NA]


def test_what_fits_passes(file: Path) -> None:
    check_items(file, data=DATA, sha256=SHA)


def test_a_truncated_table(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])
    for read in (read_items, lambda path: check_items(path, data=DATA, sha256=SHA)):
        with pytest.raises(BundleError, match=r"items\.parquet: truncated or damaged \(.*restore"):
            read(file)


def test_items_of_other_weights(file: Path) -> None:
    with pytest.raises(BundleError, match=r"items\.parquet: computed with other weights"):
        check_items(file, data=DATA, sha256="b" * 64)


def test_another_number_of_rows(file: Path) -> None:
    data = make_config(Tiny(num_images=30, attribute_names=("Smiling",))).data
    with pytest.raises(BundleError, match=r"20 rows, config\.json's data\.num_images says 30"):
        check_items(file, data=data, sha256=SHA)


def test_other_columns(file: Path) -> None:
    data = replace(DATA, attribute_names=("Beard",))
    with pytest.raises(BundleError, match=r"wrong columns \(Beard missing; Smiling unknown\)"):
        check_items(file, data=data, sha256=SHA)


def test_another_type(file: Path) -> None:
    table = pq.read_table(file)
    position = table.schema.get_field_index("error")
    table = table.set_column(position, "error", table["error"].cast(pa.float64()))
    pq.write_table(table, file)
    with pytest.raises(BundleError, match="column 'error' is double, float is needed"):
        check_items(file, data=DATA, sha256=SHA)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda items: items.drop(columns="error"), r"wrong columns \(error missing\)"),
        (lambda items: items.assign(extra=1), r"wrong columns \(extra unknown\)"),
        (lambda items: items.assign(Smiling=2), r"'Smiling' holds 2\.0; an attribute is 1, 0 or"),
        (lambda items: items.assign(label="green"), "'label' holds 'green'; one of data.label"),
        (lambda items: items.assign(split="all"), "'split' holds 'all'; train, valid or test"),
        (lambda items: items.assign(id="same"), "id 'same' stands in more than one row"),
        (lambda items: items.assign(error=np.nan), "'error' is missing in 20 rows; fill it in"),
    ],
)
def test_wrong_items_are_not_written(
    items: pd.DataFrame, edit: Callable[[pd.DataFrame], pd.DataFrame], message: str
) -> None:
    with pytest.raises(BundleError, match=message):
        pack_items(edit(items), data=DATA, sha256=SHA)


def test_events_come_back(tmp_path: Path) -> None:
    events: list[dict[str, Any]] = [
        {"step": 1, "split": "train", "elbo": np.float32(-2.5)},
        {"step": 2, "split": "valid", "elbo": float("nan")},
    ]
    (tmp_path / "m").write_bytes(pack_metrics(events))
    read = read_metrics(tmp_path / "m")
    assert read["step"].tolist() == [1, 2]
    assert read["elbo"][0] == -2.5
    assert np.isnan(read["elbo"][1])


def test_a_log_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "log").write_text('{"step": 1}\n\n{"step": 2}\n')
    assert pack_metrics(tmp_path / "log") == b'{"step": 1}\n{"step": 2}\n'


@pytest.mark.parametrize("line", ['{"step": ', "[1]", "elbo"])
def test_a_damaged_log(tmp_path: Path, line: str) -> None:
    (tmp_path / "m.jsonl").write_text(f'{{"step": 1}}\n{line}\n')
    with pytest.raises(BundleError, match=r"m\.jsonl: line 2 is not a JSON object; restore"):
        read_metrics(tmp_path / "m.jsonl")
