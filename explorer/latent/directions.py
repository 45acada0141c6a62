"""Directions in latent space that an attribute follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import Doubles, Floats, LatentError, as_codes
from explorer.latent.groups import Kind

METHODS = ("mean", "logistic", "conditional")


@dataclass(frozen=True, eq=False)
class Direction:
    """Where codes move when an attribute is added: ``z + alpha * vector``.

    The unit of alpha is the same for every method: 1 goes as far as from the mean of the codes
    without the attribute to the mean of those with it, read along the direction's normal.

    Attributes:
        name: Of the attribute, of the label's class, or given by a user.
        method: How it was found: ``mean`` is the difference of the two means, ``logistic`` the
            normal of a linear classifier, ``conditional`` the mean difference without what other
            attributes' classifiers would see of it.
        vector: (D,) the step of alpha = 1.
        scale: Its Euclidean length.
        scores: Figures by name, see :func:`explorer.latent.fitting.mean_difference`; NaN where
            undefined.
        kind: ``attribute`` (with or without), ``label`` (one class against the rest) or ``own``
            (made by a user).
        origin: What the normal reads at the mean without.
        normal: (D,) what reads a code's position: ``z @ normal - origin``; None where it is
            along the vector itself. Its product with the vector is 1.
        locks: Names of the attributes that a ``conditional`` direction leaves where they are.
        made: A sentence on how it was made, for a user's own.
        caution: A sentence on what to beware of; empty if nothing is known.
    """

    name: str
    method: str
    vector: Floats
    scale: float
    scores: Mapping[str, float]
    kind: Kind = "attribute"
    origin: float = 0.0
    normal: Floats | None = None
    locks: tuple[str, ...] = ()
    made: str = ""
    caution: str = ""

    def apply(self, z: ArrayLike, *, alpha: float) -> Floats:
        """Codes (M, D) moved by ``alpha`` times the vector; negative takes the attribute away."""
        return as_codes(z, name="z", dim=len(self.vector)) + np.float32(alpha) * self.vector

    def position(self, z: ArrayLike) -> Doubles:
        """Where codes (M, D) stand along it, (M,): 0 at the mean without, 1 at the mean with."""
        codes = as_codes(z, name="z", dim=len(self.vector)).astype(np.float64)
        return np.asarray(codes @ self.reader - self.origin)

    @property
    def reader(self) -> Doubles:
        """(D,) what reads positions: the normal, or the vector over its squared length."""
        if self.normal is not None:
            return self.normal.astype(np.float64)
        return self.vector.astype(np.float64) / self.scale**2

    @property
    def meta(self) -> dict[str, Any]:
        """The part that is text, for the bundle; what is empty is left out."""
        texts: dict[str, Any] = {"name": self.name, "method": self.method, "kind": self.kind}
        texts["scores"] = ",".join(self.scores)
        more = {"locks": list(self.locks), "made": self.made, "caution": self.caution}
        return texts | {key: value for key, value in more.items() if value}

    def to_arrays(self) -> dict[str, np.ndarray]:
        """The part that is numbers: ``vector`` (D,), ``origin`` (1,), ``scores`` (S,).

        And ``normal`` (D,), if there is one.
        """
        scores = np.array(list(self.scores.values()), dtype=np.float64)
        arrays = {"vector": self.vector, "origin": np.array([self.origin]), "scores": scores}
        return arrays if self.normal is None else arrays | {"normal": self.normal}

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, np.ndarray], *, meta: Mapping[str, Any]
    ) -> Direction:
        """The inverse of :meth:`to_arrays` and :attr:`meta`.

        Raises:
            LatentError: A kind that there is not.
            KeyError: Something is missing.
        """
        if meta["kind"] not in get_args(Kind):
            kinds = ", ".join(get_args(Kind))
            raise LatentError(f"kind is {meta['kind']!r}; it must be one of {kinds}.")
        vector = np.asarray(arrays["vector"], np.float32)
        normal = arrays.get("normal")
        names = [name for name in meta["scores"].split(",") if name]
        return cls(
            name=meta["name"],
            method=meta["method"],
            vector=vector,
            scale=float(np.linalg.norm(vector)),
            scores=dict(zip(names, arrays["scores"].tolist(), strict=True)),
            kind=meta["kind"],
            origin=float(arrays["origin"][0]),
            normal=None if normal is None else np.asarray(normal, np.float32),
            locks=tuple(meta.get("locks", ())),
            made=meta.get("made", ""),
            caution=meta.get("caution", ""),
        )


@dataclass(frozen=True)
class Directions:
    """All directions that could be computed, and a sentence for each that could not."""

    found: tuple[Direction, ...]
    skipped: tuple[str, ...]
