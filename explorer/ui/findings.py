"""What can be said about a place: its picture, the original, where it lies, what is near."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from explorer.data import original
from explorer.latent.neighbours import CodeIndex, Neighbours
from explorer.ui import words
from explorer.ui.places import Place, code_at

if TYPE_CHECKING:
    from explorer.bundle import Bundle

MAX_CHIPS = 12
EXACT = "The exact code of this picture, decoded."
INVERSE = "No picture lies here: the map's inverse, decoded. The plane is only a summary."


@dataclass(frozen=True)
class Glimpse:
    """A picture (H, W, C) uint8 with a caption, for the pointer."""

    image: np.ndarray
    caption: str
    trust: words.Trust


@dataclass(frozen=True)
class Finding:
    """A picked place in full. ``original`` is None when there is none or it is not at hand."""

    image: np.ndarray
    original: np.ndarray | None
    title: str
    origin: str
    badge: str
    verdict: words.Verdict
    chips: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


def glimpse(place: Place, bundle: Bundle) -> Glimpse:
    """The picture under the pointer, as quickly as possible."""
    image = bundle.decode(code_at(place, bundle))[0]
    if place.index is not None:
        return Glimpse(image, str(bundle.items["id"].iloc[place.index]), "data")
    trust = _place_verdict(place, bundle).trust
    return Glimpse(image, words.caption_place(trust), trust)


def nearest_to(place: Place, bundle: Bundle, *, index: CodeIndex, k: int) -> Neighbours:
    """The ``k`` pictures whose codes are nearest, a picked picture itself left out."""
    spare = int(place.index is not None)
    found = index.nearest(code_at(place, bundle), k=k + spare)
    keep = found.index[0] != place.index
    return Neighbours(found.index[0][keep][:k], found.distance[0][keep][:k])


def examine(place: Place, bundle: Bundle, *, index: CodeIndex, near: Neighbours) -> Finding:
    """Everything that is shown beside the map about a place."""
    code = code_at(place, bundle)
    image = bundle.decode(code)[0]
    length = ("Length of the code", f"{np.linalg.norm(code):.1f}")
    if place.index is not None:
        return _examine_point(place.index, bundle, image=image, index=index, length=length)
    verdict = _place_verdict(place, bundle)
    rows = bundle.items.iloc[near.index]
    label = words.shared_label(rows)
    facts = [("Place", f"{place.x:.2f}, {place.y:.2f}"), length]
    if label:
        facts.insert(0, ("Label of the nearest", label))
    return Finding(
        image=image,
        original=None,
        title="A place on the map",
        origin=INVERSE,
        badge="decoded from the map",
        verdict=verdict,
        chips=words.shared_attributes(rows, bundle.config.data.attribute_names)[:MAX_CHIPS],
        facts=tuple(facts),
    )


def _examine_point(
    row_number: int,
    bundle: Bundle,
    *,
    image: np.ndarray,
    index: CodeIndex,
    length: tuple[str, str],
) -> Finding:
    row = bundle.items.iloc[row_number]
    verdict = words.judge_point(
        float(index.typicality(_codes(bundle, row_number), members=True).percentile[0])
    )
    errors = bundle.items["error"].to_numpy()
    facts = [
        ("Reconstruction error", words.describe_error(float(row["error"]), errors=errors)),
        ("Split", str(row["split"])),
        length,
    ]
    if isinstance(row["label"], str):
        facts.insert(0, ("Label", row["label"]))
    return Finding(
        image=image,
        original=original(asdict(bundle.config.data), str(row["id"])),
        title=str(row["id"]),
        origin=EXACT,
        badge="decoded",
        verdict=verdict,
        chips=words.attributes_of(row, bundle.config.data.attribute_names)[:MAX_CHIPS],
        facts=tuple(facts),
    )


def _codes(bundle: Bundle, row_number: int) -> np.ndarray:
    return np.asarray(bundle.latents.mu[row_number : row_number + 1], np.float32)


def _place_verdict(place: Place, bundle: Bundle) -> words.Verdict:
    off = bundle.maps[place.plane].distance(np.array([[place.x, place.y]], np.float32))
    return words.judge_place(float(off.ratio[0]))
