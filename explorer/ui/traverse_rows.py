"""The rows of the traverse page: which axes, in which order, how much each holds, what follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from explorer.latent.codes import Doubles, Indices
from explorer.latent.groups import label_columns
from explorer.latent.measures import ACTIVE_VARIANCE, unit_variances
from explorer.latent.traversal import (
    Axes,
    correlations,
    explained,
    latent_axes,
    principal_axes,
    rank_units,
)
from explorer.ui import words
from explorer.ui.colours import FACTOR_PREFIX

if TYPE_CHECKING:
    from explorer.bundle import Bundle

DIMENSIONS, COMPONENTS = "Dimensions", "Principal components"
KINDS = (DIMENSIONS, COMPONENTS)
NOTES = 3  # a row
WEAKEST = 0.1  # correlation; below, an axis says next to nothing about an attribute
FOLLOWS = 0.1  # share of an axis's variance


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a page, the most used axis first, the dead ones last.

    Attributes:
        axes: A axes in this order.
        numbers: (A,) which dimension (from 0, as in an array) or component (from 1) each is.
        names: A.
        figures: How much of the codes each holds, in words.
        shares: (A,) the same, over that of the first row.
        num_living: How many are not dead.
    """

    axes: Axes
    numbers: tuple[int, ...]
    names: tuple[str, ...]
    figures: tuple[str, ...]
    shares: Doubles
    num_living: int

    def place_of(self, number: int) -> int | None:
        """The row of a dimension or component; None when there is none."""
        return self.numbers.index(number) if number in self.numbers else None


@dataclass(frozen=True)
class Note:
    """What an axis has to do with an attribute, a class or a factor.

    ``kind`` is ``with`` or ``against`` for a correlation by its sign, ``factor`` for a share of
    the axis's variance that a factor explains.
    """

    text: str
    kind: str


def make_rows(bundle: Bundle, kind: str) -> Rows:
    """The rows of one of :data:`KINDS`."""
    return dimension_rows(bundle) if kind == DIMENSIONS else component_rows(bundle)


def dimension_rows(bundle: Bundle) -> Rows:
    """A row per number of the code, sorted by KL (by variance where there is no posterior)."""
    mu, logvar = bundle.latents.mu, bundle.latents.logvar
    is_variational = bundle.config.model.variational
    units = rank_units(mu, logvar, variational=is_variational)
    order = np.concatenate([units.living, units.order[units.dead[units.order]]])
    held = units.kl if is_variational else unit_variances(mu)
    unit = "nats" if is_variational else "variance"
    return Rows(
        axes=_taken(latent_axes(mu, logvar), order),
        numbers=tuple(order.tolist()),
        names=tuple(f"Dimension {number}" for number in order),
        figures=tuple(f"{held[number]:.2f} {unit}" for number in order),
        shares=_shares(held[order]),
        num_living=len(units.living),
    )


def component_rows(bundle: Bundle) -> Rows:
    """A row per principal component of the codes, sorted by variance."""
    mu, logvar = bundle.latents.mu, bundle.latents.logvar
    axes = principal_axes(mu, logvar)
    variances = unit_variances(axes.coordinates(mu))
    numbers = range(1, len(axes) + 1)
    total = max(float(variances.sum()), float(np.finfo(np.float64).tiny))
    return Rows(
        axes=axes,
        numbers=tuple(numbers),
        names=tuple(f"PC {number}" for number in numbers),
        figures=tuple(f"{100 * part / total:.1f} % of variance" for part in variances),
        shares=_shares(variances),
        num_living=int((variances > ACTIVE_VARIANCE).sum()),
    )


def make_notes(bundle: Bundle, axes: Axes) -> tuple[tuple[Note, ...], ...]:
    """What each axis follows: the true factor first, where the data are procedural."""
    coordinates = axes.coordinates(bundle.latents.mu)
    factors = _factor_notes(bundle, coordinates)
    others = _correlation_notes(bundle, coordinates)
    return tuple((*one, *other) for one, other in zip(factors, others, strict=True))


def _factor_notes(bundle: Bundle, coordinates: Doubles) -> list[tuple[Note, ...]]:
    """The factor that explains most of each axis, if it explains a tenth."""
    columns = [name for name in bundle.items.columns if name.startswith(FACTOR_PREFIX)]
    if not columns:
        return [()] * coordinates.shape[1]
    shares = np.nan_to_num(explained(coordinates, bundle.items[columns].to_numpy(np.float64)))
    notes: list[tuple[Note, ...]] = []
    for row in shares:
        name = words.readable(columns[int(row.argmax())].removeprefix(FACTOR_PREFIX))
        note = Note(f"follows {name} · {100 * row.max():.0f} %", "factor")
        notes.append((note,) if row.max() >= FOLLOWS else ())
    return notes


def _correlation_notes(bundle: Bundle, coordinates: Doubles) -> list[tuple[Note, ...]]:
    """The attributes and classes each axis goes with or against most."""
    known = bundle.known
    classes = [values for _, values in label_columns(known.labels, known.label_names)]
    names = [*known.attribute_names, *known.label_names]
    if not names:
        return [()] * coordinates.shape[1]
    table = np.column_stack([known.attributes, *classes]).astype(np.int16)
    found = np.nan_to_num(correlations(coordinates, table))
    return [_strongest(row, names) for row in found]


def _strongest(row: Doubles, names: list[str]) -> tuple[Note, ...]:
    order = np.argsort(-np.abs(row), kind="stable")[:NOTES]
    return tuple(
        Note(f"{words.readable(names[i])} {_signed(row[i])}", "with" if row[i] > 0 else "against")
        for i in order
        if abs(row[i]) >= WEAKEST
    )


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def _taken(axes: Axes, order: Indices) -> Axes:
    return Axes(axes.vectors[order], axes.mean[order], axes.std[order])


def _shares(held: Doubles) -> Doubles:
    return np.asarray(held / max(float(held.max(initial=0.0)), float(np.finfo(np.float64).tiny)))
