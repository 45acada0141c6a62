"""Who has what: columns of 1 (with), 0 (without) and -1 (not known), and checks on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.latent.codes import LatentError

Kind = Literal["attribute", "label", "own"]
Column = NDArray[np.int16]
Mask = NDArray[np.bool]
TRAIN = 0  # the value of `split` whose pictures directions and clouds are computed from
MIN_EXAMPLES = 20


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of N pictures.

    Attributes:
        split: (N,) 0 training, anything else held out.
        attributes: (N, A) 1 with, 0 without, -1 not known.
        attribute_names: A.
        labels: (N,) indices into the names, -1 for not known.
        label_names: Of the classes.
    """

    split: NDArray[np.integer]
    attributes: NDArray[np.integer]
    attribute_names: tuple[str, ...]
    labels: NDArray[np.integer]
    label_names: tuple[str, ...]


def attribute_columns(
    attributes: ArrayLike, names: Sequence[str]
) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """The columns of ``attributes`` (N, A) with their names.

    Raises:
        LatentError: There are more or fewer columns than names.
    """
    table = np.asarray(attributes)
    if table.ndim != 2 or table.shape[1] != len(names):
        raise LatentError(f"attributes has shape {table.shape} for {len(names)} names.")
    return zip(names, table.T, strict=True)


def label_columns(
    labels: ArrayLike, names: Sequence[str]
) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """A column for each class of ``labels`` (N,): the class against the rest.

    ``labels`` are indices into ``names``, -1 for not known.

    Raises:
        LatentError: A class has no name.
    """
    classes = np.asarray(labels)
    if classes.size and classes.max() >= len(names):
        raise LatentError(f"labels has class {classes.max()}, but only {len(names)} have names.")
    return (
        (name, np.where(classes < 0, -1, classes == number)) for number, name in enumerate(names)
    )


def column(values: ArrayLike, length: int, *, name: str) -> Column:
    """One whole number per code, (N,).

    Raises:
        LatentError: Another shape.
    """
    numbers = np.asarray(values).astype(np.int16)
    if numbers.shape != (length,):
        raise LatentError(
            f"{name} has shape {numbers.shape}; one per code, ({length},), is needed."
        )
    return numbers


def require_examples(name: str, mask: Mask, *, side: str, purpose: str) -> None:
    """Refuse fewer than 20 examples: a mean of fewer says more about them than about their kind.

    Args:
        name: Of the attribute or class.
        mask: (N,) which training pictures are on that side.
        side: ``with`` or ``without``.
        purpose: What they are needed for.

    Raises:
        LatentError: With the number there is.
    """
    if mask.sum() < MIN_EXAMPLES:
        raise LatentError(
            f"{name}: {mask.sum()} training pictures {side} it; "
            f"at least {MIN_EXAMPLES} are needed for a {purpose}."
        )
