"""Rows of pictures, one for each model: what is decoded in each, as codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from explorer.latent.codes import Floats
from explorer.latent.paths import lerp
from explorer.latent.traversal import Scale, traverse
from explorer.ui.traverse_page import rows_of
from explorer.ui.traverse_rows import DIMENSIONS

if TYPE_CHECKING:
    from explorer.ui.compare.cohorts import Cohort
    from explorer.ui.resources import Opened

COLUMNS = 9  # pictures in a row; an odd number has one half-way
REACH = 3.0  # standard deviations of a traversal


@dataclass(frozen=True, eq=False)
class Row:
    """The pictures of one model.

    Attributes:
        member: The model's number.
        codes: (COLUMNS, D); None when there is nothing to draw.
        note: What to know about it, or why there is nothing.
    """

    member: int
    codes: Floats | None
    note: str = ""


@dataclass(frozen=True)
class Spots:
    """Places of pictures among those that a cohort shares.

    Attributes:
        picture: The one that is edited and walked from.
        end: The one walked to.
        shown: COLUMNS others.
    """

    picture: int
    end: int
    shown: tuple[int, ...]


def codes_at(cohort: Cohort, member: int, opened: Opened, places: Sequence[int]) -> Floats:
    """A model's own codes (P, D) of some of the common pictures."""
    rows = cohort.rows_of(member)[np.asarray(places, np.int64)]
    return np.asarray(opened.bundle.latents.mu[rows], np.float32)


def same_pictures(models: Mapping[int, Opened], cohort: Cohort, spots: Spots) -> list[Row]:
    """The same pictures as each model draws them from its own codes."""
    return [
        Row(member, codes_at(cohort, member, models[member], spots.shown))
        for member in cohort.members
    ]


def walks(models: Mapping[int, Opened], cohort: Cohort, spots: Spots) -> list[Row]:
    """From the same picture to the same other one, straight through each model's codes."""
    shares = np.linspace(0, 1, COLUMNS)
    rows = []
    for member in cohort.members:
        ends = codes_at(cohort, member, models[member], (spots.picture, spots.end))
        rows.append(Row(member, lerp(ends[0], ends[1], shares)))
    return rows


def samples(models: Mapping[int, Opened], *, sampler: str, seed: int) -> list[Row]:
    """New pictures of each model; models of equal latent_dim get the same noise."""
    rows = []
    for member, opened in models.items():
        codes = opened.bundle.sample(COLUMNS, sampler=sampler, seed=seed)
        lacks = sampler == "prior" and not opened.bundle.config.model.variational
        note = "has no prior; this is what N(0, I) gives" if lacks else ""
        rows.append(Row(member, np.asarray(codes, np.float32), note))
    return rows


def traversals(
    models: Mapping[int, Opened], cohort: Cohort, spots: Spots, *, rank: int
) -> list[Row]:
    """The picture with one number of its code changed: the ``rank``-th most used, from 1."""
    rows = []
    for member in cohort.members:
        opened = models[member]
        units = rows_of(opened, DIMENSIONS)
        if rank > len(units.numbers):
            sentence = f"has {len(units.numbers)} dimensions, so none of rank {rank}"
            rows.append(Row(member, None, sentence))
            continue
        variational = opened.bundle.config.model.variational
        scale: Scale = "prior" if variational else "aggregate"
        place = rank - 1
        values = units.axes.values(steps=COLUMNS, reach=REACH, scale=scale)[place]
        code = codes_at(cohort, member, opened, (spots.picture,))[0]
        dead = "" if rank <= units.num_living else ", dead"
        note = f"{units.names[place].lower()}, {units.figures[place]}{dead}"
        rows.append(Row(member, traverse(code, units.axes.vectors[place], values), note))
    return rows
