"""How the samplers compare: how real, how varied, how complete and how new their samples are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from explorer.latent.realism import Realism, Training, Yardstick
from explorer.latent.sampling import require_seed
from explorer.ui.sample.draws import draw_codes
from explorer.ui.sample.plan import CLASS, MIXTURE, PRIOR, Plan
from explorer.ui.words import readable

if TYPE_CHECKING:
    from explorer.bundle import Bundle
    from explorer.latent import Mixture
    from explorer.ui.resources import Opened

NUM_JUDGED = 128  # samples of each; shares are then known to some 4 %
FEW = 1.0  # codes of the data, on the whole, behind a component


@dataclass(frozen=True)
class Judges:
    """What samples of a bundle are held against; measured once."""

    yardstick: Yardstick
    training: Training


@dataclass(frozen=True)
class Verdict:
    """What was found about one sampler."""

    name: str
    realism: Realism
    copies: int


def make_judges(opened: Opened) -> Judges:
    """The yardsticks of a bundle.

    Raises:
        LatentError: It has too few pictures to compare with.
    """
    latents = opened.bundle.latents
    yardstick = Yardstick(latents.mu, index=opened.index)
    return Judges(yardstick, Training(latents.mu, latents.split))


def samplers(plan: Plan, bundle: Bundle) -> tuple[Plan, ...]:
    """What is compared: all samplers there are, at the plan's temperature and truncation.

    Always with the same seed: another one tells nothing new of a sampler.
    """
    sources = [MIXTURE, *([PRIOR] if bundle.config.model.variational else [])]
    sources += [CLASS] if plan.kind else []
    common = replace(plan, other="", seed=0, count=NUM_JUDGED)
    return tuple(
        replace(common, source=source, kind=plan.kind if source == CLASS else "")
        for source in sources
    )


def judge(plan: Plan, bundle: Bundle, judges: Judges) -> Verdict:
    """What one sampler's samples are like.

    Raises:
        BundleError: The mixture cannot be read.
        LatentError: Numbers out of range.
    """
    rng = np.random.default_rng(require_seed(plan.seed))
    codes = draw_codes(plan, bundle, n=NUM_JUDGED, rng=rng)
    name = f"Class “{readable(plan.kind)}”" if plan.source == CLASS else plan.source
    copies = int(judges.training.likeness(codes, k=1).copied.sum())
    return Verdict(name, judges.yardstick.judge(codes), copies)


def table(verdicts: Sequence[Verdict]) -> pd.DataFrame:
    """The figures as text, a row per sampler."""
    rows = [
        {
            "Sampler": verdict.name,
            "Near the data": f"{100 * verdict.realism.near / NUM_JUDGED:.0f} %",
            "Varied": f"{100 * verdict.realism.diversity:.0f} %",
            "Complete": _complete(verdict.realism),
            "Copies": f"{verdict.copies} of {NUM_JUDGED}",
        }
        for verdict in verdicts
    ]
    return pd.DataFrame(rows).set_index("Sampler")


def explanation(noun: str) -> str:
    """What the columns of :func:`table` mean."""
    return (
        f"From {NUM_JUDGED} codes of each sampler, at the temperature and truncation above. "
        f"**Near the data**: no further from the {noun}s' codes than these lie from each other. "
        f"**Varied**: mean distance between two samples, over that of two {noun}s. **Complete**: "
        f"{noun}s that lie among the samples, in brackets those that lie among as many other "
        f"{noun}s. **Copies**: samples less than a third as far from the nearest training {noun} "
        "as from the next."
    )


def mixture_caution(mixture: Mixture, *, count: int) -> str:
    """A sentence on what is wrong with a mixture of ``count`` codes; empty if nothing is known."""
    if (mixture.weights * count < FEW).any():
        empty = int((mixture.weights * count < FEW).sum())
        return f"{empty} of its {len(mixture.weights)} components stand for no picture at all."
    spread = np.abs(np.diagonal(mixture.cholesky, axis1=1, axis2=2)).max(axis=1)
    if (spread < 1e-3).any():
        return "A component has shrunk to a point: many samples may be the same picture."
    if mixture.converged is False:
        return (
            "Its fit was stopped before it had settled. The samples may be good all the same: the "
            "table below says how they compare."
        )
    return ""


def _complete(realism: Realism) -> str:
    if not np.isfinite(realism.reached):
        return "unknown"
    real = realism.reached_by_real
    beside = f" ({100 * real:.0f} %)" if np.isfinite(real) else ""
    return f"{100 * realism.reached:.0f} %{beside}"
