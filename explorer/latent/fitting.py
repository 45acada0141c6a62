"""Finding directions in the codes of pictures that are known to have an attribute or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.latent.codes import Doubles, Floats, LatentError, as_codes
from explorer.latent.directions import Direction, Directions
from explorer.latent.groups import (
    TRAIN,
    Column,
    Kind,
    Known,
    Mask,
    attribute_columns,
    column,
    label_columns,
    require_examples,
)
from explorer.latent.locks import conditional, default_locks
from explorer.latent.scores import score_positions

# Prior on a standardised coefficient: Gaussian with the root of this as standard deviation. With
# dozens of examples the normal then leans to the standardised mean difference, with thousands to
# the maximum likelihood; on CelebA's codes the held-out AUC is the same from 0.001 to 0.1.
PRIOR_VARIANCE = 0.01
# Of the root mean square spread: a collapsed dimension is not blown up to the size of the others.
SMALLEST_SPREAD = 0.25


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
    groups = _Groups(mu, has, split=split, name=name)
    return groups.scored(groups.along(groups.difference, method="mean", kind=kind))


def logistic_normal(
    mu: ArrayLike,
    has: ArrayLike,
    *,
    split: ArrayLike,
    name: str = "attribute",
    kind: Kind = "attribute",
) -> Direction:
    """The normal of the hyperplane that best tells codes with an attribute from those without.

    Logistic regression on standardised codes, both sides weighted equally, with a Gaussian prior
    on the coefficients (Shen et al. 2020, "InterFaceGAN", section 3.1, use a linear SVM). Its
    length is that of the mean difference along it, so that alpha = 1 is from mean to mean here
    too. Arguments, scores and errors are those of :func:`mean_difference`.
    """
    groups = _Groups(mu, has, split=split, name=name)
    return groups.scored(groups.along(groups.normal(), method="logistic", kind=kind))


def attribute_directions(
    mu: ArrayLike, attributes: ArrayLike, *, names: Sequence[str], split: ArrayLike
) -> Directions:
    """Directions for each column of ``attributes`` (N, A): 1 with, 0 without, -1 not known.

    By every method, in the order of ``METHODS``. The ``conditional`` one is the mean difference
    that leaves :func:`~explorer.latent.locks.default_locks` where they are.

    Raises:
        LatentError: The arrays do not fit together; a single attribute that cannot be done is
            only skipped, with a sentence.
    """
    columns = attribute_columns(attributes, names)
    return _collect(mu, columns, split=split, kind="attribute", others=None)


def label_directions(
    mu: ArrayLike,
    labels: ArrayLike,
    *,
    names: Sequence[str],
    split: ArrayLike,
    attributes: Sequence[Direction] = (),
) -> Directions:
    """Directions for each class of ``labels`` (N,), the class against the rest.

    By every method. The ``conditional`` one leaves attributes where they are, never another
    class: a picture that becomes one class stops being of the other.

    Args:
        mu: Codes (N, D).
        labels: Indices into ``names``, -1 for not known.
        names: Of the classes.
        split: (N,) 0 training, anything else held out.
        attributes: Directions of the attributes of the same pictures; their ``logistic`` ones
            may be locked.

    Raises:
        LatentError: The arrays do not fit together, or a label has no name; a single class that
            cannot be done is only skipped, with a sentence.
    """
    others = [item for item in attributes if item.method == "logistic"]
    columns = label_columns(labels, names)
    return _collect(mu, columns, split=split, kind="label", others=others)


def all_directions(mu: ArrayLike, known: Known) -> Directions:
    """Directions by every method for all attributes, then for all classes.

    Raises:
        LatentError: The arrays do not fit together.
    """
    attributes = attribute_directions(
        mu, known.attributes, names=known.attribute_names, split=known.split
    )
    labels = label_directions(
        mu,
        known.labels,
        names=known.label_names,
        split=known.split,
        attributes=attributes.found,
    )
    return Directions(attributes.found + labels.found, attributes.skipped + labels.skipped)


class _Groups:
    """The codes with an attribute and those without, for training and held out."""

    def __init__(self, mu: ArrayLike, has: ArrayLike, *, split: ArrayLike, name: str) -> None:
        self.name = name
        self.codes = as_codes(mu, name="mu")
        self.side: Column = column(has, len(self.codes), name="has")
        self.train: Mask = column(split, len(self.codes), name="split") == TRAIN
        self.with_, self.without = (self.train & (self.side == value) for value in (1, 0))
        for mask, side in ((self.with_, "with"), (self.without, "without")):
            require_examples(name, mask, side=side, purpose="direction")
        self.start = self.codes[self.without].mean(axis=0, dtype=np.float64)
        self.difference = self.codes[self.with_].mean(axis=0, dtype=np.float64) - self.start
        smallest = np.finfo(np.float32).eps * float(np.linalg.norm(self.start))
        if float(np.linalg.norm(self.difference)) <= smallest:
            raise LatentError(f"{name}: pictures with and without it have the same mean code.")

    def normal(self) -> Doubles:
        """(D,) normal of the hyperplane of logistic regression, of any length."""
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits

        used = self.with_ | self.without
        codes = self.codes[used].astype(np.float64)
        spread = codes.std(axis=0)
        spread = np.maximum(spread, SMALLEST_SPREAD * np.sqrt(np.mean(spread**2)))
        model = LogisticRegression(
            C=PRIOR_VARIANCE, class_weight="balanced", solver="newton-cholesky"
        )
        # Matrices of D x D: threads cost more than they give, and one repeats itself to the bit.
        with threadpool_limits(1):
            model.fit((codes - codes.mean(axis=0)) / spread, self.side[used])
        return np.asarray(model.coef_[0] / spread)

    def along(self, normal: Doubles, *, method: str, kind: Kind) -> Direction:
        """The direction along a normal that goes from mean to mean."""
        vector = normal * float(self.difference @ normal) / float(normal @ normal)
        scale = float(np.linalg.norm(vector))
        origin = float(self.start @ vector) / scale**2
        return Direction(
            self.name, method, vector.astype(np.float32), scale, {}, kind=kind, origin=origin
        )

    def scored(self, direction: Direction) -> Direction:
        """With the figures of how well its own axis tells the held-out pictures apart."""
        vector = direction.vector.astype(np.float64)
        held_out = ~self.train & (self.side >= 0)
        # From mean to mean along the vector: a conditional direction reads positions otherwise.
        position = (self.codes[held_out] - self.start) @ vector / (self.difference @ vector)
        used = {"num_with": float(self.with_.sum()), "num_without": float(self.without.sum())}
        tried = score_positions(position, self.side[held_out] == 1)
        return replace(direction, scores={**direction.scores, **used, **tried})


def _collect(
    mu: ArrayLike,
    columns: Iterable[tuple[str, NDArray[np.generic]]],
    *,
    split: ArrayLike,
    kind: Kind,
    others: Sequence[Direction] | None,
) -> Directions:
    """By all methods; without ``others`` the attributes themselves may be locked."""
    codes = as_codes(mu, name="mu")
    column(split, len(codes), name="split")
    found: list[tuple[_Groups, Direction, Direction]] = []
    skipped: list[str] = []
    for name, values in columns:
        has = column(values, len(codes), name=f"{kind} {name}")
        try:
            found.append(_plain(codes, has, split=split, name=name, kind=kind))
        except LatentError as error:
            skipped.append(str(error))
    classifiers = [normal for _, _, normal in found] if others is None else others
    directions: list[Direction] = []
    for groups, mean, normal in found:
        lockable = [item for item in classifiers if item is not normal]
        locks = default_locks(mean, lockable, own=normal)
        moved = conditional(mean, locks, own=normal)
        directions += [mean, normal, groups.scored(moved)]
    return Directions(tuple(directions), tuple(skipped))


def _plain(
    codes: Floats, has: Column, *, split: ArrayLike, name: str, kind: Kind
) -> tuple[_Groups, Direction, Direction]:
    groups = _Groups(codes, has, split=split, name=name)
    mean = groups.along(groups.difference, method="mean", kind=kind)
    normal = groups.along(groups.normal(), method="logistic", kind=kind)
    return groups, groups.scored(mean), groups.scored(normal)
