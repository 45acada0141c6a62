"""How well a number tells two groups apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.latent.codes import Doubles

MIDDLE = 0.5  # half-way between the mean without (0) and the mean with (1)


def score_positions(position: Doubles, has: NDArray[np.bool]) -> dict[str, float]:
    """Judge positions (M,) along a direction by who has the attribute, (M,) bool.

    Returns:
        ``num_held_out_with``, ``num_held_out_without``: how many there are of each;
        ``auc``: the probability that one with stands above one without, ties counting half
        (Hanley & McNeil 1982); 0.5 is chance;
        ``accuracy``: share on the right side of the point half-way between the training means;
        beware of rare attributes, where "nobody has it" is right nearly always;
        ``balanced_accuracy``: mean of the shares on either side, 0.5 is chance;
        ``effect_size``: d', the difference of the group means over the root mean square of their
        standard deviations (Green & Swets 1966); signed.
        The last four are NaN while a group is empty, d' while one has fewer than 2 members or
        neither varies.
    """
    with_, without = position[has], position[~has]
    hits, rejections = with_ > MIDDLE, without <= MIDDLE
    scores = {
        "num_held_out_with": float(len(with_)),
        "num_held_out_without": float(len(without)),
        "auc": np.nan,
        "accuracy": np.nan,
        "balanced_accuracy": np.nan,
        "effect_size": np.nan,
    }
    if len(with_) and len(without):
        scores["auc"] = _area_under_curve(has, position)
        scores["accuracy"] = float((hits.sum() + rejections.sum()) / len(position))
        scores["balanced_accuracy"] = float((hits.mean() + rejections.mean()) / 2)
        scores["effect_size"] = effect_size(with_, without)
    return scores


def effect_size(with_: Doubles, without: Doubles) -> float:
    """D' = (mean with - mean without) / sqrt((var with + var without) / 2); NaN if undefined."""
    if min(len(with_), len(without)) < 2:
        return float("nan")
    spread = np.sqrt((with_.var(ddof=1) + without.var(ddof=1)) / 2)
    return float((with_.mean() - without.mean()) / spread) if spread > 0 else float("nan")


def _area_under_curve(has: NDArray[np.bool], position: Doubles) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(has, position))
