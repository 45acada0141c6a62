"""What a model sees in a visitor's picture, and how unusual that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from explorer.data.alignment import Placement, cut
from explorer.data.digit_crop import fit_digit
from explorer.data.pictures import Frame, fit_array
from explorer.latent import CodeIndex, Neighbours, Place
from explorer.ui import words
from explorer.ui.faces import Face, of_codes
from explorer.ui.facts import noun
from explorer.ui.photo import ink
from explorer.ui.photo.kinds import Kind
from explorer.ui.photo.subjects import Photo

if TYPE_CHECKING:
    from explorer.bundle import Bundle

NUM_NEIGHBOURS = 8
# CelebA's verdicts on looks and bodies; beside a visitor's photo they would read as one on them.
UNASKED = frozenset(
    {"Attractive", "Bags_Under_Eyes", "Big_Lips", "Big_Nose", "Chubby", "Double_Chin"}
)
MAX_SHARED = 6
FEW, MANY = 0.05, 0.25  # shares of the data that are drawn worse
CENTRAL = 0.05  # share of the data whose codes lie nearer to the mean code
HALF = 0.5  # of what differs in a picture
# scikit-learn's digits fill 8 of 10 pixels, MNIST's 20 of 28: the middle 25 of those 28 are alike.
TIGHTER = {"digits": 25}
PLAIN = 1e-4  # variance of pixels, 0 to 1, below which a picture is of one colour


@dataclass(frozen=True, eq=False)
class Sight:
    """A picture as a model sees it.

    Attributes:
        face: Its code, decoded; ``original`` is the crop the model was shown.
        where: How far its code lies from the data's.
        error: Mean squared error per pixel of the reconstruction, pixels from 0 to 1.
        worse: Share, 0 to 1, of the data that the model draws worse.
        contrast: Variance of the crop's pixels, 0 to 1.
        inner: Share, 0 to 1, of the data whose codes lie nearer to the mean code.
        near: Rows and distances (k,) of the data's nearest codes.
    """

    face: Face
    where: Place
    error: float
    worse: float
    contrast: float
    inner: float
    near: Neighbours

    @property
    def drawn(self) -> float:
        """Share of the crop's variance that the reconstruction explains; below 0 for none."""
        return 1.0 - self.error / max(self.contrast, PLAIN)

    @property
    def crop(self) -> np.ndarray:
        """(H, W, C) uint8, what the model was shown."""
        assert self.face.original is not None
        return self.face.original


def crop_photo(photo: Photo, placement: Placement, kind: Kind, bundle: Bundle) -> np.ndarray:
    """The square of a photo as a training picture, uint8 (H, W, C).

    Raises:
        DataError: Nothing is written on the paper that should show a digit.
    """
    size, _, channels = bundle.image_shape
    if kind.name == "digit":
        return _digit(cut(photo.pixels, placement, size=ink.SIDE, channels=1), bundle)
    return cut(photo.pixels, placement, size=size, channels=channels)


def crop_drawing(strokes: tuple[ink.Stroke, ...], bundle: Bundle) -> np.ndarray:
    """Strokes as a training picture, uint8 (H, W, C)."""
    return _digit(ink.draw(strokes), bundle)


def _digit(image: np.ndarray, bundle: Bundle) -> np.ndarray:
    digit = fit_digit(image)
    size, _, channels = bundle.image_shape
    crop = TIGHTER.get(bundle.config.data.source)
    frame = Frame(size, channels, crop, None if crop is None else len(digit))
    return fit_array(digit, frame)


@dataclass(frozen=True, eq=False)
class Shell:
    """The mean code (D,) of the data, and the distances (N,) of the data's codes from it."""

    mean: np.ndarray
    radii: np.ndarray


def shell_of(bundle: Bundle) -> Shell:
    """The shell in which a model's data lie."""
    codes = np.asarray(bundle.latents.mu, np.float32)
    mean = codes.mean(axis=0)
    return Shell(mean, np.linalg.norm(codes - mean, axis=1))


def look(crop: np.ndarray, bundle: Bundle, *, index: CodeIndex, shell: Shell, title: str) -> Sight:
    """Shows a model a crop (H, W, C) of its own size.

    Args:
        crop: uint8.
        bundle: The model.
        index: Of its data's codes.
        shell: In which they lie.
        title: What the picture is, for people.

    Raises:
        BundleError: A crop of another shape.
    """
    code, _ = bundle.encode(crop[None])
    # Private: neither the picture nor its code may get into a link.
    (face,) = of_codes(code, bundle, titles=[title], is_private=True)
    error = float(np.mean((face.image / 255.0 - crop / 255.0) ** 2))
    near = index.nearest(code, k=NUM_NEIGHBOURS)
    return Sight(
        face=replace(face, original=crop),
        where=words.describe(index.typicality(code), noun=noun(bundle.config)),
        error=error,
        worse=float(np.mean(bundle.items["error"].to_numpy() > error)),
        contrast=float(np.var(crop / 255.0)),
        inner=float(np.mean(shell.radii < np.linalg.norm(code - shell.mean))),
        near=Neighbours(near.index[0], near.distance[0]),
    )


def verdict(sight: Sight, bundle: Bundle) -> list[tuple[str, str]]:
    """How unusual a picture is: pairs of a level (``among``, ``edge``, ``far``) and a sentence."""
    kind = noun(bundle.config)
    found = [_placed(sight, kind), _drawn(sight, kind)]
    if [level for level, _ in found] == ["among", "far"]:
        # An encoder that knows nothing of a picture answers with something usual.
        taken = f"the average {kind}" if sight.inner < CENTRAL else f"a {kind} the model knows"
        found.append(("edge", f"A usual code with a poor drawing: it was taken for {taken}."))
    return found


def _placed(sight: Sight, kind: str) -> tuple[str, str]:
    level, text = sight.where.level, sight.where.text
    if level == "among" and sight.inner < CENTRAL:
        # Near the mean many codes are near, although hardly any lies there.
        share = min(round(100 * (1 - sight.inner)), 99)
        text += f", and nearer to the average {kind} than {share} % of them"
    return level, f"Its code: {text}."


def _drawn(sight: Sight, kind: str) -> tuple[str, str]:
    if sight.contrast < PLAIN:
        return "far", "The drawing: the crop is of one colour, there is nothing to draw."
    if sight.drawn < HALF:
        share = max(0, round(100 * sight.drawn))
        return "far", f"The drawing: it shows {share} % of what differs in the picture."
    worse = f"{100 * sight.worse:.0f} %" if sight.worse >= 0.005 else "none"
    figures = f"error {sight.error:.4f}; {worse} of the data's {kind}s are drawn worse"
    if sight.worse >= MANY:
        return "among", f"The drawing: as good as the data's own ({figures})."
    if sight.worse >= FEW:
        return "edge", f"The drawing: less good than most of the data's ({figures})."
    return "far", f"The drawing: poor ({figures})."


def shared(sight: Sight, bundle: Bundle) -> tuple[str, ...]:
    """What most of the nearest pictures have in common: their label, their attributes.

    Without what nobody should read about their own photo, see :data:`UNASKED`.
    """
    rows = bundle.items.iloc[sight.near.index]
    label = words.shared_label(rows)
    names = [name for name in bundle.config.data.attribute_names if name not in UNASKED]
    attributes = words.shared_attributes(rows, names)
    return ((label,) if label else ())[:1] + attributes[:MAX_SHARED]
