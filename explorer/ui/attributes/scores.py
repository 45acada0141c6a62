"""What a slider's figures say, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from explorer.latent import Direction, Effects

Grade = Literal["strong", "good", "fair", "weak", "unknown"]
GRADES: tuple[tuple[float, Grade], ...] = ((0.9, "strong"), (0.8, "good"), (0.75, "fair"))
TOLD = (1.0, 2.0)  # slider units for which success is told in words


def grade(auc: float) -> Grade:
    """A word for a held-out AUC; below half-way between guessing and certainty it is weak."""
    if math.isnan(auc):
        return "unknown"
    return next((word for bound, word in GRADES if auc >= bound), "weak")


def score_sentence(direction: Direction, *, noun: str) -> str:
    """What the AUC and the effect size mean."""
    scores = direction.scores
    auc = scores.get("auc", math.nan)
    if math.isnan(auc):
        return f"Not measured: too few unseen {noun}s are known to have it or not."
    text = (
        f"Of an unseen {noun} with it and one without, the one with lies further along this "
        f"slider in {100 * auc:.0f} of 100 pairs (AUC {auc:.2f}; guessing gets 0.50)"
    )
    effect = scores.get("effect_size", math.nan)
    return text + ("." if math.isnan(effect) else f"; effect size d′ {effect:.1f}.")


def success_of(direction: Direction, effects: Effects | None) -> Mapping[float, float]:
    """Share of unseen pictures on which the edit took, by slider units; empty if not measured."""
    if effects is None or direction.name not in effects.names:
        return {}
    if direction.method not in effects.methods:
        return {}
    shares = effects.success_of(direction.name, direction.method)
    pairs = zip(effects.alphas.tolist(), shares.tolist(), strict=True)
    return {alpha: share for alpha, share in pairs if alpha and not math.isnan(share)}


def success_sentence(success: Mapping[float, float], *, noun: str) -> str:
    """On how many pictures the edit takes; empty if it was not measured."""
    told = [f"at {alpha:g} on {100 * success[alpha]:.0f} %" for alpha in TOLD if alpha in success]
    if not told:
        return ""
    return f"An independent judge of pictures sees it {' and '.join(told)} of unseen {noun}s."
