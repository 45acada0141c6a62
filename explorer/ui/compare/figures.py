"""The figures of a model: those it was saved with, and those that take long to measure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from explorer.bundle import BundleError
from explorer.bundle import format as layout
from explorer.bundle.arrays import array_shapes
from explorer.bundle.checkup import bundle_scores, checkup
from explorer.data import original
from explorer.latent import LatentError, active_units
from explorer.latent.disentanglement import TITLES
from explorer.latent.prior_gain import mixture_gain
from explorer.latent.probe import Probe, linear_probe
from explorer.latent.ssim import ssim
from explorer.latent.verdicts import judge
from explorer.ui.rows import unseen_rows

if TYPE_CHECKING:
    from explorer.bundle import Bundle
    from explorer.ui.resources import Opened

SSIM_PICTURES = 200
SEEDS = (0, 1, 2)  # of the disentanglement scores
NO_BOUND = "an autoencoder's code is a point, so it has no rate and no bound"
NOT_SAVED = "not among the results in its config.json"


@dataclass(frozen=True)
class Figure:
    """A row of the table.

    Attributes:
        title: With its unit.
        digits: After the point.
        best: ``high`` or ``low``; empty where more is not better.
    """

    title: str
    digits: int = 2
    best: str = ""


FIGURES: Mapping[str, Figure] = {
    "elbo": Figure("ELBO, nats", 1, "high"),
    "rate": Figure("Rate, nats", 1),
    "distortion": Figure("Distortion, nats", 1, "low"),
    "psnr": Figure("PSNR, dB", 1, "high"),
    "ssim": Figure("SSIM", 3, "high"),
    "active": Figure("Active units", 0),
    "mixture_gain": Figure("Mixture gain, nats", 2),
    "probe": Figure("Linear probe, accuracy", 3, "high"),
    "mig": Figure(TITLES["mig"], 3, "high"),
    "dci-d": Figure(TITLES["dci-d"], 3, "high"),
    "dci-c": Figure(TITLES["dci-c"], 3, "high"),
    "dci-i": Figure(TITLES["dci-i"], 3, "high"),
    "sap": Figure(TITLES["sap"], 3, "high"),
    "factor-vae": Figure(TITLES["factor-vae"], 3, "high"),
    "parameters": Figure("Parameters", 0),
    "images_per_s": Figure("Training, pictures/s", 0),
}
SCORE_NAMES = ("mig", "dci-d", "dci-c", "dci-i", "sap", "factor-vae")


@dataclass(frozen=True)
class Found:
    """Figures of one model.

    Attributes:
        values: By their names in ``FIGURES``.
        reasons: Why others are not known.
        notes: What to know about some: what chance would reach, on how many pictures.
        verdict: In one word, as the Diagnose page has it; empty while not measured.
    """

    values: Mapping[str, float] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    verdict: str = ""

    def plus(self, other: Found) -> Found:
        """With the figures of another measurement of the same model."""
        return Found(
            {**self.values, **other.values},
            {**self.reasons, **other.reasons},
            {**self.notes, **other.notes},
            other.verdict or self.verdict,
        )


def quick(bundle: Bundle) -> Found:
    """What a bundle says of itself, in milliseconds.

    Raises:
        BundleError: A file cannot be read.
    """
    config = bundle.config
    values: dict[str, float] = {}
    reasons: dict[str, str] = {}
    for name in ("elbo", "rate", "distortion", "psnr"):
        number = config.results.get(name)
        if name in ("elbo", "rate") and not config.model.variational:
            reasons[name] = NO_BOUND
        elif number is None or not math.isfinite(number):
            reasons[name] = NOT_SAVED
        else:
            values[name] = float(number)
    values["active"] = active_units(bundle.latents.mu)
    shapes = array_shapes(bundle.path / layout.WEIGHTS)
    values["parameters"] = sum(math.prod(shape) for shape in shapes.values())
    speed = config.training.images_per_s
    if speed > 0:
        values["images_per_s"] = speed
    else:
        reasons["images_per_s"] = "not measured"
    return Found(values, reasons, {"images_per_s": f"on {config.training.device}"})


def slow(opened: Opened, *, progress: Callable[[float, str], object]) -> Found:
    """What takes seconds to minutes: similarity, gain, probe, scores, verdict.

    Args:
        opened: The model.
        progress: Told the share done, 0 to 1, and what is measured next.

    Raises:
        BundleError: A file of the bundle cannot be read.
    """
    found = Found()
    steps: list[tuple[str, Callable[[Bundle], Found]]] = [
        ("SSIM", measure_ssim),
        ("mixture gain", measure_gain),
        ("linear probe", measure_probe),
        ("disentanglement scores", measure_scores),
        ("verdict", measure_verdict),
    ]
    for number, (title, measure) in enumerate(steps):
        progress(number / len(steps), title)
        found = found.plus(measure(opened.bundle))
    progress(1.0, "done")
    return found


def measure_ssim(bundle: Bundle) -> Found:
    """Mean similarity of unseen pictures to their reconstructions, where they are at hand."""
    rows = unseen_rows(bundle)
    rows = np.random.default_rng(0).permutation(rows)[:SSIM_PICTURES]
    data = asdict(bundle.config.data)
    sources = {int(row): original(data, str(bundle.items["id"].iloc[row])) for row in rows}
    known = {row: image for row, image in sources.items() if image is not None}
    if not known:
        return Found(
            reasons={"ssim": "the source pictures are not here, and bundles hold none"},
        )
    drawn = bundle.decode(np.asarray(bundle.latents.mu[list(known)], np.float32))
    try:
        likeness = ssim(np.stack(list(known.values())), drawn)
    except LatentError as error:
        return Found(reasons={"ssim": str(error)})
    return Found({"ssim": float(likeness.mean())}, notes={"ssim": f"{len(known)} pictures"})


def measure_gain(bundle: Bundle) -> Found:
    """What the mixture would be worth as a prior, on unseen pictures."""
    if not bundle.config.model.variational:
        return Found(reasons={"mixture_gain": "an autoencoder has no prior to compare with"})
    rows = unseen_rows(bundle)
    latents = bundle.latents
    gain = mixture_gain(bundle.mixture, latents.mu[rows], latents.logvar[rows])
    return Found({"mixture_gain": gain})


def measure_probe(bundle: Bundle) -> Found:
    """How well a linear classifier reads the class, or on average the attributes, off codes."""
    known, codes = bundle.known, bundle.latents.mu
    columns = [known.labels] if known.label_names else list(known.attributes.T)
    if not columns:
        return Found(reasons={"probe": "its pictures have neither classes nor attributes"})
    probes: list[Probe] = []
    reason = ""
    for column in columns:
        try:
            probes.append(linear_probe(codes, column, known.split))
        except LatentError as error:
            reason = str(error)
    if not probes:
        return Found(reasons={"probe": reason})
    accuracy = float(np.mean([probe.accuracy for probe in probes]))
    chance = float(np.mean([probe.chance for probe in probes]))
    what = "classes" if known.label_names else f"mean of {len(probes)} attributes"
    return Found({"probe": accuracy}, notes={"probe": f"{what}, chance {chance:.3f}"})


def measure_scores(bundle: Bundle) -> Found:
    """Disentanglement scores, where true factors are known."""
    try:
        scores = bundle_scores(bundle, seeds=SEEDS)
    except LatentError as error:
        return Found(reasons=dict.fromkeys(SCORE_NAMES, str(error)))
    if not scores:
        return Found(reasons=dict.fromkeys(SCORE_NAMES, "true factors are not known"))
    return Found(
        {score.name: score.value for score in scores},
        notes={score.name: f"± {score.std:.3f}" for score in scores},
    )


def measure_verdict(bundle: Bundle) -> Found:
    """The first verdict of a diagnosis."""
    try:
        return Found(verdict=judge(checkup(bundle))[0].kind)
    except (BundleError, LatentError):
        return Found(verdict="not known")
