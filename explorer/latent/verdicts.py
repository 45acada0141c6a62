"""A diagnosis in words: what is wrong with a model, what shows it, and what to try."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from explorer.latent.diagnosis import Figures, Setup
from explorer.latent.measures import prior_radius
from explorer.latent.realism import COPY

Condition = Literal[
    "collapsed", "autoencoder-like", "too small", "over-regularised", "too large", "healthy"
]
# A code that tells less than one bit cannot tell two groups of pictures apart.
LEAST_INFORMATION = float(np.log(2))
# Grey levels of 255: a mean change that no eye and hardly a screen shows.
LEAST_CHANGE = 1.0
# Of the pixels' variance. Shipped models leave 2 to 13 %; beta 6 or 2 dimensions leave 60 %.
MOST_UNEXPLAINED = 1 / 3
# Nats: a dimension that holds fewer is noise for e^-2 = 14 % of its variance or more.
LEAST_USE = 1.0
# Nats per dimension: codes twice as wide as the prior are 0.81 off, half as wide 0.32. Shipped
# models have 0.17 or less, beta 0.01 and plain autoencoders 1.4 to 60.
MOST_MOMENT_GAP = 1.0
# Over the drift of the data's own codes, or 1. The shipped faces, of which half from the prior are
# no faces, have 3.9, toy faces, all smeared, 15, MNIST, nearly all digits, 1.3.
MOST_DRIFT = 2.5
# Of the share of the data's own codes: every second sample of the prior is off the data.
LEAST_NEAR = 0.5
# dB between training and unseen pictures; shipped models have 0.7 or less.
MOST_PSNR_GAP = 2.0
# Of the prior's pictures, beyond chance: where codes lie evenly, the nearest is less than a third
# as far as the second nearest in one of 3^D cases.
MOST_COPIED = 0.05

BETA_STEP = 4.0
DIM_STEP = 4
LATENT_DIMS = (2, 512)


@dataclass(frozen=True)
class Remedy:
    """Something to try.

    Attributes:
        text: What it does.
        flags: For ``python train_cli.py train``; empty where nothing is to be trained.
    """

    text: str
    flags: str = ""


@dataclass(frozen=True)
class Verdict:
    """One thing found.

    Attributes:
        kind: In a word or two.
        text: In a sentence.
        evidence: What it rests on, a sentence with figures each.
        remedies: What to try, most promising first.
    """

    kind: Condition
    text: str
    evidence: tuple[str, ...]
    remedies: tuple[Remedy, ...] = ()


def judge(figures: Figures) -> tuple[Verdict, ...]:
    """What the figures say, the gravest first; ``healthy`` alone if nothing is wrong.

    - collapsed: codes tell less than a bit of the picture, or pictures do not follow the code;
    - autoencoder-like: no KL term, or the codes are a nat per dimension off the prior's place
      and size, and hardly noisy;
    - too small: over a third of the pixels' variance is lost though all dimensions are in use;
    - over-regularised: as much is lost though dimensions idle or are mostly noise;
    - too large: the prior has holes, places that the decoder was never trained on; or the model
      knows training pictures by heart.
    """
    if _is_collapsed(figures):
        return (_collapsed(figures),)
    tests: tuple[tuple[Callable[[Figures], bool], Callable[[Figures], Verdict]], ...] = (
        (lambda found: not found.setup.variational, _like_autoencoder),
        (_is_too_small, _too_small),
        (_is_over_regularised, _over_regularised),
        (_is_off_prior, _like_autoencoder),
        (_is_too_large, _too_large),
    )
    verdicts = tuple(verdict(figures) for holds, verdict in tests if holds(figures))
    return verdicts or (_healthy(figures),)


def _is_collapsed(found: Figures) -> bool:
    deaf = found.setup.variational and found.parts.information < LEAST_INFORMATION
    return deaf or found.way.change < LEAST_CHANGE


def _is_wasteful(found: Figures) -> bool:
    """Whether there is room in the codes that is not used."""
    return found.active < found.setup.latent_dim or found.kl_per_active < LEAST_USE


def _is_too_small(found: Figures) -> bool:
    is_full = not found.setup.variational or not _is_wasteful(found)
    return found.unexplained > MOST_UNEXPLAINED and is_full


def _is_over_regularised(found: Figures) -> bool:
    is_wasteful = found.setup.variational and _is_wasteful(found)
    return found.unexplained > MOST_UNEXPLAINED and is_wasteful


def _is_off_prior(found: Figures) -> bool:
    is_off = float(found.moment_gap.mean()) > MOST_MOMENT_GAP
    return found.setup.variational and is_off and found.kl_per_active >= LEAST_USE


def _is_too_large(found: Figures) -> bool:
    by_heart = found.setup.psnr_gap > MOST_PSNR_GAP or _copies(found)
    # Where the codes are nowhere near the prior, that is the finding, and not holes in it.
    has_holes = found.setup.variational and not _is_off_prior(found) and _has_holes(found)
    return by_heart or has_holes


def _has_holes(found: Figures) -> bool:
    is_lost = found.prior.drift > MOST_DRIFT * max(1.0, found.data.drift)
    return is_lost or found.prior.near < LEAST_NEAR * found.data.near


def _copies(found: Figures) -> bool:
    return found.copied > MOST_COPIED + COPY**found.setup.latent_dim


def _collapsed(found: Figures) -> Verdict:
    setup = found.setup
    evidence = (
        f"Codes tell {found.parts.information:.2f} nats of which picture they belong to; "
        f"{found.parts.ceiling:.1f} would tell all {found.count:,} apart.",
        f"{_active(found)}; the rate is {found.kl.sum():.2f} nats per picture.",
        f"From one picture's code to another's, pixels change by {found.way.change:.1f} of 255 "
        "grey levels on average.",
        f"{_percent(found.unexplained)} of the pixels' variance is lost in reconstruction.",
    )
    remedies = [_lower_beta(setup)] if setup.variational and setup.beta > 0 else []
    if setup.warmup == "none":
        remedies.append(_WARM_UP)
    if setup.free_bits == 0:
        remedies.append(_FREE_BITS)
    text = "The posterior has collapsed: whatever the picture, the decoder sees the same noise."
    if not setup.variational:
        text = "The codes have collapsed: whatever the code, the decoder draws the same picture."
        remedies = [Remedy("Train more gently.", "--learning-rate 0.0003")]
    return Verdict("collapsed", text, evidence, tuple(remedies))


def _like_autoencoder(found: Figures) -> Verdict:
    setup = found.setup
    evidence = (
        "It was trained without a KL term."
        if not setup.variational
        else f"It was trained with beta {setup.beta:g}.",
        f"Of the codes' spread {_percent(float(np.median(found.noise_share)), 2)} is noise: each "
        "picture is almost a point.",
        f"Mean and variance of the codes are {found.moment_gap.mean():.2f} nats per dimension "
        "from the prior's.",
        _far(found),
        _near(found),
    )
    text = (
        "It behaves like a plain autoencoder: it reconstructs, but its codes follow no prior to "
        "draw new ones from."
    )
    raised = max(1.0, BETA_STEP * setup.beta)
    if setup.variational:
        remedy = Remedy("Give the KL term more weight.", f"--beta {raised:g}")
    else:
        remedy = Remedy("Train it as a variational autoencoder.", "--variational --beta 1")
    return Verdict("autoencoder-like", text, evidence, (remedy, _MIXTURE))


def _too_small(found: Figures) -> Verdict:
    setup = found.setup
    evidence = [
        f"{_percent(found.unexplained)} of the pixels' variance is lost in reconstruction.",
        f"{_active(found)}.",
    ]
    if setup.variational:
        evidence.append(f"Each holds {found.kl_per_active:.1f} nats: there is no room left.")
    wider = min(LATENT_DIMS[1], DIM_STEP * setup.latent_dim)
    text = "The code is too small for these pictures: every dimension is full, and much is lost."
    remedies = (Remedy("Make the code longer.", f"--latent-dim {wider}"),)
    return Verdict("too small", text, tuple(evidence), remedies)


def _over_regularised(found: Figures) -> Verdict:
    setup = found.setup
    evidence = (
        f"{_percent(found.unexplained)} of the pixels' variance is lost in reconstruction.",
        f"{_active(found)}, with {found.kl_per_active:.2f} nats each.",
        f"{_percent(float(np.median(found.noise_share)))} of the codes' spread is noise.",
        f"It was trained with beta {setup.beta:g}.",
    )
    remedies = [_lower_beta(setup)] if setup.beta > 0 else []
    remedies += [_FREE_BITS] if setup.free_bits == 0 else []
    remedies += [_WARM_UP] if setup.warmup == "none" else []
    text = (
        "It is over-regularised: the KL term keeps the codes from telling what the decoder needs, "
        "and pictures come out alike."
    )
    return Verdict("over-regularised", text, evidence, tuple(remedies))


def _too_large(found: Figures) -> Verdict:
    setup = found.setup
    evidence = [
        _near(found),
        f"Read again, the prior's pictures lie {found.prior.drift:.1f} posterior standard "
        f"deviations from where they were drawn, the data's own {found.data.drift:.1f}.",
        _far(found),
        f"{found.kl.sum():.0f} nats per picture are paid for, where {found.parts.ceiling:.1f} "
        f"would tell all {found.count:,} apart.",
    ]
    if setup.psnr_gap > MOST_PSNR_GAP:
        evidence.append(
            f"Training pictures are reconstructed {setup.psnr_gap:.1f} dB better than unseen ones."
        )
    if _copies(found):
        evidence.append(f"{_percent(found.copied)} of the prior's pictures copy a training one.")
    text = "The code is too large for so few pictures: the prior has holes between their codes."
    if not _has_holes(found):
        text = "The model is too large for so few pictures: it knows the training ones by heart."
    shorter = max(LATENT_DIMS[0], setup.latent_dim // 2)
    remedies = [_MIXTURE, Remedy("Make the code shorter.", f"--latent-dim {shorter}")]
    if setup.variational:
        raised = max(1.0, BETA_STEP * setup.beta)
        remedies.append(Remedy("Give the KL term more weight.", f"--beta {raised:g}"))
    if setup.epochs:
        longer = Remedy(
            "Give codes time to settle about the prior.", f"--epochs {2 * setup.epochs}"
        )
        remedies.append(longer)
    return Verdict("too large", text, tuple(evidence), tuple(remedies))


def _healthy(found: Figures) -> Verdict:
    evidence = (
        f"{_active(found)}, with {found.kl_per_active:.1f} nats each.",
        f"{_percent(found.unexplained)} of the pixels' variance is lost in reconstruction.",
        _near(found),
        f"Read again, the prior's pictures lie {found.prior.drift:.1f} posterior standard "
        f"deviations from where they were drawn, the data's own {found.data.drift:.1f}.",
        f"{_percent(found.copied)} of the prior's pictures copy a training one.",
    )
    spare = found.setup.latent_dim - found.active
    remedies: tuple[Remedy, ...] = ()
    if spare:
        fewer = max(LATENT_DIMS[0], found.active)
        remedies = (Remedy("As good with shorter codes.", f"--latent-dim {fewer}"),)
    return Verdict(
        "healthy", "Nothing is wrong with it that these figures show.", evidence, remedies
    )


_WARM_UP = Remedy(
    "Let the KL term grow during the first epochs.", "--warmup linear --warmup-epochs 5"
)
_FREE_BITS = Remedy("Let each dimension have a little for nothing.", "--free-bits 0.1")
_MIXTURE = Remedy("Draw new codes from the mixture fitted to the data's, not from the prior.")


def _lower_beta(setup: Setup) -> Remedy:
    lowered = 1.0 if setup.beta > 1 else setup.beta / BETA_STEP
    return Remedy("Give the KL term less weight.", f"--beta {lowered:g}")


def _active(found: Figures) -> str:
    return f"{found.active} of {found.setup.latent_dim} dimensions depend on the picture"


def _near(found: Figures) -> str:
    return (
        f"{_percent(found.prior.near)} of the prior's pictures are read as codes near the data's; "
        f"of pictures drawn from the data's codes {_percent(found.data.near)}."
    )


def _far(found: Figures) -> str:
    return (
        f"Codes lie {found.radii.mean():.1f} from the origin on average, the prior's "
        f"{prior_radius(found.setup.latent_dim):.1f}; the two distributions are "
        f"{found.radius_gap:.2f} apart (Kolmogorov-Smirnov, 0 to 1)."
    )


def _percent(share: float, digits: int = 0) -> str:
    return f"{100 * share:.{digits}f} %"
