"""A linear probe: how well a class can be told from codes by planes alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import Doubles, Floats, Indices, LatentError, as_codes
from explorer.latent.groups import TRAIN, column

TEST = 2  # the value of `split` whose pictures nothing was chosen by
MAX_FIT = 10_000  # pictures learnt from where there are more: 0.3 s of 16 numbers each
MAX_STEPS = 2_000  # it settles in some hundred; more only where classes part without error


@dataclass(frozen=True, eq=False)
class Planes:
    """Tells classes from codes: the largest of C weighted sums wins.

    Attributes:
        classes: (C,) the labels, ascending.
        weights: (D, C) of the codes, as they are.
        offset: (C,).
    """

    classes: Indices
    weights: Floats
    offset: Floats

    def probabilities(self, codes: ArrayLike) -> Doubles:
        """What it believes of codes (M, D): (M, C), rows sum to 1.

        Raises:
            LatentError: Another D, or NaN or infinity among the numbers.
        """
        from scipy.special import softmax

        z = as_codes(codes, dim=len(self.weights)).astype(np.float64)
        return np.asarray(softmax(z @ self.weights + self.offset, axis=1))

    def tell(self, codes: ArrayLike) -> Indices:
        """The likeliest label (M,) of codes (M, D).

        Raises:
            LatentError: As for :meth:`probabilities`.
        """
        return np.asarray(self.classes[self.probabilities(codes).argmax(axis=1)])


@dataclass(frozen=True, eq=False)
class Probe:
    """What :func:`linear_probe` learnt, and how often it is right.

    Attributes:
        accuracy: Share of the test pictures whose class it tells, 0 to 1.
        chance: The share told by always naming the commonest class of those learnt from.
        count: Of the test pictures.
        num_train: Pictures it learnt from.
        planes: What it learnt.
    """

    accuracy: float
    chance: float
    count: int
    num_train: int
    planes: Planes


def linear_probe(
    mu: ArrayLike,
    labels: ArrayLike,
    split: ArrayLike,
    *,
    num_train: int | None = None,
    seed: int = 0,
) -> Probe:
    """Learn classes from training codes by logistic regression, and try it on the test codes.

    The probe of Alain & Bengio (2017, section 3): multinomial logistic regression, with a ridge
    of one on weights of standardised codes, so that a model whose codes merely have another
    scale is not judged by it. A few labels are chosen class by class in turn, as is usual where
    labels are scarce (Kingma et al. 2014, section 4).

    Args:
        mu: Codes (N, D).
        labels: (N,) classes, -1 for not known; those are left out.
        split: (N,) 0 training, 2 test; what was held out to choose by, 1, is left alone.
        num_train: Pictures to learn from; if None, or if there are fewer, all there are, up to
            10,000.
        seed: Of their choice.

    Raises:
        LatentError: Arrays that do not fit, fewer than 2 classes to learn, no test pictures.
    """
    codes = as_codes(mu, name="mu")
    truth = column(labels, len(codes), name="labels").astype(np.int64)
    parts = column(split, len(codes), name="split")
    judge = np.flatnonzero((parts == TEST) & (truth >= 0))
    known = np.flatnonzero((parts == TRAIN) & (truth >= 0))
    most = MAX_FIT if num_train is None else num_train
    learn = _choose(known, truth, most, rng=np.random.default_rng(seed))
    if len(np.unique(truth[learn])) < 2 or not len(judge):
        raise LatentError(
            f"A probe learns at least 2 classes and is tried on others: there are "
            f"{len(np.unique(truth[learn]))} classes in {len(learn)} training pictures with a "
            f"label, and {len(judge)} test pictures. Choose a model whose pictures have labels."
        )
    planes = _fit(codes[learn].astype(np.float64), truth[learn])
    return Probe(
        accuracy=float((planes.tell(codes[judge]) == truth[judge]).mean()),
        chance=float((truth[judge] == np.bincount(truth[learn]).argmax()).mean()),
        count=len(judge),
        num_train=len(learn),
        planes=planes,
    )


def _choose(rows: Indices, truth: Indices, count: int, *, rng: np.random.Generator) -> Indices:
    """``count`` of the rows, each class in turn; all of them if there are no more."""
    if count < 2:
        raise LatentError(f"num_train is {count}; a probe learns from at least 2 pictures.")
    if count >= len(rows):
        return rows
    rows = rng.permutation(rows)
    turn = np.empty(len(rows), np.int64)
    for label in np.unique(truth[rows]):
        mine = np.flatnonzero(truth[rows] == label)
        turn[mine] = np.arange(len(mine))
    return rows[np.argsort(turn, kind="stable")[:count]]


def _fit(codes: Doubles, truth: Indices) -> Planes:
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    centre, scale = codes.mean(axis=0), codes.std(axis=0)
    scale[scale == 0] = 1  # a dimension that nothing uses
    with threadpool_limits(1):  # at this size, threads wait for one another
        model = LogisticRegression(max_iter=MAX_STEPS).fit((codes - centre) / scale, truth)
    weights, offset = model.coef_.T / scale[:, None], model.intercept_
    if len(model.classes_) == 2:  # one plane between two: the first class scores 0
        weights, offset = np.pad(weights, ((0, 0), (1, 0))), np.pad(offset, (1, 0))
    return Planes(
        classes=np.asarray(model.classes_, np.int64),
        weights=weights.astype(np.float32),
        offset=(offset - centre @ weights).astype(np.float32),
    )
