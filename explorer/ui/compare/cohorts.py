"""Which of some models know the same pictures, and what of them can be compared at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from explorer.latent.codes import Indices
from explorer.ui.rows import HELD_OUT, typical_row
from explorer.ui.words import plain

if TYPE_CHECKING:
    from explorer.bundle import Bundle
    from explorer.bundle.sections import Config

DRAWN_ANEW = ("toy-faces",)  # another seed of the data is other pictures under the same ids


@dataclass(frozen=True, eq=False)
class Cohort:
    """Models that learnt from the same pictures.

    A picture is known by its place among the common ones, the same in all members.

    Attributes:
        members: Numbers of the models.
        ids: (P,) of the pictures that all of them hold, in the first one's order.
        rows: For each member, (P,) the rows of those pictures in its tables.
        unseen: (P,) bool: none of the members was trained on it.
    """

    members: tuple[int, ...]
    ids: np.ndarray
    rows: tuple[Indices, ...]
    unseen: np.ndarray

    def place(self, picture: str) -> int | None:
        """Where a picture is among the common ones; None if it is not."""
        found = np.flatnonzero(self.ids == picture)
        return int(found[0]) if len(found) else None

    def rows_of(self, member: int) -> Indices:
        """The rows of the common pictures in the tables of a model."""
        return self.rows[self.members.index(member)]


def make_cohorts(bundles: Mapping[int, Bundle]) -> tuple[Cohort, ...]:
    """Models by the pictures they share, those of the first one first.

    Args:
        bundles: By their numbers.
    """
    groups: dict[object, list[int]] = {}
    for number, bundle in bundles.items():
        groups.setdefault(_same_data(bundle.config), []).append(number)
    found: list[Cohort] = []
    for members in groups.values():
        whole = _cohort(members, bundles)
        # Equal names, but no picture in common: parts of one data set.
        apart = [_cohort([member], bundles) for member in members]
        found += [whole] if len(whole.ids) else apart
    return tuple(found)


def shown_pictures(cohort: Cohort, bundle: Bundle, *, seed: int, count: int) -> Indices:
    """Places of different pictures, (count,), that no member was trained on, if there are any.

    Args:
        cohort: Of the models.
        bundle: Its first member, which draws them better than most.
        seed: Of the choice.
        count: How many, at most.
    """
    errors = bundle.items["error"].to_numpy()[cohort.rows[0]]
    good = cohort.unseen & (errors <= np.median(errors))
    places = np.flatnonzero(good)
    if len(places) < count:
        places = np.arange(len(cohort.ids))
    return np.asarray(np.random.default_rng(seed).permutation(places)[:count])


def first_picture(cohort: Cohort, bundle: Bundle, *, without: Sequence[str]) -> int:
    """The place of a plain picture without some attributes, so that adding them is seen."""
    row = typical_row(bundle, without=without)
    places = np.flatnonzero(cohort.rows[0] == row)
    return int(places[0]) if len(places) else 0


def scale_of(config: Config) -> tuple[object, ...]:
    """What must agree for the nats of two models to be on one scale."""
    data = config.data
    return (
        _same_data(config),
        data.image_size,
        data.channels,
        data.crop,
        config.objective.likelihood,
    )


def what_differs(names: Sequence[str], configs: Sequence[Config]) -> str:
    """What keeps models from being compared in full, and what is left; empty if nothing does."""
    data = _grouped(names, (_same_data(config) for config in configs))
    if len(data) > 1:
        titles = {name: config.data.title for name, config in zip(names, configs, strict=True)}
        groups = "; ".join(f"{_listed(group)} from {plain(titles[group[0]])}" for group in data)
        return (
            f"They learnt from different pictures: {groups}. So each shows pictures of its own. "
            "Samples, traversals, maps, active units, parameters and speed can still be compared; "
            "errors and nats cannot."
        )
    return " ".join(
        part for part in (_sizes(names, configs), _likelihoods(names, configs)) if part
    )


def _sizes(names: Sequence[str], configs: Sequence[Config]) -> str:
    groups = _grouped(names, (_size(config) for config in configs))
    if len(groups) < 2:
        return ""
    sizes = dict(zip(names, map(_size, configs), strict=True))
    said = "; ".join(f"{sizes[group[0]]} ({_listed(group)})" for group in groups)
    return (
        f"They draw the same pictures in different sizes: {said}. Nats are sums over pixels, so "
        "rate and distortion are drawn for one size only."
    )


def _likelihoods(names: Sequence[str], configs: Sequence[Config]) -> str:
    groups = _grouped(names, (config.objective.likelihood for config in configs))
    if len(groups) < 2:
        return ""
    kinds = {name: c.objective.likelihood for name, c in zip(names, configs, strict=True)}
    said = "; ".join(f"{kinds[group[0]]} ({_listed(group)})" for group in groups)
    return (
        f"Their distortions are of different likelihoods: {said}. They have no common scale, nor "
        "does β mean the same."
    )


def _size(config: Config) -> str:
    colour = "grey" if config.data.channels == 1 else "colour"
    return f"{config.data.image_size} × {config.data.image_size} {colour}"


def _same_data(config: Config) -> tuple[object, ...]:
    data = config.data
    return data.source, data.title, data.seed if data.source in DRAWN_ANEW else None


def _cohort(members: Sequence[int], bundles: Mapping[int, Bundle]) -> Cohort:
    tables = [pd.Index(bundles[member].items["id"]) for member in members]
    common = tables[0]
    for table in tables[1:]:
        common = common[common.isin(table)]
    rows = tuple(np.asarray(table.get_indexer(common), np.int64) for table in tables)
    unseen = np.ones(len(common), bool)
    for member, mine in zip(members, rows, strict=True):
        unseen &= bundles[member].items["split"].isin(HELD_OUT).to_numpy()[mine]
    return Cohort(tuple(members), common.to_numpy(object), rows, unseen)


def _grouped(names: Sequence[str], keys: Iterable[object]) -> list[list[str]]:
    groups: dict[object, list[str]] = {}
    for name, key in zip(names, keys, strict=True):
        groups.setdefault(key, []).append(name)
    return list(groups.values())


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"**{plain(name)}**" for name in names)
