"""Any folder or zip of pictures; its sub-folders are labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import numpy.typing as npt

from explorer.data.dataset import TEST, TRAIN, UNKNOWN_SPLIT, VALID, DataSpec, Pixels, known
from explorer.data.decode import FileDraw
from explorer.data.factor_table import read_factors
from explorer.data.listing import Listing
from explorer.data.pictures import Frame, decode_one
from explorer.data.store import Store, file_fingerprint, is_picture, open_store
from explorer.data.table import Aligned, align, read_table

SPLIT_FOLDERS = {
    "train": TRAIN,
    "training": TRAIN,
    "val": VALID,
    "valid": VALID,
    "validation": VALID,
    "dev": VALID,
    "test": TEST,
    "testing": TEST,
}
MAX_LABELS = np.iinfo(np.int16).max


@dataclass(frozen=True, eq=False)
class Folders:
    """What the sub-folders say about each picture."""

    split: npt.NDArray[np.uint8]
    label_names: tuple[str, ...]
    labels: npt.NDArray[np.int16]


def fingerprint(spec: DataSpec) -> str:
    """Changes with the pictures or the CSV of attributes or factors."""
    digest = sha256(open_store(known(spec.root)).fingerprint().encode())
    for kind, path in (("", spec.attributes), ("factors", spec.factors)):
        if path is not None:
            digest.update(kind.encode())
            digest.update(file_fingerprint(path).encode() if path.is_file() else b"absent")
    return digest.hexdigest()


def listing(spec: DataSpec, *, progress: bool) -> Listing:
    """All pictures by path; ids are paths inside the folder or zip."""
    store = open_store(known(spec.root))
    refusals = {name: _refusal(name) for name in store.names() if not _is_table(store, name, spec)}
    names = _spread([name for name, why in refusals.items() if not why], spec.limit)
    skipped = tuple(f"{_printable(name)}: {why}." for name, why in refusals.items() if why)
    folders = read_folders(names)
    attribute_names: tuple[str, ...] = ()
    aligned = Aligned(np.zeros((len(names), 0), np.int8), ())
    if spec.attributes is not None:
        table = read_table(spec.attributes)
        if names:
            attribute_names, aligned = table.names, align(table, names)
    has_factors = spec.factors is not None and names
    factor_names, factors = read_factors(known(spec.factors), names) if has_factors else ((), None)
    return Listing(
        ids=names,
        draw=FileDraw(store, names, frame(spec)),
        split=folders.split,
        attribute_names=attribute_names,
        attributes=aligned.values,
        label_names=folders.label_names,
        labels=folders.labels,
        factor_names=factor_names,
        factors=factors,
        skipped=skipped,
        notes=aligned.notes,
    )


def _spread(names: list[str], limit: int | None) -> list[str]:
    """At most ``limit`` of the names, evenly over all of them: the first are one label's."""
    if limit is None or limit >= len(names):
        return names
    return [names[number * len(names) // limit] for number in range(limit)]


def original(spec: DataSpec, item_id: str) -> Pixels | None:
    """One picture by its path inside the folder or zip."""
    store = open_store(known(spec.root))
    return decode_one(store.read(item_id), frame(spec)) if store.has(item_id) else None


def frame(spec: DataSpec) -> Frame:
    """The crop counts each picture's own pixels."""
    return Frame(known(spec.image_size), known(spec.channels), spec.crop)


def read_folders(names: Sequence[str]) -> Folders:
    """Splits and labels from paths such as `set/train/cats/1.jpg`.

    Folders that all pictures share say nothing. If all that remain begin with folders such as
    train, val and test, these are splits. The next folder is the label.
    """
    paths = [name.split("/")[:-1] for name in names]
    while paths and all(path and path[0] == paths[0][0] for path in paths):
        paths = [path[1:] for path in paths]
    split = np.full(len(names), UNKNOWN_SPLIT, np.uint8)
    heads = {path[0].lower() if path else "" for path in paths}
    if heads and heads <= SPLIT_FOLDERS.keys():
        split[:] = [SPLIT_FOLDERS[path[0].lower()] for path in paths]
        paths = [path[1:] for path in paths]
    labels = [path[0] if path else "" for path in paths]
    label_names = tuple(sorted(set(labels) - {""}))
    if not 1 < len(label_names) <= MAX_LABELS:
        label_names = ()
    number = {name: index for index, name in enumerate(label_names)}
    return Folders(split, label_names, np.array([number.get(x, -1) for x in labels], np.int16))


def _is_table(store: Store, name: str, spec: DataSpec) -> bool:
    return (store.path / name) in (spec.attributes, spec.factors)


def _refusal(name: str) -> str:
    """Why a file is left out by its name alone, or nothing."""
    if not is_picture(name) and "." in name.rsplit("/", 1)[-1]:
        return "not a picture"
    return "" if name == _printable(name) else "its name is not valid UTF-8"


def _printable(name: str) -> str:
    return name.encode(errors="backslashreplace").decode()
