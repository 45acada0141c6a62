"""The two tables of a bundle: `items.parquet` (a row per code) and `metrics.jsonl`."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.bundle.arrays import SHA_KEY, require_same_weights
from explorer.bundle.errors import BundleError
from explorer.bundle.sections import FACTOR_PREFIX, DataSection
from explorer.latent import Known

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SPLIT_NAMES = ("train", "valid", "test")


def item_columns(data: DataSection) -> dict[str, str]:
    """Columns of ``items.parquet`` in order, with their Arrow types."""
    columns = {"id": "string", "split": "string", "label": "string", "error": "float"}
    columns |= dict.fromkeys(data.attribute_names, "int8")
    return columns | {f"{FACTOR_PREFIX}{name}": "float" for name in data.factor_names}


def pack_items(items: pd.DataFrame, *, data: DataSection, sha256: str) -> bytes:
    """The bytes of ``items.parquet``.

    Args:
        items: One row per code. ``id`` text, unique; ``split`` train, valid or test; ``label``
            text or missing; ``error`` mean squared error per pixel; attributes 1, 0 or missing
            (None, NaN or -1); factors under ``factor:<name>``.
        data: Says which attributes and factors there are.
        sha256: Of the weights.

    Raises:
        BundleError: A column is missing, unknown, or holds values it may not.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = item_columns(data)
    _require_columns("items", list(items.columns), columns)
    arrays = {name: _column(items[name], name, data) for name in columns}
    schema = pa.schema(
        [(name, pa.type_for_alias(kind)) for name, kind in columns.items()],
        metadata={SHA_KEY: sha256},
    )
    # Arrow's own schema only: pandas' notes on dtypes differ between its versions.
    buffer = io.BytesIO()
    pq.write_table(pa.table(arrays, schema=schema), buffer, compression="zstd")
    return buffer.getvalue()


def check_items(path: Path, *, data: DataSection, sha256: str) -> None:
    """Check ``items.parquet`` by its footer: whole, of these weights, rows and columns.

    Raises:
        BundleError: Naming the file, what is wrong and the remedy.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        footer = pq.read_metadata(path)
        schema = footer.schema.to_arrow_schema()
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, error) from error
    found = (schema.metadata or {}).get(SHA_KEY.encode())
    require_same_weights(path, found.decode() if found else None, sha256)
    columns = item_columns(data)
    _require_columns(str(path), schema.names, columns)
    for name, kind in columns.items():
        if schema.field(name).type != pa.type_for_alias(kind):
            raise BundleError(
                f"{path}: column {name!r} is {schema.field(name).type}, {kind} is needed; restore "
                "the file from where the bundle came from."
            )
    if footer.num_rows != data.num_images:
        raise BundleError(
            f"{path}: {footer.num_rows} rows, config.json's data.num_images says "
            f"{data.num_images}; restore the file from where the bundle came from."
        )


def read_items(path: Path) -> pd.DataFrame:
    """The table, attributes as nullable ``Int8``.

    Raises:
        BundleError: The file is damaged.
    """
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, error) from error
    items: pd.DataFrame = table.to_pandas(types_mapper={pa.int8(): pd.Int8Dtype()}.get)
    return items


def known_of(items: pd.DataFrame, *, data: DataSection) -> Known:
    """What the table says of the pictures, as numbers."""
    attributes = items[list(data.attribute_names)].astype("float64").fillna(-1)
    places = {name: number for number, name in enumerate(data.label_names)}
    labels = items["label"].map(places).astype("float64").fillna(-1)
    splits = {name: number for number, name in enumerate(SPLIT_NAMES)}
    return Known(
        split=items["split"].map(splits).to_numpy().astype(np.uint8),
        attributes=attributes.to_numpy().astype(np.int8),
        attribute_names=data.attribute_names,
        labels=labels.to_numpy().astype(np.int16),
        label_names=data.label_names,
    )


def pack_metrics(metrics: Path | Sequence[Mapping[str, Any]]) -> bytes:
    """The bytes of ``metrics.jsonl``, from the training's own log or from its events.

    Raises:
        BundleError: The log cannot be read or is not one JSON object per line.
    """
    if isinstance(metrics, Path):
        rows: Sequence[Mapping[str, Any]] = _read_rows(metrics)
    else:
        rows = metrics
    # JSON has no NaN; null is what readers of the log turn back into one.
    lines = [json.dumps({key: _finite(item) for key, item in row.items()}) for row in rows]
    return "".join(f"{line}\n" for line in lines).encode()


def read_metrics(path: Path) -> pd.DataFrame:
    """The log as a table: one row per event, a column per name, NaN where absent.

    Raises:
        BundleError: The file is not one JSON object per line.
    """
    import pandas as pd

    return pd.DataFrame(_read_rows(path))


def _read_rows(path: Path) -> list[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(path, error) from error
    return [_row(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def _row(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError:
        row = None
    if not isinstance(row, dict):
        raise BundleError(
            f"{path}: line {number} is not a JSON object; restore the file, or delete that line."
        )
    return row


def _finite(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _require_columns(where: str, found: Sequence[str], columns: Mapping[str, str]) -> None:
    missing = [name for name in columns if name not in found]
    unknown = [name for name in found if name not in columns]
    if missing or unknown:
        parts = [f"{', '.join(missing)} missing"] if missing else []
        parts += [f"{', '.join(unknown)} unknown"] if unknown else []
        raise BundleError(
            f"{where}: wrong columns ({'; '.join(parts)}); config.json's data section asks for "
            f"{', '.join(columns)}."
        )


def _column(values: pd.Series[Any], name: str, data: DataSection) -> pa.Array:
    import pyarrow as pa

    missing = values.isna().to_numpy()
    if name in data.attribute_names:
        return _attribute(values, missing, name)
    if name == "label":
        known = set(data.label_names)
        _require(name, values[~missing], lambda value: value in known, "one of data.label_names")
    elif missing.any():
        raise BundleError(
            f"items: column {name!r} is missing in {int(missing.sum())} rows; fill it in."
        )
    if name == "id":
        _require_unique(values)
    if name == "split":
        _require(name, values, lambda value: value in SPLIT_NAMES, "train, valid or test")
    if name in ("id", "split", "label"):
        texts = [None if gone else str(value) for value, gone in zip(values, missing, strict=True)]
        return pa.array(texts, pa.string())
    return pa.array(values.to_numpy(dtype=np.float32), pa.float32())


def _attribute(values: pd.Series[Any], missing: np.ndarray, name: str) -> pa.Array:
    import pyarrow as pa

    numbers = values.astype("float64").fillna(-1).to_numpy()
    if not np.isin(numbers, (-1, 0, 1)).all():
        wrong = numbers[~np.isin(numbers, (-1, 0, 1))][0]
        raise BundleError(
            f"items: column {name!r} holds {wrong}; an attribute is 1, 0 or missing."
        )
    return pa.array(numbers.astype(np.int8), pa.int8(), mask=missing | (numbers == -1))


def _require(name: str, values: pd.Series[Any], allowed: Any, needed: str) -> None:
    for value in values.unique():
        if not allowed(value):
            raise BundleError(f"items: column {name!r} holds {value!r}; {needed} is needed.")


def _require_unique(values: pd.Series[Any]) -> None:
    if values.duplicated().any():
        raise BundleError(
            f"items: id {values[values.duplicated()].iloc[0]!r} stands in more than one row; ids "
            "must be unique."
        )


def _damaged(path: Path, error: Exception) -> BundleError:
    return BundleError(
        f"{path}: truncated or damaged ({error}); restore the file from where the "
        "bundle came from."
    )
