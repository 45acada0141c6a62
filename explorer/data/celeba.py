"""CelebA in any of its usual layouts: official or Kaggle's, zip or folder, full or half size.

Liu, Luo, Wang, Tang, "Deep Learning Face Attributes in the Wild", ICCV 2015.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from explorer.data.dataset import (
    TEST,
    TRAIN,
    UNKNOWN_SPLIT,
    VALID,
    DataError,
    DataSpec,
    Pixels,
    known,
)
from explorer.data.decode import FileDraw
from explorer.data.listing import Listing
from explorer.data.pictures import Frame, decode_one
from explorer.data.sources import CELEBA_WIDTH
from explorer.data.store import (
    FolderStore,
    Store,
    ZipStore,
    file_fingerprint,
    is_picture,
    open_store,
)

if TYPE_CHECKING:
    import pandas as pd

PICTURES = "img_align_celeba"
TABLES = {"attributes": "list_attr_celeba", "partition": "list_eval_partition"}
# Where the official download keeps its parts, and torchvision's own sub-folder.
PLACES = ("", "celeba", "CelebA", "Img", "Anno", "Eval", "..", "../Anno", "../Eval")


@dataclass(frozen=True)
class Layout:
    """Where the parts of one copy of CelebA are."""

    store: Store
    attributes: Path | str | None  # a file, or a name inside the store
    partition: Path | str | None


def fingerprint(spec: DataSpec) -> str:
    """Changes with the pictures or either table."""
    layout = find_layout(known(spec.root))
    digest = sha256(layout.store.fingerprint().encode())
    for table in (layout.attributes, layout.partition):
        digest.update(file_fingerprint(table).encode() if isinstance(table, Path) else b"-")
    return digest.hexdigest()


def listing(spec: DataSpec, *, progress: bool) -> Listing:
    """CelebA's pictures with its 40 attributes and its partition."""
    layout = find_layout(known(spec.root))
    names = [name for name in layout.store.names() if is_picture(name)][: spec.limit]
    ids = [name.rsplit("/", 1)[-1] for name in names]
    _check_unique(ids, known(spec.root))
    notes = []
    attribute_names: tuple[str, ...] = ()
    attributes = np.zeros((len(ids), 0), np.int8)
    if layout.attributes is None:
        notes.append(f"No {TABLES['attributes']}.txt or .csv beside the pictures: no attributes.")
    else:
        table = _table(layout, layout.attributes).reindex(ids)
        attribute_names = tuple(map(str, table.columns))
        attributes = _binary(table, layout.attributes)
    split = np.full(len(ids), UNKNOWN_SPLIT, np.uint8)
    if layout.partition is None:
        notes.append(f"No {TABLES['partition']}.txt or .csv beside the pictures: random splits.")
    else:
        split = _splits(_table(layout, layout.partition).reindex(ids), layout.partition)
    return Listing(
        ids=ids,
        draw=FileDraw(layout.store, names, frame(spec)),
        split=split,
        attribute_names=attribute_names,
        attributes=attributes,
        notes=tuple(notes),
    )


def original(spec: DataSpec, item_id: str) -> Pixels | None:
    """One picture by its file name."""
    store = _pictures(known(spec.root))
    for folder in (PICTURES, f"{PICTURES}/{PICTURES}", "", f"celeba/{PICTURES}"):
        name = f"{folder}/{item_id}".lstrip("/")
        if store.has(name):
            return decode_one(store.read(name), frame(spec).moved(item_id))
    return None


def frame(spec: DataSpec) -> Frame:
    """The crop is given at CelebA's full width and shrinks with the pictures."""
    size, channels = known(spec.image_size), known(spec.channels)
    return Frame(size, channels, spec.crop, CELEBA_WIDTH, spec.shift)


def find_layout(root: Path) -> Layout:
    """Find the pictures and both tables from a folder or a zip.

    Raises:
        DataError: when there are no pictures.
    """
    store = _pictures(root)
    inside = {name.rsplit("/", 1)[-1]: name for name in store.top_files()}
    beside = store.path.parent if isinstance(store, ZipStore) else store.path
    return Layout(
        store,
        attributes=_find_table("attributes", root, beside, inside),
        partition=_find_table("partition", root, beside, inside),
    )


