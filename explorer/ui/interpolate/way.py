"""A way along a route in one bundle: its steps, the pictures on them, how it lies to the data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from explorer.latent import radius
from explorer.latent.codes import Doubles, Floats
from explorer.latent.paths import (
    Excursions,
    Kind,
    leaves_data,
    path_through,
    picture_steps,
    steps_meeting,
)
from explorer.ui.interpolate.album import album

if TYPE_CHECKING:
    from explorer.ui.resources import Opened

# Points of a leg that the browser goes straight between: on an arc of 90 degrees it is then
# nowhere farther from it than 0.03 % of the radius.
LEG_POINTS = 32
FINE = 101  # points at which distances along a way are told


@dataclass(frozen=True, eq=False)
class Way:
    """One kind of path over the stops (S, D) in a bundle, shown in ``steps`` pictures."""

    opened: Opened
    kind: Kind
    stops: Floats
    steps: int

    @cached_property
    def fine(self) -> Floats:
        """(T, D), about a hundred points that meet every stop.

        Raises:
            LatentError: There is no such path; the message says why.
        """
        return path_through(self.stops, kind=self.kind, steps=steps_meeting(len(self.stops), FINE))

    @cached_property
    def handle_points(self) -> Floats:
        """(P, D), evenly spaced; between two of them the browser goes straight."""
        legs = len(self.stops) - 1
        points = legs if self.kind == "linear" else legs * LEG_POINTS
        return path_through(self.stops, kind=self.kind, steps=points + 1)

    @cached_property
    def codes(self) -> Floats:
        """(T, D), the steps; some more than asked for where it takes them to meet every stop."""
        return path_through(
            self.stops, kind=self.kind, steps=steps_meeting(len(self.stops), self.steps)
        )

    @cached_property
    def pictures(self) -> np.ndarray:
        """uint8 (T, H, W, C), the steps decoded."""
        return album().pictures(self.opened, self.codes)

    @cached_property
    def shares(self) -> Doubles:
        """(T,) where the steps are, 0 to 1."""
        return np.linspace(0, 1, len(self.codes))

    @property
    def stop_steps(self) -> list[int]:
        """The steps that are stops."""
        every = (len(self.codes) - 1) // (len(self.stops) - 1)
        return list(range(0, len(self.codes), every))

    @cached_property
    def excursions(self) -> Excursions:
        """Where the fine points are far from every picture of the data."""
        return leaves_data(self.fine, self.opened.index)

    @property
    def far_steps(self) -> list[int]:
        """The steps that are far from every picture of the data."""
        runs = leaves_data(self.codes, self.opened.index).runs
        return [step for start, stop in runs for step in range(start, stop)]

    @cached_property
    def changes(self) -> Doubles:
        """(T - 1,) step-to-step change of the pictures in grey levels."""
        return picture_steps(self.pictures)

    @cached_property
    def radii(self) -> Doubles:
        """Distance of the fine points from the origin."""
        return radius(self.fine)

    @property
    def lowest_radius(self) -> float:
        """The nearest the way comes to the origin."""
        return float(self.radii.min())

    @cached_property
    def from_crossfade(self) -> float:
        """How far halfway is from the two ends laid over each other, in grey levels.

        Of a way over several stops, the first leg's.
        """
        one, other = self.pictures[0], self.pictures[self.stop_steps[1]]
        middle = path_through(self.stops[:2], kind=self.kind, steps=3)[1:2]
        halfway = album().pictures(self.opened, middle)[0]
        blend = np.rint((one.astype(np.float32) + other) / 2).astype(np.uint8)
        return float(picture_steps(np.stack([blend, halfway]))[0])
