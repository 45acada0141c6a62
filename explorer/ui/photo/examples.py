"""A picture of the data to try the photo page with."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from explorer.data import original
from explorer.ui.photo.kinds import Kind
from explorer.ui.photo.subjects import Photo
from explorer.ui.rows import unseen_rows

if TYPE_CHECKING:
    from explorer.bundle import Bundle

SIDE = 512
TRIES = 6  # until one is drawn in which the face is found
ORIGINAL = "A picture of the data"
DECODED = "A picture of the data, as the model draws it"


def example(bundle: Bundle, kind: Kind) -> Photo:
    """A picture the model has not seen, enlarged; the original if it is at hand."""
    rng = np.random.default_rng()
    for row in rng.choice(unseen_rows(bundle), TRIES):
        photo = _enlarged(int(row), bundle)
        if kind.name != "face" or photo.faces:
            break
    return photo


def _enlarged(row: int, bundle: Bundle) -> Photo:
    found = original(asdict(bundle.config.data), str(bundle.items["id"].iloc[row]))
    code = np.asarray(bundle.latents.mu[row : row + 1], np.float32)
    image = bundle.decode(code)[0] if found is None else found
    picture = Image.fromarray(image[..., 0] if image.shape[2] == 1 else image).convert("RGB")
    large = picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return Photo(np.asarray(large), DECODED if found is None else ORIGINAL)
