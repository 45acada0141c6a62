"""What the sliders do while some attributes are locked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from explorer.latent import Direction, LatentError, conditional
from explorer.latent.codes import Floats
from explorer.ui.attributes.edits import Edit
from explorer.ui.attributes.sliders import Slider


@dataclass(frozen=True, eq=False)
class Panel:
    """The sliders as they move now.

    Attributes:
        sliders: In the order they are suggested in.
        steps: What each moves codes along, by its key.
        problems: A sentence for each that cannot move, by its key.
    """

    sliders: tuple[Slider, ...]
    steps: Mapping[str, Direction]
    problems: Mapping[str, str]

    @property
    def keys(self) -> list[str]:
        """Of all sliders."""
        return [slider.key for slider in self.sliders]

    @property
    def vectors(self) -> Floats:
        """(S, D) the step of each slider; 0 where it cannot move."""
        nothing = np.zeros_like(self.sliders[0].direction.vector)
        rows = [nothing if key in self.problems else self.steps[key].vector for key in self.keys]
        return np.stack(rows)

    def apply(self, code: Floats, values: Mapping[str, float]) -> Floats:
        """A code (D,) with all sliders at these values."""
        moved = np.asarray(code, np.float32)[None]
        for key, value in values.items():
            if key in self.steps and key not in self.problems:
                moved = self.steps[key].apply(moved, alpha=value)
        return np.asarray(moved[0])


def make_panel(sliders: Sequence[Slider], locks: Collection[str]) -> Panel:
    """The sliders while the attributes of ``locks`` stay where they are.

    A locked slider that is not at 0 keeps its place: it is moved without touching the other
    locked ones.
    """
    steps: dict[str, Direction] = {}
    problems: dict[str, str] = {}
    for slider in sliders:
        others = [other for other in sliders if other is not slider]
        chosen = [other.reader for other in others if other.key in locks]
        # A conditional direction has locks of its own, which another projection would undo.
        bound = [other.reader for other in others if other.key in slider.direction.locks]
        steps[slider.key] = slider.direction
        try:
            if chosen:
                locked = [*chosen, *bound]
                steps[slider.key] = conditional(slider.direction, locked, own=slider.reader)
        except LatentError as error:
            problems[slider.key] = str(error)
    return Panel(tuple(sliders), steps, problems)


def strip_codes(panel: Panel, code: Floats, edit: Edit, *, alphas: Sequence[float]) -> Floats:
    """The code (D,) with the slider touched last at each of ``alphas``, (K, D)."""
    return np.stack([panel.apply(code, {**edit.values, edit.last: alpha}) for alpha in alphas])


def path_codes(panel: Panel, code: Floats, edit: Edit, *, steps: int) -> Floats:
    """Codes (steps, D) from the face as it is to the whole edit, slow at both ends.

    Played there and back it swings, without a jerk where it turns.
    """
    shares = (1 - np.cos(np.linspace(0, np.pi, steps))) / 2
    full = panel.apply(code, edit.values) - code
    return np.asarray(code + shares[:, None] * full, np.float32)