def _pictures(root: Path) -> Store:
    if not root.exists():
        raise DataError(f"There is no CelebA at {root}; check --root.")
    if root.is_file():
        return open_store(root)
    for place in PLACES[:4]:
        folder = root / place
        for name in (f"{PICTURES}/{PICTURES}", PICTURES):
            if (folder / name).is_dir():
                return FolderStore(folder / name)
        if (folder / f"{PICTURES}.zip").is_file():
            return open_store(folder / f"{PICTURES}.zip")
        for archive in sorted(folder.glob("*.zip")):  # Kaggle's has a name of its own
            store = open_store(archive)
            if store.has_folder(PICTURES):
                return store
    if any(is_picture(path.name) for path in root.iterdir()):
        return FolderStore(root)
    raise DataError(
        f"{root} holds neither a folder {PICTURES} nor {PICTURES}.zip; "
        "give --root the folder that contains it."
    )


def _find_table(kind: str, root: Path, beside: Path, inside: dict[str, str]) -> Path | str | None:
    for suffix in (".txt", ".csv"):
        name = TABLES[kind] + suffix
        for base in dict.fromkeys((root if root.is_dir() else root.parent, beside, beside.parent)):
            for place in PLACES:
                if (base / place / name).is_file():
                    return base / place / name
        if name in inside:
            return inside[name]
    return None


def _table(layout: Layout, where: Path | str) -> pd.DataFrame:
    """A table indexed by file name, from the official text or Kaggle's CSV."""
    import pandas as pd

    blob = where.read_bytes() if isinstance(where, Path) else layout.store.read(where)
    try:
        if str(where).endswith(".csv"):
            table = pd.read_csv(BytesIO(blob), index_col=0)
        else:
            columns, body = _columns(blob.decode())
            table = pd.read_csv(StringIO(body), sep=r"\s+", names=columns, index_col=0)
    except (ValueError, IndexError) as error:
        raise DataError(f"{where} is not a table of CelebA: {error}.") from error
    if table.index.has_duplicates:
        name = table.index[table.index.duplicated()][0]
        raise DataError(f"{where} names {name} twice; remove one of the rows.")
    return table


def _columns(text: str) -> tuple[list[str], str]:
    """The names of a text's columns and its rows."""
    first, rest = text.split("\n", 1)
    if first.strip().isdigit():  # a count, then the names of the columns
        names, rows = rest.split("\n", 1)
        return ["image_id", *names.split()], rows
    return ["image_id", "partition"], text


def _binary(table: pd.DataFrame, where: Path | str) -> npt.NDArray[np.int8]:
    """1 where the table says 1, 0 where it says -1 or 0, -1 where the picture has no row."""
    values = _numbers(table, where, allowed=(-1, 0, 1))
    return np.where(np.isnan(values), -1, values > 0).astype(np.int8)


def _splits(table: pd.DataFrame, where: Path | str) -> npt.NDArray[np.uint8]:
    values = _numbers(table.iloc[:, :1], where, allowed=(TRAIN, VALID, TEST))[:, 0]
    return np.where(np.isnan(values), UNKNOWN_SPLIT, values).astype(np.uint8)


def _numbers(
    table: pd.DataFrame, where: Path | str, *, allowed: tuple[int, ...]
) -> npt.NDArray[np.float64]:
    """The cells as numbers, NaN where there is no row."""
    import pandas as pd

    numbers: npt.NDArray[np.float64] = table.apply(pd.to_numeric, errors="coerce").to_numpy(
        np.float64
    )
    wrong = table.notna().to_numpy() & ~np.isin(numbers, allowed)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        choices = ", ".join(map(str, allowed[:-1])) + f" or {allowed[-1]}"
        raise DataError(
            f"{where} gives {table.index[row]} the {table.columns[column]} "
            f"{table.iat[row, column]!s}; it must be {choices}."
        )
    return numbers


def _check_unique(ids: list[str], root: Path) -> None:
    if len(set(ids)) < len(ids):
        raise DataError(f"{root} holds the same CelebA picture twice; remove one of the copies.")
