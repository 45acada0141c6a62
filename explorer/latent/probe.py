"""What a linear reader finds in codes: how useful they are for another task."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import LatentError, as_codes

TRAIN, TEST = 0, 2
MAX_FIT = 10_000  # codes a classifier is fitted to
MAX_STEPS = 500


@dataclass(frozen=True)
class Probe:
    """How a linear classifier on codes does.

    Attributes:
        accuracy: Share of the test pictures it names rightly.
        chance: The same, had it always said what is most frequent in training.
        count: Of the test pictures.
    """

    accuracy: float
    chance: float
    count: int


def linear_probe(codes: ArrayLike, labels: ArrayLike, split: ArrayLike, *, seed: int = 0) -> Probe:
    """Fit a multinomial logistic regression to training codes and score it on test codes.

    The linear evaluation of Alain & Bengio (2016, section 3): the codes stay as they are, only
    the classifier is trained. Each dimension is first brought to mean 0 and variance 1 by the
    training codes, so that the ridge penalty (scikit-learn's, C = 1) treats all alike.

    Args:
        codes: (N, D), posterior means.
        labels: (N,) whole numbers; negative where not known, which are left out.
        split: (N,) 0 train, 1 valid, 2 test.
        seed: Of the choice of 10,000 codes to fit to, if there are more.

    Raises:
        LatentError: Arrays that do not fit, fewer than two classes in training, or no test
            picture with a label.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from threadpoolctl import threadpool_limits

    values, names, parts = as_codes(codes), np.asarray(labels), np.asarray(split)
    if names.shape != (len(values),) or parts.shape != (len(values),):
        raise LatentError(
            f"labels {names.shape} and split {parts.shape} for {len(values)} codes; give one each."
        )
    train = np.flatnonzero((parts == TRAIN) & (names >= 0))
    test = np.flatnonzero((parts == TEST) & (names >= 0))
    if len(np.unique(names[train])) < 2:
        raise LatentError("The training pictures have fewer than two classes to tell apart.")
    if not len(test):
        raise LatentError("No test picture has a label to score a classifier with.")
    train = np.random.default_rng(seed).permutation(train)[:MAX_FIT]
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=MAX_STEPS))
    with threadpool_limits(1):  # several threads wait for each other at this size
        model.fit(values[train], names[train])
        found = model.predict(values[test])
    kinds, counts = np.unique(names[train], return_counts=True)
    return Probe(
        accuracy=float((found == names[test]).mean()),
        chance=float((names[test] == kinds[counts.argmax()]).mean()),
        count=len(test),
    )
