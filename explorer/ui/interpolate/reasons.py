"""Why two ways differ, and what the figures of a way say, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from explorer.latent import radius
from explorer.latent.codes import Doubles
from explorer.latent.paths import Kind, leaves_shell
from explorer.ui.facts import noun
from explorer.ui.words import plain

if TYPE_CHECKING:
    from explorer.ui.interpolate.way import Way
    from explorer.ui.resources import Opened

TITLES: dict[Kind, str] = {"linear": "Linear", "spherical": "Spherical"}
MANNERS: dict[Kind, str] = {"linear": "straight across", "spherical": "round the origin"}
THICK = 1.0  # a shell thicker than its own radius is a ball
SMOOTH = 1.6  # the largest step over the mean: below, nothing jumps
NINE_OF_TEN = (0.05, 0.5, 0.95)
SAME = "Both ends are the same picture, so the walk stands still. Choose another one."
AUTOENCODER = (
    "A plain autoencoder only ever learnt to draw the very codes of its {noun}s: nothing in its "
    "training asks the places between them to mean anything, so halfway it tends to lay one "
    "{noun} over the other, or to draw what was never in the data. A variational autoencoder "
    "draws every {noun} from a cloud around its code and pulls the clouds together until they "
    "touch: what lies between two {noun}s has been trained too."
)


@dataclass(frozen=True)
class Shell:
    """Distances from the origin: of the middle code, and those that nine of ten lie between."""

    low: float
    middle: float
    high: float

    @property
    def is_hollow(self) -> bool:
        """Whether the middle of the data is empty, as it is in many dimensions."""
        return (self.high - self.low) / max(self.middle, 1e-9) < THICK


def shell_of(opened: Opened) -> Shell:
    """Where the data's codes lie."""
    return Shell(*np.quantile(data_radii(opened.identity, _opened=opened), NINE_OF_TEN))


@st.cache_resource(max_entries=6, show_spinner=False)
def data_radii(identity: str, *, _opened: Opened) -> Doubles:
    """Distances (N,) of a bundle's codes from the origin."""
    return radius(_opened.bundle.latents.mu)


def reason(opened: Opened) -> str:
    """Two sentences on why the two ways differ in this bundle."""
    model, kind = opened.bundle.config.model, noun(opened.bundle.config)
    if not model.variational:
        return (
            f"A plain autoencoder puts the codes of its {kind}s wherever it likes, and the origin "
            "means nothing to it. Neither way was ever trained, so neither has a claim to be "
            "the better one."
        )
    if not shell_of(opened).is_hollow:
        return (
            f"With {model.latent_dim} numbers the codes fill the inside as well, so the straight "
            f"way stays among the {kind}s. The way round the origin makes a detour, and the two "
            "differ most where the ends lie on opposite sides."
        )
    return (
        f"Codes of {model.latent_dim} numbers lie in a shell round the origin: a straight line "
        f"cuts through its hollow, where few {kind}s are and the model tends towards its average "
        f"{kind}. The way round the origin keeps the distance that codes have, which does not "
        "mean that it passes near any of them."
    )


def radius_note(ways: Sequence[Way], opened: Opened) -> str:
    """The figures behind :func:`reason`, as Markdown."""
    shell, kind = shell_of(opened), noun(opened.bundle.config)
    radii = data_radii(opened.identity, _opened=opened)
    lines = [
        f"Distance from the origin: nine of ten {kind}s lie at **{shell.low:.1f}** to "
        f"**{shell.high:.1f}**, the middle one at {shell.middle:.1f}."
    ]
    for way in ways:
        nearest = way.lowest_radius
        closer = 100 * float(np.mean(radii < nearest))
        lines.append(
            f"- {TITLES[way.kind]}: {way.radii[0]:.1f} at the start, **{nearest:.1f}** at its "
            f"nearest, {way.radii[-1]:.1f} at the end; {closer:.0f} % of the {kind}s lie nearer "
            "than that."
        )
    return "\n".join(lines)


def smoothness_sentence(way: Way) -> str:
    """What the smoothness plot shows of one way."""
    kind = noun(way.opened.bundle.config)
    return f"**{TITLES[way.kind]}**: {_evenness(way)}; {_whereabouts(way, kind)}."


def _evenness(way: Way) -> str:
    changes = way.changes
    mean, largest = float(changes.mean()), float(changes.max())
    if largest == 0:
        return "nothing changes from step to step"
    step = int(changes.argmax()) + 1
    if largest < SMOOTH * mean:
        return (
            f"the picture changes evenly, by {mean:.1f} grey levels a step and by {largest:.1f} "
            "at most"
        )
    return (
        f"the picture changes by {mean:.1f} grey levels a step, but by {largest:.1f} from step "
        f"{step} to {step + 1}: something jumps there"
    )


def _whereabouts(way: Way, kind: str) -> str:
    far = way.excursions.share
    runs = leaves_shell(way.fine, data_radii(way.opened.identity, _opened=way.opened))
    outside = sum(stop - start for start, stop in runs) / len(way.fine)
    if far:
        return f"{_percent(far)} of the way is far from every {kind} (shaded)"
    if outside:
        return (
            f"its nearest neighbours are never far, yet {_percent(outside)} of the way is nearer "
            f"to the origin, or farther from it, than 98 % of the {kind}s"
        )
    return f"no part of the way is far from the {kind}s"


def autoencoder_note(opened: Sequence[Opened]) -> str:
    """Why the pictures between look wrong, where a plain autoencoder is among the bundles."""
    found = [one for one in opened if not one.bundle.config.model.variational]
    if not found:
        return ""
    names = ", ".join(plain(one.bundle.name) for one in found)
    return f"**{names}** — " + AUTOENCODER.format(noun=noun(found[0].bundle.config))


def _percent(share: float) -> str:
    return f"{max(1, round(100 * share))} %"
