"""One sentence for each piece of evidence: what it means for this model."""

from __future__ import annotations

import numpy as np

from explorer.latent.codes import Doubles
from explorer.latent.diagnosis import Figures
from explorer.latent.measures import ACTIVE_VARIANCE, prior_radius
from explorer.latent.rate import RateParts
from explorer.latent.verdicts import LEAST_CHANGE, LEAST_INFORMATION
from explorer.ui.diagnose.evidence import Different, Strip, Suspects

NEARLY_ALL = 0.95
JUMP = 0.5  # of all change, on one of eight steps
NEAR, APART = 0.1, 0.5  # Kolmogorov-Smirnov distances, 0 to 1


def cost(kl: Doubles, variances: Doubles, *, is_variational: bool) -> str:
    """KL per dimension."""
    living = variances > ACTIVE_VARIANCE
    if not living.any():
        return "No dimension follows the picture: nothing is paid, and nothing is told."
    if not is_variational:
        return (
            "It was trained without a KL term, so no dimension has a price; the bars show how "
            f"much each varies instead. {_count(living.sum(), len(living))} follow the picture."
        )
    ordered = np.sort(kl)[::-1]
    half = int(np.searchsorted(np.cumsum(ordered), ordered.sum() / 2)) + 1
    dead = len(living) - int(living.sum())
    rest = f" The {dead} dead cost next to nothing." if dead else " None is dead."
    return (
        f"{_count(living.sum(), len(living))} follow the picture; all together cost "
        f"{kl.sum():.1f} nats per picture, half of that {_dimensions(half)}.{rest}"
    )


def active(variances: Doubles) -> str:
    """Active units."""
    living = int((variances > ACTIVE_VARIANCE).sum())
    if not living:
        return "None reaches the line: whatever the picture, the encoder gives the same code."
    if living == len(variances):
        return f"All {living} lie above the line: there is no dimension to spare."
    spare = len(variances) - living
    return (
        f"{_count(living, len(variances))} lie above the line; the other {spare} are noise, and "
        "the decoder has learnt not to listen to them."
    )


def rate(parts: RateParts, *, count: int) -> str:
    """What the rate is made of."""
    told = f"Codes tell {parts.information:.1f} of the {parts.ceiling:.1f} nats"
    off = f"{max(parts.marginal, 0):.1f} nats go into lying elsewhere than the prior"
    if parts.information < LEAST_INFORMATION:
        return f"{told} that would tell all {count:,} pictures apart: less than one bit."
    if parts.information > NEARLY_ALL * parts.ceiling:
        return (
            f"{told} that tell all {count:,} pictures apart, and no more can be measured with so "
            f"many; {off}, or into telling apart more pictures than there are."
        )
    return f"{told} that would tell all {count:,} pictures apart; {off}."


def sensitivity(felt: Doubles) -> str:
    """How much each dimension shows."""
    top, still = int(felt.argmax()), int((felt < LEAST_CHANGE).sum())
    if felt.max() < LEAST_CHANGE:
        return "No dimension changes the picture by as much as one grey level: none is heard."
    rest = (
        f" {still} of {len(felt)} change it by less than one, which no eye sees."
        if still
        else " Every dimension changes it by more than one."
    )
    return (
        f"One standard deviation along dimension {top} changes pixels by {felt[top]:.1f} of 255 "
        f"grey levels on average.{rest}"
    )


def identical(found: Different) -> str:
    """Whether different codes give different pictures."""
    if found.variety < LEAST_CHANGE:
        return (
            "These are twelve different codes, and the pictures are the same: the decoder does "
            "not listen."
        )
    return (
        f"Twelve different codes give different pictures: two of them differ by "
        f"{found.variety:.0f} of 255 grey levels on average."
    )


def interpolation(found: Strip) -> str:
    """Whether anything happens between two codes."""
    if found.change < LEAST_CHANGE:
        return "Nothing happens on the way: both ends are the same picture."
    share = f"{100 * found.largest:.0f} % of it falls on the largest of {len(found.steps)} steps"
    if found.largest > JUMP:
        return f"The picture changes in a jump: {share}."
    even = 100 / len(found.steps)
    return (
        f"From end to end pixels change by {found.change:.0f} grey levels; {share}, where even "
        f"steps had {even:.0f} % each."
    )


def prior(found: Figures, *, noun: str) -> str:
    """How pictures from the prior compare with the data."""
    near, data = 100 * found.prior.near, 100 * found.data.near
    said = " ".join(found.prior.realism.sentences(noun=noun)[1:])
    return (
        f"The encoder reads {near:.0f} % of {len(found.prior.realism.off.percentile)} pictures "
        f"from the prior as codes near the {noun}s'; of pictures drawn from the {noun}s' own "
        f"codes {data:.0f} %. {said}"
    )


def radii(found: Figures, *, noun: str) -> str:
    """How far out codes lie."""
    gap, dim = found.radius_gap, found.setup.latent_dim
    meaning = "much as far out as" if gap < NEAR else "not quite as far out as"
    if gap > APART:
        meaning = "elsewhere than"
    return (
        f"The {noun}s' codes lie {meaning} the prior's: {found.radii.mean():.1f} from the origin "
        f"on average, the prior's {prior_radius(dim):.1f}; at some radius the shares within "
        f"differ by {100 * gap:.0f} %."
    )


def memory(found: Figures, shown: Suspects, *, noun: str) -> str:
    """Whether samples are training pictures again."""
    copies = int(shown.copied.sum())
    said = (
        f"Of {len(found.prior.realism.off.percentile)} pictures from the prior "
        f"{100 * found.copied:.0f} % copy a training {noun}; on the whole they lie "
        f"{found.likeness:.1f} times as far from the nearest one as a {noun} that the model has "
        "never seen."
    )
    return f"{said} Of those shown, {copies} {'is' if copies == 1 else 'are'} a copy."


def factors(shares: Doubles, names: tuple[str, ...]) -> str:
    """Which dimension follows which factor best."""
    known = np.nan_to_num(shares)
    dimension, factor = np.unravel_index(int(known.argmax()), known.shape)
    return (
        f"“{names[factor]}” explains {100 * known[dimension, factor]:.0f} % of what dimension "
        f"{dimension} varies, the cleanest pair there is."
    )


def _count(some: int, of: int) -> str:
    return f"{some} of {of} dimensions"


def _dimensions(count: int) -> str:
    return "the most used one alone" if count == 1 else f"the {count} most used"
