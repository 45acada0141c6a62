"""Loading: from a specification to a data set, through the cache."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np

from explorer.data import cache, splits
from explorer.data.dataset import MIN_PICTURES, DataError, Dataset, DataSpec, Pixels, known
from explorer.data.decode import fill
from explorer.data.listing import Failure, Listing, no_attributes
from explorer.data.sources import SOURCES, resolve

CACHE_VERSION = 1
MODULES = {
    "toy-faces": "toy_faces",
    "digits": "digits",
    "mnist": "mnist",
    "fashion-mnist": "mnist",
    "cifar10": "cifar10",
    "celeba": "celeba",
    "folder": "folder",
}


class Source(Protocol):
    """What each source's module offers; `spec` has its defaults filled in."""

    def fingerprint(self, spec: DataSpec) -> str:
        """Changes when the pictures change; quick, as it runs before the cache is asked."""

    def listing(self, spec: DataSpec, *, progress: bool) -> Listing:
        """The pictures, in order, at most `spec.limit`."""

    def original(self, spec: DataSpec, item_id: str) -> Pixels | None:
        """One picture by its id, or None when there is none."""


def source_module(source: str) -> Source:
    """The module of a source, imported only when used."""
    return cast(Source, import_module(f"explorer.data.{MODULES[source]}"))


def load(spec: DataSpec, *, cache_dir: Path | None = None, progress: bool = True) -> Dataset:
    """The data set a specification describes, decoded once and then read from the cache.

    Args:
        spec: what to load; fields left None take the source's defaults.
        cache_dir: default `LATENT_EXPLORER_CACHE` or `~/.cache/latent-explorer`.
        progress: show a progress bar and what was skipped on stderr.

    Raises:
        DataError: a sentence about what is wrong with the specification or the pictures.
    """
    spec = resolve(spec)
    source = source_module(spec.source)
    folder = (cache_dir or cache.default_cache()) / f"{spec.source}-{_key(spec, source)}"
    entry = cache.read_entry(folder)
    if entry is None:
        _build(spec, source, folder, progress=progress)
        entry = cache.read_entry(folder)
    if entry is None:
        raise DataError(f"The picture cache at {folder} cannot be read back; remove that folder.")
    dataset = _dataset(entry, spec)
    if progress:
        _report(dataset)
    return dataset


def _key(spec: DataSpec, source: Source) -> str:
    settings = {
        name: value
        for name, value in asdict(spec).items()
        if name not in ("root", "attributes", "factors")  # their content is in the fingerprint
        and (name, value) != ("shift", 0)  # older caches hold just those pictures
    }
    text = json.dumps([CACHE_VERSION, settings, source.fingerprint(spec)], sort_keys=True)
    return sha256(text.encode()).hexdigest()[:16]


def _build(spec: DataSpec, source: Source, folder: Path, *, progress: bool) -> None:
    listing = source.listing(spec, progress=progress)
    _check_count(len(listing), listing.skipped, spec)
    side, channels = known(spec.image_size), known(spec.channels)
    with cache.Building(folder) as building:
        images = building.allocate((len(listing), side, side, channels))
        failures = fill(images, listing.draw, label=SOURCES[spec.source].title, progress=progress)
        kept = np.setdiff1d(np.arange(len(listing)), [failure.index for failure in failures])
        skipped = _sentences(listing, failures)
        _check_count(len(kept), skipped, spec)
        if failures:
            building.keep(images, kept)
        del images
        facts = {
            "attribute_names": listing.attribute_names,
            "label_names": listing.label_names,
            "factor_names": listing.factor_names,
            "skipped": skipped,
            "notes": listing.notes,
        }
        building.finish(_tables(listing, kept, spec.seed), facts)


def _tables(
    listing: Listing, kept: np.ndarray[Any, np.dtype[np.int64]], seed: int
) -> dict[str, np.ndarray[Any, Any]]:
    count = len(listing)
    ids = [listing.ids[index] for index in kept]
    attributes = no_attributes(count) if listing.attributes is None else listing.attributes
    labels = np.full(count, -1, np.int16) if listing.labels is None else listing.labels
    no_factors = np.zeros((count, 0), np.float32)
    factors = no_factors if listing.factors is None else listing.factors
    return {
        "ids": np.array(ids, dtype=np.str_),
        "split": splits.complete(listing.split[kept], ids=ids, seed=seed),
        "attributes": attributes[kept],
        "labels": labels[kept],
        "factors": factors[kept],
    }


def _sentences(listing: Listing, failures: Sequence[Failure]) -> tuple[str, ...]:
    return listing.skipped + tuple(f"{failure.reason}." for failure in failures)


def _check_count(count: int, skipped: Sequence[str], spec: DataSpec) -> None:
    if count >= MIN_PICTURES or (spec.limit is not None and count >= spec.limit):
        return
    place = f"in {spec.root} " if spec.root else ""
    why = f" {len(skipped)} files were skipped, the first: {skipped[0]}" if skipped else ""
    raise DataError(
        f"Only {count} usable pictures {place}({spec.source}); at least {MIN_PICTURES} are needed."
        f"{why}"
    )


def _dataset(entry: cache.Entry, spec: DataSpec) -> Dataset:
    tables, facts = entry.tables, entry.facts
    return Dataset(
        images=entry.images,
        ids=tables["ids"],
        split=tables["split"],
        attribute_names=tuple(facts["attribute_names"]),
        attributes=tables["attributes"],
        label_names=tuple(facts["label_names"]),
        labels=tables["labels"],
        factor_names=tuple(facts["factor_names"]),
        factors=tables["factors"],
        spec=spec,
        skipped=tuple(facts["skipped"]),
        license=SOURCES[spec.source].license,
        notes=tuple(facts["notes"]),
    )


def _report(dataset: Dataset) -> None:
    lines = list(dataset.notes)
    if dataset.skipped:
        lines.append(f"{len(dataset.skipped)} files were skipped:")
        lines += [f"  {sentence}" for sentence in dataset.skipped[:5]]
        if len(dataset.skipped) > 5:
            lines.append(f"  and {len(dataset.skipped) - 5} more.")
    for line in lines:
        print(line, file=sys.stderr)
