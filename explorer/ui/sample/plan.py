"""What to draw: the choices of the sample page as one value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MIXTURE, PRIOR, CLASS = "Mixture", "Prior", "A class"
RINGS, CORNERS, BETWEEN = "Rings", "Corners", "Between classes"
SAMPLERS = (MIXTURE, PRIOR, CLASS)
REGIONS = (RINGS, CORNERS, BETWEEN)
SOURCES = (*SAMPLERS, *REGIONS)
COUNTS = (16, 25, 36, 49, 64)
TRUNCATIONS = {"0.5": 0.5, "1": 1.0, "1.5": 1.5, "2": 2.0, "3": 3.0, "off": np.inf}


@dataclass(frozen=True)
class Plan:
    """A sheet of samples, the same each time it is drawn.

    Attributes:
        source: One of :data:`SOURCES`.
        kind: The class or attribute, for those that need one.
        other: The class at the far end of ``Between classes``.
        temperature: Factor on the standard deviations.
        truncation: Bound of the noise before it is scaled; infinity for none.
        seed: 0 to 4,294,967,295.
        count: How many, where the source leaves that open.
    """

    source: str = MIXTURE
    kind: str = ""
    other: str = ""
    temperature: float = 0.8
    truncation: float = np.inf
    seed: int = 0
    count: int = 36
