"""Where the pictures of one kind lie: the centre of their codes and how far they spread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.latent.codes import Floats, LatentError, as_codes
from explorer.latent.groups import (
    TRAIN,
    Kind,
    Known,
    attribute_columns,
    column,
    label_columns,
    require_examples,
)
from explorer.latent.sampling import standard_noise


@dataclass(frozen=True, eq=False)
class Cloud:
    """The codes of the training pictures with an attribute, or of a class.

    Attributes:
        name: Of the attribute or class.
        kind: ``attribute`` or ``label``.
        mean: (D,) the centre.
        std: (D,) standard deviation of each dimension.
        count: How many pictures it was computed from.
    """

    name: str
    kind: Kind
    mean: Floats
    std: Floats
    count: int

    def sample(
        self,
        n: int,
        *,
        temperature: float = 1.0,
        truncation: float = np.inf,
        rng: np.random.Generator,
    ) -> Floats:
        """Draw codes (n, D) from N(mean, (temperature · std)²), each dimension on its own.

        ``truncation`` bounds the noise before it is scaled, see
        :func:`~explorer.latent.sampling.standard_noise`.

        Raises:
            LatentError: A negative number of codes or temperature, or a truncation of 0 or less.
        """
        if n < 0:
            raise LatentError(f"n is {n}; ask for 0 codes or more.")
        if not 0 <= temperature < np.inf:
            raise LatentError(f"temperature is {temperature}; choose 0 (the centre) or more.")
        noise = standard_noise(n, dim=len(self.mean), truncation=truncation, rng=rng)
        return self.mean + np.float32(temperature) * self.std * noise


@dataclass(frozen=True)
class Clouds:
    """All clouds that could be computed, and a sentence for each that could not."""

    found: tuple[Cloud, ...]
    skipped: tuple[str, ...]


def cloud(
    mu: ArrayLike,
    has: ArrayLike,
    *,
    split: ArrayLike,
    logvar: ArrayLike | None = None,
    name: str = "attribute",
    kind: Kind = "attribute",
) -> Cloud:
    """The cloud of the training pictures with an attribute.

    With ``logvar`` the spread is that of the aggregate posterior of these pictures, by the law of
    total variance: ``Var[z] = Var[mu] + E[exp(logvar)]``; without it, that of the means alone.

    Args:
        mu: Means of the posteriors (N, D).
        has: (N,) 1 with, 0 without, -1 not known.
        split: (N,) 0 training, anything else held out.
        logvar: Log-variances of the posteriors (N, D).
        name: Of the attribute or class, for the messages too.
        kind: Whether it is an attribute or a class of a label.

    Raises:
        LatentError: Fewer than 20 training pictures with it, or bad arrays.
    """
    codes = as_codes(mu, name="mu")
    train = column(split, len(codes), name="split") == TRAIN
    chosen = train & (column(has, len(codes), name="has") == 1)
    require_examples(name, chosen, side="with", purpose="centre and a spread")
    variance = codes[chosen].var(axis=0, dtype=np.float64)
    if logvar is not None:
        spread = _like(logvar, codes)[chosen].astype(np.float64)
        variance = variance + np.exp(spread).mean(axis=0)
    return Cloud(
        name=name,
        kind=kind,
        mean=codes[chosen].mean(axis=0, dtype=np.float64).astype(np.float32),
        std=np.sqrt(variance).astype(np.float32),
        count=int(chosen.sum()),
    )


def attribute_clouds(
    mu: ArrayLike,
    attributes: ArrayLike,
    *,
    names: Sequence[str],
    split: ArrayLike,
    logvar: ArrayLike | None = None,
) -> Clouds:
    """The cloud of those with it for each column of ``attributes`` (N, A): 1, 0, -1 not known.

    Raises:
        LatentError: The arrays do not fit together; a single attribute that cannot be done is
            only skipped, with a sentence.
    """
    columns = attribute_columns(attributes, names)
    return _collect(mu, columns, split=split, logvar=logvar, kind="attribute")


def label_clouds(
    mu: ArrayLike,
    labels: ArrayLike,
    *,
    names: Sequence[str],
    split: ArrayLike,
    logvar: ArrayLike | None = None,
) -> Clouds:
    """The cloud of each class of ``labels`` (N,), indices into ``names`` or -1 for not known.

    Raises:
        LatentError: The arrays do not fit together, or a label has no name; a single class that
            cannot be done is only skipped, with a sentence.
    """
    columns = label_columns(labels, names)
    return _collect(mu, columns, split=split, logvar=logvar, kind="label")


def all_clouds(mu: ArrayLike, known: Known, *, logvar: ArrayLike | None = None) -> Clouds:
    """The clouds of all attributes, then of all classes.

    Raises:
        LatentError: The arrays do not fit together.
    """
    split = known.split
    attributes = attribute_clouds(
        mu, known.attributes, names=known.attribute_names, split=split, logvar=logvar
    )
    labels = label_clouds(mu, known.labels, names=known.label_names, split=split, logvar=logvar)
    return Clouds(attributes.found + labels.found, attributes.skipped + labels.skipped)


def _collect(
    mu: ArrayLike,
    columns: Iterable[tuple[str, NDArray[np.generic]]],
    *,
    split: ArrayLike,
    logvar: ArrayLike | None,
    kind: Kind,
) -> Clouds:
    codes = as_codes(mu, name="mu")
    column(split, len(codes), name="split")
    logvar = None if logvar is None else _like(logvar, codes)
    found: list[Cloud] = []
    skipped: list[str] = []
    for name, values in columns:
        has = column(values, len(codes), name=f"{kind} {name}")
        try:
            found.append(cloud(codes, has, split=split, logvar=logvar, name=name, kind=kind))
        except LatentError as error:
            skipped.append(str(error))
    return Clouds(tuple(found), tuple(skipped))


def _like(logvar: ArrayLike, codes: Floats) -> Floats:
    spread = as_codes(logvar, name="logvar", dim=codes.shape[1])
    if len(spread) != len(codes):
        raise LatentError(f"logvar has {len(spread)} rows; {len(codes)} are needed, as in mu.")
    return spread
