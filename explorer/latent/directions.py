"""Directions in latent space that an attribute follows, and how well they do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.latent.codes import Doubles, Floats, LatentError, as_codes
from explorer.latent.scores import score_positions

Kind = Literal["attribute", "label"]
TRAIN = 0  # the value of `split` whose pictures the directions are computed from
MIN_EXAMPLES = 20


@dataclass(frozen=True, eq=False)
class Direction:
    """Where codes move when an attribute is added: ``z + alpha * vector``.

    Attributes:
        name: Of the attribute, or of the label's class.
        method: How it was found; ``mean`` is the difference of the two means.
        vector: (D,) the full difference: alpha = 1 goes from the mean without to the mean with.
        scale: Its Euclidean length.
        scores: Figures by name, see :func:`mean_difference`; NaN where undefined.
        kind: ``attribute`` (with or without) or ``label`` (one class against the rest).
        origin: Where the mean without lies along the vector, in units of alpha.
    """

    name: str
    method: str
    vector: Floats
    scale: float
    scores: Mapping[str, float]
    kind: Kind = "attribute"
    origin: float = 0.0

    def apply(self, z: ArrayLike, *, alpha: float) -> Floats:
        """Codes (M, D) moved by ``alpha`` times the vector; negative takes the attribute away."""
        return as_codes(z, name="z", dim=len(self.vector)) + np.float32(alpha) * self.vector

    def position(self, z: ArrayLike) -> Doubles:
        """Where codes (M, D) stand along it, (M,): 0 at the mean without, 1 at the mean with."""
        codes = as_codes(z, name="z", dim=len(self.vector)).astype(np.float64)
        return np.asarray(codes @ self.vector.astype(np.float64) / self.scale**2 - self.origin)

    @property
    def meta(self) -> dict[str, str]:
        """The part that is text, for the bundle."""
        names = ",".join(self.scores)
        return {"name": self.name, "method": self.method, "kind": self.kind, "scores": names}

    def to_arrays(self) -> dict[str, np.ndarray]:
        """The part that is numbers: ``vector`` (D,), ``origin`` (1,), ``scores`` (S,)."""
        scores = np.array(list(self.scores.values()), dtype=np.float64)
        return {"vector": self.vector, "origin": np.array([self.origin]), "scores": scores}

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, np.ndarray], *, meta: Mapping[str, str]
    ) -> Direction:
        """The inverse of :meth:`to_arrays` and :attr:`meta`."""
        vector = np.asarray(arrays["vector"], np.float32)
        names = [name for name in meta["scores"].split(",") if name]
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
    mu: ArrayLike,
    has: ArrayLike,
    *,
    split: ArrayLike,
    name: str = "attribute",
    kind: Kind = "attribute",
) -> Direction:
    """The mean of the codes with an attribute minus the mean of those without.

    The attribute vector of Larsen et al. (2016, section 3.2), from the training pictures
    (``split == 0``). Its scores, all on the other pictures except the first two, are

    - ``num_with``, ``num_without``: training pictures it was computed from;
    - ``num_held_out_with``, ``num_held_out_without``: pictures it was tried on;
    - ``auc``, ``accuracy``, ``balanced_accuracy``, ``effect_size``: see
      :func:`~explorer.latent.scores.score_positions`; NaN while one side has no held-out picture.

    Args:
        mu: Codes (N, D).
        has: (N,) 1 with, 0 without, -1 not known.
        split: (N,) 0 training, anything else held out.
        name: Of the attribute or class, for the messages too.
        kind: Whether it is an attribute or a class of a label.

    Raises:
        LatentError: Fewer than 20 training pictures on a side, equal means, or bad arrays.
    """
    codes = as_codes(mu, name="mu")
    side = _column(has, len(codes), name="has")
    train = _column(split, len(codes), name="split") == TRAIN
    with_, without = train & (side == 1), train & (side == 0)
    _require_examples(name, with_, without)
    start = codes[without].mean(axis=0, dtype=np.float64)
    vector = codes[with_].mean(axis=0, dtype=np.float64) - start
    scale = float(np.linalg.norm(vector))
    if scale <= np.finfo(np.float32).eps * float(np.linalg.norm(start)):
        raise LatentError(f"{name}: pictures with and without it have the same mean code.")
    held_out = ~train & (side >= 0)
    direction = Direction(
        name=name,
        method="mean",
        vector=vector.astype(np.float32),
        scale=scale,
        scores={},
        kind=kind,
        origin=float(start @ vector) / scale**2,
    )
    tried = score_positions(direction.position(codes[held_out]), side[held_out] == 1)
    used = {"num_with": float(with_.sum()), "num_without": float(without.sum())}
    return replace(direction, scores={**used, **tried})


def attribute_directions(
    mu: ArrayLike, attributes: ArrayLike, *, names: Sequence[str], split: ArrayLike
) -> Directions:
    """A direction for each column of ``attributes`` (N, A): 1 with, 0 without, -1 not known.

    Raises:
        LatentError: The arrays do not fit together; a single attribute that cannot be done is
            only skipped, with a sentence.
    """
    table = np.asarray(attributes)
    if table.ndim != 2 or table.shape[1] != len(names):
        raise LatentError(f"attributes has shape {table.shape} for {len(names)} names.")
    return _collect(mu, zip(names, table.T, strict=True), split=split, kind="attribute")


def label_directions(
    mu: ArrayLike, labels: ArrayLike, *, names: Sequence[str], split: ArrayLike
) -> Directions:
    """A direction for each class of ``labels`` (N,), the class against the rest.

    ``labels`` are indices into ``names``, -1 for not known.

    Raises:
        LatentError: The arrays do not fit together, or a label has no name; a single class that
            cannot be done is only skipped, with a sentence.
    """
    classes = np.asarray(labels)
    if classes.size and classes.max() >= len(names):
        raise LatentError(f"labels has class {classes.max()}, but only {len(names)} have names.")
    columns = (
        (name, np.where(classes < 0, -1, classes == number)) for number, name in enumerate(names)
    )
    return _collect(mu, columns, split=split, kind="label")


def _collect(
    mu: ArrayLike,
    columns: Iterable[tuple[str, NDArray[np.integer]]],
    *,
    split: ArrayLike,
    kind: Kind,
) -> Directions:
    codes = as_codes(mu, name="mu")
    _column(split, len(codes), name="split")
    found: list[Direction] = []
    skipped: list[str] = []
    for name, column in columns:
        has = _column(column, len(codes), name=f"{kind} {name}")
        try:
            found.append(mean_difference(codes, has, split=split, name=name, kind=kind))
        except LatentError as error:
            skipped.append(str(error))
    return Directions(tuple(found), tuple(skipped))


def _column(values: ArrayLike, length: int, *, name: str) -> NDArray[np.int16]:
    column = np.asarray(values).astype(np.int16)
    if column.shape != (length,):
        raise LatentError(
            f"{name} has shape {column.shape}; one per code, ({length},), is needed."
        )
    return column


def _require_examples(name: str, with_: NDArray[np.bool], without: NDArray[np.bool]) -> None:
    for mask, side in ((with_, "with"), (without, "without")):
        if mask.sum() < MIN_EXAMPLES:
            raise LatentError(
                f"{name}: {mask.sum()} training pictures {side} it; "
                f"at least {MIN_EXAMPLES} are needed for a direction."
            )
