"""The pictures that a diagnosis rests on, drawn and decoded for one bundle and seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from explorer.latent.codes import Doubles
from explorer.latent.decoding import Pictures, difference, variety
from explorer.latent.paths import lerp
from explorer.latent.rate import draw_aggregate
from explorer.latent.realism import Training
from explorer.latent.sampling import sample_prior
from explorer.latent.traversal import traverse
from explorer.ui.batches import decode_many
from explorer.ui.rows import unseen_rows
from explorer.ui.sample.sheet import training_pictures

if TYPE_CHECKING:
    from explorer.bundle import Bundle

DIFFERENT = 12
STRIP = 9
DRAWN = 24
SUSPECTS = 6
REACH = np.linspace(-2.0, 2.0, 7)  # prior standard deviations


@dataclass(frozen=True, eq=False)
class Different:
    """Decoded draws from the data's codes.

    Attributes:
        images: (12, H, W, C).
        variety: Mean absolute difference of two of them, in grey levels.
    """

    images: Pictures
    variety: float


@dataclass(frozen=True, eq=False)
class Strip:
    """Pictures on the straight way between the codes of two pictures.

    Attributes:
        images: (9, H, W, C).
        change: Mean absolute difference of the ends, in grey levels.
        steps: (8,) the same from each picture to the next.
    """

    images: Pictures
    change: float
    steps: Doubles

    @property
    def largest(self) -> float:
        """Share of all change that the largest step makes; NaN where nothing changes."""
        return float(self.steps.max() / self.steps.sum()) if self.steps.any() else float("nan")


@dataclass(frozen=True, eq=False)
class Grids:
    """As many pictures from the prior as from the data.

    Attributes:
        prior: (24, H, W, C).
        data: (24, H, W, C).
        are_originals: Whether the data's are the pictures themselves, not decoded codes.
    """

    prior: Pictures
    data: Pictures
    are_originals: bool


@dataclass(frozen=True, eq=False)
class Suspects:
    """Pictures from the prior that come nearest to training pictures.

    Attributes:
        images: (k, H, W, C), the nearest first.
        nearest: (k, H, W, C) the training picture of each.
        are_originals: Whether these are the pictures themselves.
        ratio: (k,) distance over that of a picture the model has never seen.
        copied: (k,) bool.
    """

    images: Pictures
    nearest: Pictures
    are_originals: bool
    ratio: Doubles
    copied: NDArray[np.bool]


def different(bundle: Bundle, *, seed: int) -> Different:
    """What the decoder makes of different codes."""
    rng = np.random.default_rng([seed, 1])
    codes = draw_aggregate(bundle.latents.mu, bundle.latents.logvar, DIFFERENT, rng=rng)
    images = decode_many(bundle, codes)
    return Different(images, variety(images))


def strip(bundle: Bundle, *, seed: int) -> Strip:
    """What happens between two pictures, unseen in training where there are such."""
    rng = np.random.default_rng([seed, 2])
    rows = unseen_rows(bundle)
    first, last = bundle.latents.mu[rng.choice(rows, 2, replace=len(rows) < 2)]
    images = decode_many(bundle, lerp(first, last, np.linspace(0, 1, STRIP)))
    return Strip(
        images,
        change=float(difference(images[:1], images[-1:])[0]),
        steps=difference(images[1:], images[:-1]),
    )


def grids(bundle: Bundle, *, seed: int) -> Grids:
    """Pictures from N(0, I), and of the data."""
    rng = np.random.default_rng([seed, 3])
    rows = rng.choice(len(bundle.items), DRAWN, replace=len(bundle.items) < DRAWN)
    data, are_originals = training_pictures(rows, bundle)
    dim = bundle.config.model.latent_dim
    codes = sample_prior(DRAWN, dim=dim, temperature=1.0, rng=rng)
    return Grids(decode_many(bundle, codes), data, are_originals)


def suspects(bundle: Bundle, pictures: Pictures) -> Suspects:
    """Those of some pictures that the encoder reads as nearest to a training picture.

    Raises:
        LatentError: Fewer than 3 training pictures.
    """
    codes, _ = bundle.encode(pictures)
    likeness = Training(bundle.latents.mu, bundle.latents.split).likeness(codes, k=1)
    order = np.argsort(likeness.ratio, kind="stable")[:SUSPECTS]
    nearest, are_originals = training_pictures(likeness.index[order, 0], bundle)
    return Suspects(
        pictures[order], nearest, are_originals, likeness.ratio[order], likeness.copied[order]
    )


def moved(bundle: Bundle, dimension: int) -> Pictures:
    """The mean code with one of its numbers moved from -2 to 2 prior standard deviations."""
    mean = bundle.latents.mu.mean(axis=0)
    axis = np.eye(len(mean), dtype=np.float32)[dimension]
    return decode_many(bundle, traverse(mean, axis, REACH))
