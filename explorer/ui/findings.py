"""What can be said about a spot: its picture, the original, where it lies, what is near."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from explorer.data import original
from explorer.latent import CodeIndex, Neighbours, OffData, Place
from explorer.ui import words
from explorer.ui.facts import noun
from explorer.ui.spots import Spot, code_at

if TYPE_CHECKING:
    from explorer.bundle import Bundle

MAX_CHIPS = 12
EXACT = "Its exact code, decoded."
INVERSE = "No {noun} lies here: the map's inverse, decoded. The plane is only a summary."


@dataclass(frozen=True, eq=False)
class Glimpse:
    """A picture (H, W, C) uint8 with a caption, for the pointer."""

    image: np.ndarray
    caption: str
    level: str


@dataclass(frozen=True, eq=False)
class Finding:
    """A picked spot in full.

    Attributes:
        image: (H, W, C) uint8, decoded.
        original: The same size, or None when there is none or it is not at hand.
        title: The picture's id, or what the spot is.
        origin: Where the code comes from.
        where: How far it lies from the data.
        chips: Attributes of the picture, or of most of its neighbours.
        facts: Names and values.
    """

    image: np.ndarray
    original: np.ndarray | None
    title: str
    origin: str
    where: Place
    chips: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


def glimpse(spot: Spot, bundle: Bundle) -> Glimpse:
    """The picture under the pointer, as quickly as possible."""
    image = bundle.decode(code_at(spot, bundle))[0]
    if spot.index is not None:
        return Glimpse(image, str(bundle.items["id"].iloc[spot.index]), "among")
    kind = noun(bundle.config)
    level = words.describe(_off_data(spot, bundle), noun=kind).level
    return Glimpse(image, words.caption(level, noun=kind), level)


def nearest_to(spot: Spot, bundle: Bundle, *, index: CodeIndex, k: int) -> Neighbours:
    """The ``k`` pictures whose codes are nearest, a picked picture itself left out."""
    # One more than asked for, as a picture is its own nearest neighbour.
    found = index.nearest(code_at(spot, bundle), k=k + 1)
    keep = found.index[0] != spot.index
    return Neighbours(found.index[0][keep][:k], found.distance[0][keep][:k])


def examine(spot: Spot, bundle: Bundle, *, index: CodeIndex, near: Neighbours) -> Finding:
    """Everything that is shown beside the map about a spot."""
    if spot.index is None:
        return _examine_place(spot, bundle, near)
    return _examine_point(spot.index, bundle, index)


def _examine_place(spot: Spot, bundle: Bundle, near: Neighbours) -> Finding:
    code = code_at(spot, bundle)
    kind = noun(bundle.config)
    rows = bundle.items.iloc[near.index]
    label = words.shared_label(rows)
    facts = [("Label of the nearest", label)] if label else []
    return Finding(
        image=bundle.decode(code)[0],
        original=None,
        title="A place on the map",
        origin=INVERSE.format(noun=kind),
        where=words.describe(_off_data(spot, bundle), noun=kind),
        chips=words.shared_attributes(rows, bundle.config.data.attribute_names)[:MAX_CHIPS],
        facts=(*facts, ("Place", f"{spot.x:.2f}, {spot.y:.2f}"), _length(code)),
    )


def _examine_point(number: int, bundle: Bundle, index: CodeIndex) -> Finding:
    row = bundle.items.iloc[number]
    code = np.asarray(bundle.latents.mu[number : number + 1], np.float32)
    errors = bundle.items["error"].to_numpy()
    facts = [("Label", row["label"])] if isinstance(row["label"], str) else []
    error = words.describe_error(float(row["error"]), errors=errors)
    return Finding(
        image=bundle.decode(code)[0],
        original=original(asdict(bundle.config.data), str(row["id"])),
        title=str(row["id"]),
        origin=EXACT,
        where=words.describe(index.typicality(code, members=True), noun=noun(bundle.config)),
        chips=words.attributes_of(row, bundle.config.data.attribute_names)[:MAX_CHIPS],
        facts=(
            *facts,
            ("Reconstruction error", error),
            ("Split", str(row["split"])),
            _length(code),
        ),
    )


def _length(code: np.ndarray) -> tuple[str, str]:
    return ("Length of the code", f"{np.linalg.norm(code):.1f}")


def _off_data(spot: Spot, bundle: Bundle) -> OffData:
    return bundle.maps[spot.plane].distance(np.array([[spot.x, spot.y]], np.float32))
