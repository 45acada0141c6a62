"""Directions and clouds of a bundle: for a new one, and again for one there is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from explorer import bundle, latent
from explorer.training.progress import say

SAME = 1e-3  # of a direction's length: what another machine's rounding may change


@dataclass(frozen=True)
class FoundEdits:
    """What could be computed."""

    directions: tuple[latent.Direction, ...]
    clouds: tuple[latent.Cloud, ...]


def fit_edits(mu: np.ndarray, logvar: np.ndarray, known: latent.Known) -> FoundEdits:
    """Directions by every method, and clouds, of all attributes and classes.

    What cannot be done is said on stderr.
    """
    directions = latent.all_directions(mu, known)
    clouds = latent.all_clouds(mu, known, logvar=logvar)
    for sentence in directions.skipped:
        say(f"No direction: {sentence}")
    for sentence in clouds.skipped:
        say(f"No cloud: {sentence}")
    return FoundEdits(directions.found, clouds.found)


def refit(folder: str | Path) -> Path:
    """Compute the directions and clouds of a bundle again, and rewrite that file of it.

    What a judge saw the old directions do is kept only if the new ones are the same.

    Returns:
        The folder.

    Raises:
        BundleError: There is no bundle, or it cannot be written to.
    """
    opened = bundle.load(folder)
    found = fit_edits(opened.latents.mu, opened.latents.logvar, opened.known)
    effects = opened.effects
    if effects is not None and not same(opened.directions, found.directions):
        say("The directions have changed, so what the judge saw of the old ones is dropped.")
        effects = None
    bundle.update_directions(
        opened.path, directions=found.directions, clouds=found.clouds, effects=effects
    )
    say(f"{len(found.directions)} directions and {len(found.clouds)} clouds.")
    return opened.path


def same(one: tuple[latent.Direction, ...], other: tuple[latent.Direction, ...]) -> bool:
    """Whether directions are the same ones in the same order, up to rounding."""
    return len(one) == len(other) and all(map(_alike, one, other))


def _alike(one: latent.Direction, other: latent.Direction) -> bool:
    if (one.name, one.method, one.kind) != (other.name, other.method, other.kind):
        return False
    apart = float(np.linalg.norm(one.vector - other.vector))
    return apart <= SAME * max(one.scale, other.scale)
