"""The codes of a sheet, in groups, each with the words above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from explorer.latent import LatentError, sample_prior
from explorer.latent.codes import Floats
from explorer.latent.measures import radius
from explorer.latent.regions import (
    between_clouds,
    corner_rows,
    map_corners,
    prior_within,
    ring_radii,
    rings,
    share_within,
)
from explorer.latent.sampling import require_seed
from explorer.ui import words
from explorer.ui.facts import noun
from explorer.ui.sample.plan import BETWEEN, CLASS, CORNERS, MIXTURE, PRIOR, RINGS, Plan

if TYPE_CHECKING:
    from explorer.bundle import Bundle

NUM_RINGS, PER_RING = 8, 8
WALKS, STEPS = 5, 9  # an odd number of steps has one half-way
CORNER_NAMES = ("top left", "top right", "bottom left", "bottom right")


@dataclass(frozen=True, eq=False)
class Group:
    """Codes that belong together on the sheet.

    Attributes:
        title: Above them; empty where the sheet is one group.
        note: Beside the title, in words.
        codes: (n, D).
        names: (n,) what each is called.
        columns: Pictures in a row; 0 for as many as fit.
    """

    title: str
    note: str
    codes: Floats
    names: tuple[str, ...]
    columns: int = 0


def draw(plan: Plan, bundle: Bundle) -> tuple[Group, ...]:
    """The groups of a sheet.

    Raises:
        LatentError: A seed or other number out of range, no or only one class where the source
            needs them.
        BundleError: The bundle has no such class, or its mixture cannot be read.
    """
    rng = np.random.default_rng(require_seed(plan.seed))
    if plan.source == RINGS:
        return _draw_rings(bundle, rng)
    if plan.source == CORNERS:
        return _draw_corners(bundle)
    if plan.source == BETWEEN:
        return (_draw_between(plan, bundle, rng),)
    codes = draw_codes(plan, bundle, n=plan.count, rng=rng)
    return (Group("", "", codes, sample_names(plan)),)


def draw_codes(plan: Plan, bundle: Bundle, *, n: int, rng: np.random.Generator) -> Floats:
    """Codes (n, D) from one of the three samplers.

    Raises:
        LatentError: Temperature or truncation out of range, or no class to draw from.
        BundleError: No such class.
    """
    how = {"temperature": plan.temperature, "truncation": plan.truncation}
    if plan.source == PRIOR:
        return sample_prior(n, dim=bundle.config.model.latent_dim, rng=rng, **how)
    if plan.source == MIXTURE:
        return bundle.mixture.sample(n, rng=rng, **how)
    _require_classes(bundle, 1)
    return bundle.cloud(plan.kind).sample(n, rng=rng, **how)


def sample_names(plan: Plan) -> tuple[str, ...]:
    """What the samples of a sampler are called."""
    what = f"“{words.readable(plan.kind)}”" if plan.source == CLASS else plan.source.lower()
    numbers = range(1, plan.count + 1)
    if plan.source == CLASS:
        return tuple(f"New {what}, number {number} of seed {plan.seed}" for number in numbers)
    return tuple(f"Sample {number} of the {what}, seed {plan.seed}" for number in numbers)


def region_sentence(plan: Plan, bundle: Bundle) -> str:
    """What one sees in a region; empty for a sampler."""
    kind = noun(bundle.config)
    if plan.source == RINGS:
        low, high = np.quantile(radius(bundle.latents.mu), [0.05, 0.95])
        return (
            f"Each column goes from the origin outwards in one direction. 9 of 10 {kind}s lie "
            f"{low:.1f} to {high:.1f} from the origin; nearer and further the decoder draws codes "
            "that training hardly ever gave it."
        )
    if plan.source == CORNERS:
        return (
            "The corners of a map are mostly empty. What is drawn there is a mean of the pictures "
            "nearest on the map (UMAP), or lies in a plane that few codes are near to (PCA)."
        )
    if plan.source == BETWEEN:
        return (
            "Centre and spread go straight from the one class to the other. Look half-way: where "
            "the classes are neighbours, the pictures stay whole."
        )
    return ""


def _draw_rings(bundle: Bundle, rng: np.random.Generator) -> tuple[Group, ...]:
    own = radius(bundle.latents.mu)
    radii = ring_radii(own, count=NUM_RINGS)
    dim = bundle.config.model.latent_dim
    codes = rings(radii, per_ring=PER_RING, dim=dim, rng=rng)
    within = zip(share_within(radii, data=own), prior_within(radii, dim=dim), strict=True)
    prior = bundle.config.model.variational
    return tuple(
        Group(
            title=f"{distance:.1f} from the origin" if distance else "The origin",
            note=_ring_note(data, by_prior if prior else None, kind=noun(bundle.config)),
            codes=ring,
            names=tuple(
                f"{distance:.1f} from the origin, direction {way + 1}" for way in range(PER_RING)
            ),
            columns=PER_RING,
        )
        for distance, ring, (data, by_prior) in zip(radii, codes, within, strict=True)
    )


def _ring_note(data: float, prior: float | None, *, kind: str) -> str:
    """How many lie further in."""
    if data == 0:
        return f"nearer to it than any {kind}"
    beyond = f"beyond every {kind}" if data == 1 else f"{_percent(data)} of the {kind}s"
    if prior is None:
        return beyond if data == 1 else f"{beyond} lie further in"
    drawn = f"{_percent(prior)} of the prior's draws"
    return (
        f"{beyond}; {drawn} lie further in"
        if data == 1
        else f"{beyond} and {drawn} lie further in"
    )


def _draw_corners(bundle: Bundle) -> tuple[Group, ...]:
    """For each map what it draws in its corners, and the pictures that reach furthest there."""
    kind = noun(bundle.config)
    groups = []
    for name, plane in bundle.maps.items():
        rows = corner_rows(plane.xy)
        corners = np.asarray(plane.invert(map_corners(plane.xy)), np.float32)
        shown = name.upper()
        where = tuple(f"{shown}, {corner}" for corner in CORNER_NAMES)
        groups += [
            Group(
                f"Corners of the {shown} map", "what its inverse draws there", corners, where, 4
            ),
            Group(
                f"Outermost on the {shown} map",
                f"the {kind}s that reach furthest into each corner",
                np.asarray(bundle.latents.mu[rows], np.float32),
                tuple(bundle.items["id"].iloc[rows].astype(str)),
                4,
            ),
        ]
    return tuple(groups)


def _draw_between(plan: Plan, bundle: Bundle, rng: np.random.Generator) -> Group:
    _require_classes(bundle, 2)
    if plan.kind == plan.other:
        raise LatentError(f"Both ends are {words.readable(plan.kind)}; choose two classes.")
    ends = [bundle.cloud(plan.kind), bundle.cloud(plan.other)]
    codes = between_clouds(
        [end.mean for end in ends],
        [end.std for end in ends],
        steps=STEPS,
        n=WALKS,
        temperature=plan.temperature,
        truncation=plan.truncation,
        rng=rng,
    )
    one, other = (f"“{words.readable(end.name)}”" for end in ends)
    steps = np.linspace(0, 100, STEPS)
    return Group(
        title=f"From {one} to {other}",
        note="each row is one draw, moved from the one class to the other",
        codes=codes.transpose(1, 0, 2).reshape(WALKS * STEPS, -1),
        names=tuple(f"{share:.0f} % of the way from {one} to {other}" for share in steps) * WALKS,
        columns=STEPS,
    )


def _require_classes(bundle: Bundle, count: int) -> None:
    """Refuse what the data do not allow.

    Raises:
        LatentError: With the classes there are.
    """
    names = [words.readable(cloud.name) for cloud in bundle.clouds]
    if not names:
        raise LatentError(
            f"{bundle.name} knows no classes: its data have neither labels nor attributes with at "
            "least 20 training pictures; draw from the mixture instead."
        )
    if len(names) < count:
        raise LatentError(f"{bundle.name} knows only one class, {names[0]}; two are needed here.")


def _percent(share: float) -> str:
    if 0 < share < 0.01 or 0.99 < share < 1:
        return "under 1 %" if share < 0.5 else "over 99 %"
    return f"{100 * share:.0f} %"
