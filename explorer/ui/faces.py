"""One face (digit, picture): its code, what the model draws for it, and how a link names it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from explorer.latent.codes import Floats
from explorer.ui.spots import Spot, code_at, from_query, to_query

if TYPE_CHECKING:
    from explorer.bundle import Bundle

PLACE = "A place on the map"
CODE_PREFIX = "code:"
LIMIT = 1e4  # a code of a link beyond this draws noise at best


@dataclass(frozen=True, eq=False)
class Face:
    """What a visitor holds: taken from the data, the map, a sampler or a photo.

    Attributes:
        code: (D,) float32.
        image: (H, W, C) uint8, the code decoded.
        title: What it is, for people.
        link: Text from which :func:`from_link` makes it again; empty for what is private.
        index: The row of the bundle's items when it is one of its pictures.
        original: (H, W, C) uint8, the photo's own crop, when it came from one.
    """

    code: Floats
    image: np.ndarray
    title: str
    link: str = ""
    index: int | None = None
    original: np.ndarray | None = None


def of_row(number: int, bundle: Bundle) -> Face:
    """The picture in row ``number`` of the bundle's items."""
    plane, points = next(iter(bundle.maps.items()))
    x, y = points.xy[number]
    return of_spot(Spot(plane, float(x), float(y), number), bundle)


def of_spot(spot: Spot, bundle: Bundle, *, image: np.ndarray | None = None) -> Face:
    """The picture at a spot of a map; ``image`` (H, W, C) if it is decoded already."""
    code = code_at(spot, bundle)
    link = to_query(spot, bundle)
    title = PLACE if spot.index is None else link
    seen = bundle.decode(code)[0] if image is None else image
    return Face(code[0], seen, title, link=link, index=spot.index)


def of_codes(
    codes: np.ndarray, bundle: Bundle, *, titles: list[str], is_private: bool = False
) -> list[Face]:
    """Faces of codes (M, D): samples, edits, photos; private ones stay out of links.

    Raises:
        BundleError: Codes of another length or not finite.
    """
    codes = np.asarray(codes, np.float32)
    images = bundle.decode(codes)
    return [
        Face(code, image, title, link="" if is_private else code_text(code))
        for code, image, title in zip(codes, images, titles, strict=True)
    ]


def from_link(text: str, bundle: Bundle) -> Face | None:
    """The face a link names: a picture's id, ``map:x,y`` or a code; None when it names none."""
    if text.startswith(CODE_PREFIX):
        code = _code_of(text, dim=bundle.config.model.latent_dim)
        return None if code is None else of_codes(code, bundle, titles=["From a link"])[0]
    spot = from_query(text, bundle, plane=next(iter(bundle.maps)))
    return None if spot is None else of_spot(spot, bundle)


def code_text(code: np.ndarray) -> str:
    """A code (D,) as text for a link: float16, far finer than the posterior's sigma."""
    raw = np.asarray(code, "<f2").tobytes()
    return CODE_PREFIX + base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _code_of(text: str, *, dim: int) -> np.ndarray | None:
    """A code (1, D) from a link; None when it is damaged or another model's."""
    encoded = text.removeprefix(CODE_PREFIX)
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except ValueError:  # not ASCII, or not base64
        return None
    if len(raw) != 2 * dim:
        return None
    code = np.frombuffer(raw, "<f2").astype(np.float32)[None]
    return code if (np.abs(code) < LIMIT).all() else None  # NaN fails every comparison
