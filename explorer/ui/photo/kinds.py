"""What kind of picture suits a model, and how it is asked for: decided here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from explorer.bundle.sections import Config

ALIGNED = frozenset({"celeba"})  # trained on faces whose eyes lie in the same place
DRAWN = frozenset({"mnist", "digits"})
UPLOAD, CAMERA, DRAW = "Upload", "Camera", "Draw"


@dataclass(frozen=True)
class Kind:
    """How a picture comes in.

    Attributes:
        name: ``face``: the face is found and aligned; ``digit``: the ink is centred and scaled;
            ``picture``: the largest centre square.
        ways: How it can be given, the first one first.
        wanted: The label of the upload: what to choose.
        advice: What suits this model, in a sentence.
    """

    name: Literal["face", "digit", "picture"]
    ways: tuple[str, ...]
    wanted: str
    advice: str


FACE = Kind(
    "face",
    (UPLOAD, CAMERA),
    "A photo with a face",
    "A face from the front, well lit, suits best. It is found, turned upright and cut like the "
    "faces the model learnt from.",
)
DIGIT = Kind(
    "digit",
    (DRAW, UPLOAD, CAMERA),
    "A photo of one written digit",
    "Draw one digit from 0 to 9, or photograph one on plain paper. It is centred and scaled like "
    "the digits the model learnt from.",
)
CARTOON = Kind(
    "picture",
    (UPLOAD, CAMERA),
    "A picture of a cartoon face",
    "This model has only seen cartoon faces, from the front and on a plain ground. A photo will "
    "be far from anything it has seen: try one, and see what it makes of you.",
)


def kind_of(config: Config) -> Kind:
    """The kind of picture that goes with a model, by the source of its data."""
    source = config.data.source
    if source in ALIGNED:
        return FACE
    if source in DRAWN:
        return DIGIT
    return CARTOON if source == "toy-faces" else _any_picture(config.data.title)


def _any_picture(title: str) -> Kind:
    return Kind(
        "picture",
        (UPLOAD, CAMERA),
        "A picture",
        f"A picture like those the model learnt from ({title}) suits best. Its largest centre "
        "square is taken; the crop can be moved by hand.",
    )
