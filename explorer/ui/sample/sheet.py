"""A sheet of samples, decoded, with what can be said about it and about each of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from explorer.data import original
from explorer.latent import Place
from explorer.latent.codes import Doubles, Floats
from explorer.latent.places import FAR
from explorer.ui import words
from explorer.ui.batches import decode_many
from explorer.ui.faces import Face, code_text
from explorer.ui.facts import noun
from explorer.ui.sample.draws import Group, draw
from explorer.ui.sample.plan import BETWEEN, RINGS, Plan

if TYPE_CHECKING:
    from explorer.bundle import Bundle
    from explorer.latent.realism import Likeness, Training
    from explorer.ui.resources import Opened

NUM_NEAREST = 6


@dataclass(frozen=True, eq=False)
class Sheet:
    """Samples in groups.

    Attributes:
        groups: Their codes and words.
        images: uint8 (n, H, W, C) of all codes, group by group.
    """

    groups: tuple[Group, ...]
    images: NDArray[np.uint8]

    @property
    def codes(self) -> Floats:
        """(n, D), group by group."""
        return np.concatenate([group.codes for group in self.groups])

    @property
    def names(self) -> tuple[str, ...]:
        """(n,)."""
        return tuple(name for group in self.groups for name in group.names)

    def face(self, number: int) -> Face:
        """One of the samples."""
        code = self.codes[number]
        return Face(code, self.images[number], self.names[number], link=code_text(code))


@dataclass(frozen=True, eq=False)
class Examined:
    """What can be said about one sample.

    Attributes:
        where: How far it lies from the data.
        memorised: A sentence on whether it repeats a training picture.
        rows: (k,) the training pictures nearest to it.
        distance: (k,) how far they are.
        images: (k, H, W, C) they themselves, or as the model draws them.
        are_originals: Which of the two.
    """

    where: Place
    memorised: str
    rows: NDArray[np.int64]
    distance: Doubles
    images: NDArray[np.uint8]
    are_originals: bool


def make_sheet(plan: Plan, opened: Opened) -> Sheet:
    """Draws and decodes.

    Raises:
        LatentError: As :func:`~explorer.ui.sample.draws.draw`.
        BundleError: Likewise.
    """
    groups = draw(plan, opened.bundle)
    images = decode_many(opened.bundle, np.concatenate([group.codes for group in groups]))
    if plan.source == RINGS:
        groups = _with_variety(groups, images)
    if plan.source == BETWEEN:
        groups = (_with_middle(groups[0], opened),)
    return Sheet(groups, images)


def examine(code: Floats, opened: Opened, training: Training) -> Examined:
    """What can be said about a sample (D,)."""
    likeness = training.likeness(code[None], k=NUM_NEAREST)
    kind = noun(opened.bundle.config)
    images, are_originals = training_pictures(likeness.index[0], opened.bundle)
    return Examined(
        where=words.describe(opened.index.typicality(code[None]), noun=kind),
        memorised=memorised(likeness, kind=kind),
        rows=likeness.index[0],
        distance=likeness.distance[0],
        images=images,
        are_originals=are_originals,
    )


def memorised(likeness: Likeness, *, kind: str) -> str:
    """A sentence on the first of some samples: is it one of the training pictures again?"""
    ratio = float(likeness.ratio[0])
    usual = f"{ratio:.1f} times as far as is usual for a {kind} the model has never seen"
    if likeness.copied[0]:
        return (
            f"Close to a copy: the nearest training {kind} is less than a third as far as the "
            f"next, and {usual}."
        )
    return f"Not a copy: the nearest training {kind} is {usual}."


def training_pictures(rows: NDArray[np.int64], bundle: Bundle) -> tuple[NDArray[np.uint8], bool]:
    """The pictures (k, H, W, C) in some rows; decoded where the originals are not at hand."""
    data = asdict(bundle.config.data)
    found = [original(data, str(name)) for name in bundle.items["id"].iloc[rows]]
    kept = [image for image in found if image is not None]
    if len(kept) == len(rows):
        return np.stack(kept), True
    return bundle.decode(np.asarray(bundle.latents.mu[rows], np.float32)), False


def variety(images: NDArray[np.uint8]) -> float:
    """How much pictures (n, H, W, C) differ from each other: root mean square, grey levels.

    Over all pairs; twice the variance of each pixel is the mean square difference of two draws.
    """
    count = len(images)
    variance = images.astype(np.float64).var(axis=0).mean() * count / max(count - 1, 1)
    return float(np.sqrt(2 * variance))


def _with_variety(groups: tuple[Group, ...], images: NDArray[np.uint8]) -> tuple[Group, ...]:
    ends = np.cumsum([len(group.codes) for group in groups])
    parts = np.split(images, ends[:-1])
    return tuple(
        replace(group, note=f"{group.note} · two differ by {variety(part):.0f} grey levels")
        if variety(part) >= 0.5
        else replace(group, note=f"{group.note} · all the same")
        for group, part in zip(groups, parts, strict=True)
    )


def _with_middle(group: Group, opened: Opened) -> Group:
    """How real the codes half-way between two classes are, in its note."""
    walks = group.codes.reshape(-1, group.columns, group.codes.shape[1])
    off = opened.index.typicality(walks[:, group.columns // 2])
    near, kind = int((off.percentile < FAR).sum()), noun(opened.bundle.config)
    said = f"half-way {near} of {len(walks)} lie as near to the {kind}s as these to each other"
    return replace(group, note=f"{group.note}; {said}")
