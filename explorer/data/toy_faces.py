"""The source `toy-faces`: cartoon faces whose factors are known."""

from __future__ import annotations

from functools import partial

import numpy as np

from explorer.data.dataset import UNKNOWN_SPLIT, DataSpec, Floats, Indices, Pixels, known
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
        draw=partial(_draw, factors, known(spec.channels)),
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


def _draw(factors: Floats, channels: int, indices: Indices, out: Pixels) -> list[Failure]:
    out[:] = draw_faces(factors[indices], size=out.shape[1], channels=channels)
    return []
