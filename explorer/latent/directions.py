"""Directions in latent space that an attribute follows, and how well they do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import Floats, as_codes

Kind = Literal["attribute", "label"]


@dataclass(frozen=True, eq=False)
class Direction:
    """Where codes move when an attribute is added: ``z + alpha * vector``.

    Attributes:
        name: Of the attribute, or of the label's class.
        method: How it was found; ``mean`` is the difference of the two means.
        vector: (D,) the full difference: alpha = 1 goes from the mean without to the mean with.
        scale: Its Euclidean length.
        scores: Held-out figures by name, see :func:`mean_difference`; NaN where undefined.
        kind: ``attribute`` (with or without) or ``label`` (one class against the rest).
        origin: Where the mean without lies along the vector, in units of alpha; so
            ``z @ vector / scale**2 - origin`` is 0 at the mean without and 1 at the mean with.
    """

    name: str
    method: str
    vector: Floats
    scale: float
    scores: Mapping[str, float]
    kind: Kind = "attribute"
    origin: float = 0.0

    @property
    def meta(self) -> dict[str, str]:
        """The part that is text, for the bundle."""
        return {
            "name": self.name,
            "method": self.method,
            "kind": self.kind,
            "scores": ",".join(self.scores),
        }

    def to_arrays(self) -> dict[str, np.ndarray]:
        """The part that is numbers: ``vector`` (D,), ``origin`` (1,), ``scores`` (S,)."""
        return {
            "vector": self.vector,
            "origin": np.array([self.origin]),
            "scores": np.array(list(self.scores.values()), dtype=np.float64),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], *, meta: Mapping[str, str]) -> Direction:
        """The inverse of :meth:`to_arrays` and :attr:`meta`."""
        vector = np.asarray(arrays["vector"], np.float32)
        names = meta["scores"].split(",") if meta["scores"] else []
        return cls(
            name=meta["name"],
            method=meta["method"],
            vector=vector,
            scale=float(np.linalg.norm(vector)),
            scores=dict(zip(names, arrays["scores"].tolist(), strict=True)),
            kind="label" if meta["kind"] == "label" else "attribute",
            origin=float(arrays["origin"][0]),
        )


@dataclass(frozen=True)
class Directions:
    """All directions that could be computed, and a sentence for each that could not."""

    found: tuple[Direction, ...]
    skipped: tuple[str, ...]


def mean_difference(
    mu: ArrayLike, has: ArrayLike, *, split: ArrayLike, name: str = "", kind: Kind = "attribute"
) -> Direction:
    """The mean of the codes with an attribute minus the mean of those without."""
    raise NotImplementedError


def attribute_directions(
    mu: ArrayLike, attributes: ArrayLike, *, names: tuple[str, ...], split: ArrayLike
) -> Directions:
    """A direction for each column of ``attributes`` (N, A), 1 / 0 / -1 for missing."""
    raise NotImplementedError


def label_directions(
    mu: ArrayLike, labels: ArrayLike, *, names: tuple[str, ...], split: ArrayLike
) -> Directions:
    """A direction for each class of ``labels`` (N,), -1 for missing: the class against the rest."""
    raise NotImplementedError
