"""CelebA in any of its usual layouts: official or Kaggle's, zip or folder, full or half size.

Liu, Luo, Wang, Tang, "Deep Learning Face Attributes in the Wild", ICCV 2015.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from explorer.data.dataset import TEST, UNKNOWN_SPLIT, DataError, DataSpec, Pixels, known
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
        attributes = _binary(table)
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
    store = find_layout(known(spec.root)).store
    for folder in (PICTURES, f"{PICTURES}/{PICTURES}", "", f"celeba/{PICTURES}"):
        name = f"{folder}/{item_id}".lstrip("/")
        if store.has(name):
            return decode_one(store.read(name), frame(spec))
    return None


def frame(spec: DataSpec) -> Frame:
    """The crop is given at CelebA's full width and shrinks with the pictures."""
    return Frame(known(spec.image_size), known(spec.channels), spec.crop, CELEBA_WIDTH)


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
        for archive in (folder / f"{PICTURES}.zip", *sorted(folder.glob("*.zip"))):
            if archive.is_file():
                return open_store(archive)
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
            return pd.read_csv(BytesIO(blob), index_col=0)
        lines = blob.decode().split("\n", 2)
        if lines[0].strip().isdigit():  # a count, then the names of the columns
            columns = ["image_id", *lines[1].split()]
            body = lines[2]
        else:
            columns, body = ["image_id", "partition"], blob.decode()
        text = BytesIO(body.encode())
        return pd.read_csv(text, sep=r"\s+", names=columns, header=None, index_col="image_id")
    except (ValueError, IndexError) as error:
        raise DataError(f"{where} is not a table of CelebA: {error}.") from error


def _binary(table: pd.DataFrame) -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
    """1 where the table says 1, 0 where it says -1 or 0, -1 where the picture has no row."""
    values = table.to_numpy(np.float64)
    return np.where(np.isnan(values), -1, values > 0).astype(np.int8)


def _splits(table: pd.DataFrame, where: Path | str) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    values = table.iloc[:, 0].to_numpy(np.float64)
    wrong = ~np.isnan(values) & ~np.isin(values, range(TEST + 1))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise DataError(
            f"{where} gives {table.index[row]} the part {values[row]:g}; it must be 0, 1 or 2."
        )
    return np.where(np.isnan(values), UNKNOWN_SPLIT, values).astype(np.uint8)


def _check_unique(ids: list[str], root: Path) -> None:
    if len(set(ids)) < len(ids):
        raise DataError(f"{root} holds the same CelebA picture twice; remove one of the copies.")
