"""The same walk through another bundle: each picture as that model knows it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from explorer.data import original
from explorer.latent import LatentError
from explorer.latent.codes import Floats
from explorer.ui.facts import noun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from explorer.bundle import Bundle, Config
    from explorer.ui.faces import Face

PROCEDURAL = ("toy-faces",)


def codes_in(bundle: Bundle, route: Sequence[Face], *, home: Bundle) -> Floats:
    """The codes (S, D) that ``bundle`` has for the faces of ``home``.

    A picture of the data that both were trained on has a code there already; any other is
    encoded anew, from the original where there is one.

    Raises:
        LatentError: One of them does not fit; the message says which, and why.
    """
    return np.stack([_code_in(bundle, face, home=home) for face in route])


def has_same_data(one: Config, other: Config) -> bool:
    """Whether a picture's id means the same in both."""
    first, second = one.data, other.data
    # What is drawn by a programme is another picture with another seed.
    is_drawn = first.source in PROCEDURAL
    return (first.source, first.crop) == (second.source, second.crop) and (
        not is_drawn or first.seed == second.seed
    )


def difference(one: Config, other: Config) -> str:
    """What cannot be compared between two bundles, as a sentence; empty where all can."""
    if not has_same_data(one, other):
        return (
            f"It was trained on other pictures ({other.data.title}): each end is encoded as if "
            f"it were one of them, so the walk shows what it makes of a foreign {noun(one)}."
        )
    if one.image_shape != other.image_shape:
        return (
            f"Its pictures are {_size(other)}, not {_size(one)}: look at what changes and where, "
            "but do not compare sharpness or grey levels."
        )
    return ""


def _code_in(bundle: Bundle, face: Face, *, home: Bundle) -> Floats:
    known = _row_of(bundle, face, home=home)
    if known is not None:
        return np.asarray(bundle.latents.mu[known], np.float32)
    image = _image_of(face, home)
    if image.shape != bundle.image_shape:
        raise LatentError(
            f"{bundle.name} takes pictures of {_size(bundle.config)}; “{face.title}” is none of "
            f"its own and exists as {_size(home.config)} only. Choose a picture of the data both "
            "were trained on."
        )
    return np.asarray(bundle.encode(image[None])[0][0], np.float32)


def _row_of(bundle: Bundle, face: Face, *, home: Bundle) -> int | None:
    """Which of the bundle's own pictures the face is."""
    if face.index is None or not has_same_data(home.config, bundle.config):
        return None
    name = home.items["id"].iloc[face.index]
    found = np.flatnonzero(bundle.items["id"].to_numpy() == name)
    return int(found[0]) if len(found) else None


def _image_of(face: Face, home: Bundle) -> np.ndarray:
    """What to encode: the photo or the original; failing that, what ``home`` draws."""
    if face.original is not None:
        return face.original
    if face.index is None:
        return face.image
    known = original(asdict(home.config.data), str(home.items["id"].iloc[face.index]))
    return face.image if known is None else known


def _size(config: Config) -> str:
    height, width, channels = config.image_shape
    return f"{height} × {width} in {'colour' if channels == 3 else 'grey'}"
