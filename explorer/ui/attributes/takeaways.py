"""Files of an edited face that a visitor can take home."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import numpy as np

from explorer.figures.animation import to_gif
from explorer.figures.sheet import contact_sheet
from explorer.latent.codes import Floats
from explorer.ui.attributes.edits import Edit
from explorer.ui.attributes.messages import ALPHAS
from explorer.ui.attributes.panel import Panel, path_codes, strip_codes
from explorer.ui.exports import to_png

if TYPE_CHECKING:
    from explorer.bundle import Bundle
    from explorer.ui.faces import Face

STRIP_SIDE = 256  # pixels of each picture of the strip
GIF_STEPS, GIF_FPS, GIF_SIDE = 16, 20, 256


def strip_png(panel: Panel, face: Face, edit: Edit, bundle: Bundle) -> bytes:
    """The strip of the slider touched last, side by side."""
    images = bundle.decode(strip_codes(panel, face.code, edit, alphas=ALPHAS))
    return to_png(contact_sheet(images, columns=len(images)), side=STRIP_SIDE * len(images))


def loop_gif(panel: Panel, face: Face, edit: Edit, bundle: Bundle) -> bytes:
    """From the face as it is to the edit and back, for ever."""
    images = bundle.decode(path_codes(panel, face.code, edit, steps=GIF_STEPS))
    scale = max(1, GIF_SIDE // images.shape[1])
    return to_gif(images, fps=GIF_FPS, scale=scale, boomerang=True)


def code_json(panel: Panel, face: Face, edit: Edit, bundle: Bundle, *, method: str) -> bytes:
    """The edited code and all that is needed to make it again."""
    content = {
        "bundle": bundle.name,
        "weights_sha256": bundle.config.weights_sha256,
        "picture": face.title,
        "method": method,
        "values": dict(edit.values),
        "locks": list(edit.locks),
        "z": _numbers(panel.apply(face.code, edit.values)),
        "z_before": _numbers(face.code),
    }
    return json.dumps(content, indent=1).encode("utf-8")


def edit_title(face: Face, edit: Edit, panel: Panel) -> str:
    """The face and what was done to it, in one line."""
    titles = {slider.key: slider.title for slider in panel.sliders}
    done = ", ".join(f"{titles[key]} {value:+g}" for key, value in edit.values.items())
    return f"{face.title} · {done}" if done else face.title


def file_stem(face: Face, edit: Edit, bundle: Bundle) -> str:
    """A file name without its ending that tells what is in it."""
    done = "-".join(f"{key}{value:+g}" for key, value in edit.values.items())
    name = "-".join(part for part in (bundle.name, face.title.removesuffix(".jpg"), done) if part)
    return re.sub(r"[^A-Za-z0-9._+-]+", "_", name)[:120]


def _numbers(code: Floats) -> list[float]:
    # Nine digits bring float32 back to the bit.
    return [float(f"{number:.9g}") for number in np.asarray(code, np.float64)]
