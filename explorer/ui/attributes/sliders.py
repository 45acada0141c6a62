"""Which sliders a model offers, in the order they are suggested in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from explorer.latent import METHODS, Direction
from explorer.ui import words

FAVOURITES = ("Smiling", "Eyeglasses")
OWN = "own:"
FIRST = 2  # sliders that a newcomer sees


@dataclass(frozen=True, eq=False)
class Slider:
    """One slider.

    Attributes:
        key: Its name in links.
        title: Its name for people.
        direction: What it moves codes along.
        reader: What a lock on it keeps as it is: the attribute's classifier.
    """

    key: str
    title: str
    direction: Direction
    reader: Direction

    @property
    def is_own(self) -> bool:
        """Whether a visitor made it."""
        return self.direction.kind == "own"


def methods_of(directions: Iterable[Direction]) -> list[str]:
    """The methods there are, in the order of ``METHODS``."""
    present = {direction.method for direction in directions if direction.kind != "own"}
    return [method for method in METHODS if method in present]


def sliders_of(
    directions: Sequence[Direction], own: Sequence[Direction] = (), *, method: str
) -> list[Slider]:
    """A slider for each attribute, class and own direction, the first to be tried first.

    Args:
        directions: Of the bundle, by any methods.
        own: Made by the visitor.
        method: By which the bundle's sliders move; what it has not been found for is moved by
            the first method it has.
    """
    by_name: dict[str, list[Direction]] = {}
    for direction in directions:
        by_name.setdefault(direction.name, []).append(direction)
    of_bundle = [_slider(name, found, method=method) for name, found in by_name.items()]
    of_visitor = [Slider(OWN + item.name, item.name, item, item) for item in own]
    return sorted((*of_bundle, *of_visitor), key=_order)


def opening(sliders: Sequence[Slider]) -> list[str]:
    """The sliders that a newcomer sees: two, and those made by the visitor."""
    first = [slider.key for slider in sliders if not slider.is_own][:FIRST]
    return first + [slider.key for slider in sliders if slider.is_own]


def _slider(name: str, found: list[Direction], *, method: str) -> Slider:
    by_method = {direction.method: direction for direction in found}
    direction = by_method.get(method, found[0])
    readable = words.readable(name)
    title = f"towards {readable}" if direction.kind == "label" else readable
    return Slider(name, title, direction, by_method.get("logistic", found[0]))


def _order(slider: Slider) -> tuple[int, float]:
    """Favourites, own ones, attributes by how well the codes know them, classes as they come."""
    if slider.key in FAVOURITES:
        return 0, FAVOURITES.index(slider.key)
    if slider.is_own:
        return 1, 0
    if slider.direction.kind == "label":
        return 3, 0
    auc = slider.direction.scores.get("auc", np.nan)
    return 2, -auc if np.isfinite(auc) else 0
