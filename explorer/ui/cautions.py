"""What to beware of in a direction, in plain words with the figures behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from explorer.latent import Direction, Effects, entanglement
from explorer.ui import words

if TYPE_CHECKING:
    import pandas as pd

WEAK_AUC = 0.75  # half-way between guessing and always right
FEW = 200  # examples; the mean of fewer is visibly noisy
TANGLED = 0.3  # slider units of another attribute, moved by an edit of 1
TOGETHER = 0.3  # difference of two shares of pictures
LEAKS = 0.2  # share of pictures on which the judge changes its mind about something else
NAMED = 2  # others named in one sentence


def cautions(
    direction: Direction,
    *,
    classifiers: Sequence[Direction],
    items: pd.DataFrame,
    attribute_names: Sequence[str],
    effects: Effects | None,
) -> tuple[str, ...]:
    """Sentences on a direction, the gravest first; none when nothing was found.

    Args:
        direction: By any method.
        classifiers: The ``logistic`` directions of all attributes.
        items: The bundle's table.
        attribute_names: Its attribute columns.
        effects: What the judge saw, if it was asked.
    """
    found = (
        *_weak(direction),
        *_few(direction),
        *_tangled(direction, classifiers),
        *_together(direction, items, attribute_names),
        *_leaks(direction, effects),
    )
    return (direction.caution, *found) if direction.caution else found


def _weak(direction: Direction) -> Iterator[str]:
    auc = direction.scores.get("auc", np.nan)
    if auc < WEAK_AUC:
        yield (
            "The codes hardly know this: on unseen pictures the direction tells with from without "
            f"in {100 * auc:.0f} of 100 pairs, where guessing gets 50. Expect it to do little, or "
            "something else."
        )


def _few(direction: Direction) -> Iterator[str]:
    sides = {side: direction.scores.get(f"num_{side}", np.nan) for side in ("with", "without")}
    side, count = min(sides.items(), key=lambda pair: pair[1])
    if count < FEW:
        yield (
            f"Only {count:.0f} training pictures {side} it: a mean of so few also holds what they "
            "have in common by chance."
        )


def _tangled(direction: Direction, classifiers: Sequence[Direction]) -> Iterator[str]:
    others = [other for other in classifiers if other.name != direction.name]
    if not others:
        return
    moves = entanglement([direction], others)[0]
    strongest = [place for place in np.argsort(-np.abs(moves)) if abs(moves[place]) > TANGLED]
    if strongest:
        named = _listed(
            f"{words.readable(others[place].name)} by {moves[place]:+.1f}"
            for place in strongest[:NAMED]
        )
        yield f"A move of 1 also moves {named} of their own way."


def _together(
    direction: Direction, items: pd.DataFrame, attribute_names: Sequence[str]
) -> Iterator[str]:
    if direction.name not in attribute_names:
        return
    has, lacks = items[direction.name].eq(1), items[direction.name].eq(0)
    shares = {
        name: (_share(items[name][has]), _share(items[name][lacks]))
        for name in attribute_names
        if name != direction.name
    }
    gaps = {name: abs(one - other) for name, (one, other) in shares.items()}
    for name in sorted(gaps, key=lambda name: -gaps[name])[:1]:
        if gaps[name] > TOGETHER:
            one, other = shares[name]
            yield (
                f"The data are lopsided: {100 * one:.0f} % of the pictures with it, but "
                f"{100 * other:.0f} % of the others, are {words.readable(name)}. The direction "
                "has learnt that too."
            )


def _leaks(direction: Direction, effects: Effects | None) -> Iterator[str]:
    if effects is None or direction.name not in effects.names:
        return
    if direction.method not in effects.methods:
        return
    flips = effects.worst_flips(direction.name, direction.method, 1.0, NAMED)
    named = [f"{words.readable(name)} on {100 * share:.0f} %" for name, share in flips]
    if flips and flips[0][1] > LEAKS:
        yield f"At 1 an independent judge also saw a change in {_listed(named)} of the pictures."


def _share(column: pd.Series[int]) -> float:
    known = column.dropna()
    return float(known.eq(1).mean()) if len(known) else float("nan")


def _listed(parts: Iterator[str] | Sequence[str]) -> str:
    return " and ".join(parts)
