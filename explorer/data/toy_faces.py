"""The source `toy-faces`: cartoon faces whose factors are known."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from explorer.data.dataset import UNKNOWN_SPLIT, DataSpec, Indices, Pixels, known
from explorer.data.listing import Failure, Listing
from explorer.data.toy_drawing import VERSION, draw_faces
from explorer.data.toy_factors import COLUMN, HAIR_COLOURS, NAMES, attributes_of, draw_factors

PREFIX = "toy-"


def fingerprint(spec: DataSpec) -> str:
    """Changes with the drawing."""
    return f"toy-faces {VERSION}"


def listing(spec: DataSpec, *, progress: bool) -> Listing:
    """`spec.limit` faces, with their factors, attributes and hair colours as labels."""
    count = known(spec.limit)
    factors = draw_factors(np.arange(count), seed=spec.seed)
    attributes = attributes_of(factors)
    return Listing(
        ids=[f"{PREFIX}{index:06d}" for index in range(count)],
        draw=FaceDraw(seed=spec.seed, channels=known(spec.channels)),
        split=np.full(count, UNKNOWN_SPLIT, np.uint8),
        attribute_names=tuple(attributes),
        attributes=np.stack(list(attributes.values()), axis=1),
        label_names=HAIR_COLOURS,
        labels=factors[:, COLUMN["hair_colour"]].astype(np.int16),
        factor_names=NAMES,
        factors=factors,
    )


def original(spec: DataSpec, item_id: str) -> Pixels | None:
    """One face by its id, such as `toy-000012`."""
    number = item_id.removeprefix(PREFIX)
    if not item_id.startswith(PREFIX) or not number.isdecimal() or len(number) > 12:
        return None
    factors = draw_factors(np.array([int(number)]), seed=spec.seed)
    faces = draw_faces(factors, size=known(spec.image_size), channels=known(spec.channels))
    face: Pixels = faces[0]
    return face


@dataclass(frozen=True)
class FaceDraw:
    """Draws faces by their numbers; cannot fail."""

    seed: int
    channels: int

    def job(self) -> dict[str, Any]:
        """What a worker process needs to do the same."""
        return asdict(self)

    def __call__(self, indices: Indices, out: Pixels) -> list[Failure]:
        """Draw the faces of these numbers into an array."""
        factors = draw_factors(indices, seed=self.seed)
        out[:] = draw_faces(factors, size=out.shape[1], channels=self.channels)
        return []
