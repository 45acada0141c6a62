"""How real, how varied and how new a set of samples is, in figures that a person can read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.latent.codes import Doubles, Floats, Indices, LatentError, as_codes, require_rows
from explorer.latent.neighbours import CodeIndex
from explorer.latent.offdata import OffData
from explorer.latent.places import FAR

CROWD = 1_000  # of the data, standing for all of it where every pair counts
REACH = 3  # the neighbour whose distance is a point's reach (Kynkäänniemi et al. 2019)
COPY = 1 / 3


@dataclass(frozen=True, eq=False)
class Realism:
    """What n samples are like, beside the data.

    Attributes:
        off: How far each lies from the data, (n,) each.
        diversity: Mean distance between two samples over that between two of the data: 1 is as
            varied, 0 all the same; NaN for one sample.
        reached: Share of the data within reach of the samples, see :func:`within_reach` (the
            recall of Kynkäänniemi et al. 2019); NaN for fewer than 4 samples.
        reached_by_real: The same, had n other pictures of the data been drawn instead.
    """

    off: OffData
    diversity: float
    reached: float
    reached_by_real: float

    @property
    def near(self) -> int:
        """How many are no further from the data than 97 % of the data is from itself."""
        return int((self.off.percentile < FAR).sum())

    def sentences(self, *, noun: str = "picture") -> tuple[str, ...]:
        """The figures in words: realism, and diversity where there is more than one sample."""
        count = len(self.off.percentile)
        share = f"{self.near} of {count} samples lie"
        if count == 1:
            share = "The sample lies" if self.near else "The sample does not lie"
        said = [f"{share} as near to the {noun}s as these lie to each other."]
        if np.isfinite(self.diversity):
            percent = round(100 * self.diversity)
            said.append(f"They differ from each other {percent} % as much as real {noun}s do.")
        if np.isfinite(self.reached) and np.isfinite(self.reached_by_real):
            said.append(
                f"They cover {_of_ten(self.reached)} {noun}s; as many real {noun}s would cover "
                f"{_of_ten(self.reached_by_real)}."
            )
        return tuple(said)


@dataclass(frozen=True, eq=False)
class Likeness:
    """How near M samples come to single training pictures.

    Attributes:
        index: (M, k) rows of the nearest training pictures, nearest first.
        distance: (M, k) Euclidean.
        ratio: (M,) distance to the nearest, over the median distance from a new picture, one
            held out from training, to its nearest: about 1 for what was not memorised.
        copied: (M,) bool: the nearest is less than a third as far as the second nearest.
    """

    index: Indices
    distance: Doubles
    ratio: Doubles
    copied: NDArray[np.bool]


class Yardstick:
    """The distances within the data, against which samples are held; measured once.

    Args:
        values: (N, F) codes, or features of pictures, of the data; N at least 8.
        index: Of the same values, if there is one already.
        seed: Of the crowd drawn from the data.

    Raises:
        LatentError: Too few rows, or NaN or infinity among them.
    """

    def __init__(
        self, values: ArrayLike, *, index: CodeIndex | None = None, seed: int = 0
    ) -> None:
        rows = as_codes(values, name="values")
        require_rows(rows, 2 * (REACH + 1), name="values")
        order = np.random.default_rng(seed).permutation(len(rows))
        middle = min(CROWD, len(rows) // 2)
        self._index = index or CodeIndex(rows)
        self._crowd, self._others = rows[order[:middle]], rows[order[middle : middle + CROWD]]
        self._reached_by_real = lru_cache(maxsize=64)(self._measure_reach)

    def judge(self, samples: ArrayLike) -> Realism:
        """What samples (n, F) are like.

        Raises:
            LatentError: No samples, another F, or NaN or infinity among them.
        """
        values = as_codes(samples, name="samples", dim=self._crowd.shape[1])
        require_rows(values, 1, name="samples")
        return Realism(
            off=self._index.typicality(values),
            diversity=mean_distance(values) / self._usual,
            reached=_share_reached(self._crowd, values),
            reached_by_real=self._reached_by_real(len(values)),
        )

    @cached_property
    def _usual(self) -> float:
        # A data set of one picture has no variety to compare with.
        return mean_distance(self._crowd) or float("nan")

    def _measure_reach(self, count: int) -> float:
        """NaN beyond what there is of real pictures."""
        enough = count <= len(self._others)
        return _share_reached(self._crowd, self._others[:count]) if enough else float("nan")


class Training:
    """The codes a model was trained on, to tell what it invents from what it repeats.

    Args:
        mu: (N, D) codes of all pictures.
        split: (N,) 0 for training, anything else held out. Without held-out pictures the
            training pictures themselves, each left out in turn, stand for new ones.

    Raises:
        LatentError: Fewer than 3 training pictures, or arrays that do not fit.
    """

    def __init__(self, mu: ArrayLike, split: ArrayLike) -> None:
        codes = as_codes(mu, name="mu")
        is_train = np.asarray(split) == 0
        if is_train.shape != (len(codes),):
            raise LatentError(f"split has shape {is_train.shape} for {len(codes)} codes.")
        self._rows = np.flatnonzero(is_train)
        require_rows(self._rows, 3, name="mu's training part")
        self._index = CodeIndex(codes[is_train])
        self._new = codes[~is_train][:CROWD]
        self._known = codes[self._rows[:CROWD]]

    def likeness(self, z: ArrayLike, *, k: int = 5) -> Likeness:
        """The ``k`` training pictures nearest to each of ``z`` (M, D), and whether z is a copy.

        A sample is a copy of its nearest training picture if that is less than a third as far as
        the second nearest (Yoon et al. 2023, section 2); that holds in the middle of the data,
        where all are near, as at its edge. A training picture shown twice hides its copies.

        Raises:
            LatentError: ``k`` below 1, another D, or NaN or infinity.
        """
        near = self._index.nearest(z, k=max(k, 2) if k >= 1 else k)
        first, second = near.distance[:, 0], near.distance[:, 1]
        return Likeness(
            index=self._rows[near.index[:, :k]],
            distance=near.distance[:, :k],
            ratio=first / self._usual,
            copied=(first < COPY * second) | (first == 0),
        )

    @cached_property
    def _usual(self) -> float:
        """Median distance from a new picture to the nearest training picture."""
        if len(self._new):
            distance = self._index.nearest(self._new).distance[:, 0]
        else:
            distance = self._index.nearest(self._known, k=2).distance[:, 1]
        return max(float(np.median(distance)), float(np.finfo(np.float32).tiny))


def mean_distance(values: ArrayLike) -> float:
    """Mean Euclidean distance between two different rows of (n, F); NaN for fewer than 2."""
    from scipy.spatial.distance import pdist

    rows = as_codes(values, name="values")
    return float(pdist(rows).mean()) if len(rows) > 1 else float("nan")


def within_reach(points: ArrayLike, of: ArrayLike, *, k: int = REACH) -> NDArray[np.bool]:
    """Which of ``points`` (P, F) lie in the region that ``of`` (n, F) cover, (P,).

    The region is a ball about each of ``of``, as wide as the distance to its k-th nearest other
    (Kynkäänniemi et al. 2019, eq. 1). The share of samples within reach of the data is their
    precision, the share of the data within reach of the samples their recall (eq. 2).

    Raises:
        LatentError: ``k`` or fewer rows in ``of``, or arrays that do not fit.
    """
    from scipy.spatial.distance import cdist

    centres = as_codes(of, name="of")
    require_rows(centres, k + 1, name="of")
    queries = as_codes(points, name="points", dim=centres.shape[1])
    reach = CodeIndex(centres).nearest(centres, k=k + 1).distance[:, -1]
    return np.asarray((cdist(queries, centres) <= reach).any(axis=1))


def _share_reached(crowd: Floats, samples: Floats) -> float:
    return float(within_reach(crowd, samples).mean()) if len(samples) > REACH else float("nan")


def _of_ten(share: float) -> str:
    return f"{round(10 * share)} of 10"
