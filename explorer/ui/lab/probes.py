"""Linear probes on the codes of models, learnt once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from explorer.latent.probe import TEST, Probe, linear_probe
from explorer.ui.resources import in_use

if TYPE_CHECKING:
    from explorer.ui.resources import Opened

COUNTS = (50, 200, 1000)  # labels to learn from; then all there are
CHOICES = 3  # of the few labels, at random


@dataclass(frozen=True)
class Point:
    """How probes do that learnt from some labels.

    Attributes:
        labels: How many they learnt from.
        accuracies: Of each choice of the labels, 0 to 1.
    """

    labels: int
    accuracies: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean accuracy."""
        return float(np.mean(self.accuracies))


@dataclass(frozen=True, eq=False)
class LearningCurve:
    """Accuracy against the number of labels.

    Attributes:
        points: From few labels to all.
        right: (T,) which test pictures the probe that learnt from all tells.
        chance: The share told by always naming the commonest class.
    """

    points: tuple[Point, ...]
    right: np.ndarray
    chance: float


@dataclass(frozen=True)
class Difference:
    """Of two probes on the same test pictures.

    Attributes:
        gain: Accuracy of the second over that of the first.
        error: Its standard error.
    """

    gain: float
    error: float

    @property
    def is_chance(self) -> bool:
        """Whether a difference of that size is usual between equals: within two errors."""
        return abs(self.gain) <= 2 * self.error


def learning_curve(opened: Opened) -> LearningCurve:
    """How probes on a model's codes do, see :func:`~explorer.latent.probe.linear_probe`."""
    return _curve(opened.identity)


def probe_of(opened: Opened) -> Probe:
    """The probe that learnt from all labels, up to 10,000."""
    return _probe(opened.identity)


def difference(first: np.ndarray, second: np.ndarray) -> Difference:
    """How much more often the second is right than the first, (T,) each, on the same pictures.

    The standard error is that of the mean of paired differences, each -1, 0 or 1.
    """
    each = np.asarray(second, np.float64) - np.asarray(first, np.float64)
    return Difference(float(each.mean()), float(each.std() / np.sqrt(len(each))))


@lru_cache(maxsize=32)
def _curve(identity: str) -> LearningCurve:
    bundle = _opened(identity).bundle
    known, codes = bundle.known, np.asarray(bundle.latents.mu, np.float32)
    whole = _probe(identity)
    points = [
        Point(
            count,
            tuple(
                linear_probe(codes, known.labels, known.split, num_train=count, seed=seed).accuracy
                for seed in range(CHOICES)
            ),
        )
        for count in COUNTS
        if count < whole.num_train
    ]
    test = (known.split == TEST) & (known.labels >= 0)
    return LearningCurve(
        points=(*points, Point(whole.num_train, (whole.accuracy,))),
        right=whole.planes.tell(codes[test]) == known.labels[test],
        chance=whole.chance,
    )


@lru_cache(maxsize=32)
def _probe(identity: str) -> Probe:
    bundle = _opened(identity).bundle
    known = bundle.known
    return linear_probe(bundle.latents.mu, known.labels, known.split)


def _opened(identity: str) -> Opened:
    opened = in_use(identity)
    assert opened is not None  # the caller holds it
    return opened
