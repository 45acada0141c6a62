"""All figures from which a model's state is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from explorer.latent.codes import Doubles, Floats, as_codes
from explorer.latent.decoding import (
    Decode,
    Encode,
    Way,
    sensitivity,
    unexplained,
    variety,
    way,
)
from explorer.latent.disentanglement import Score
from explorer.latent.measures import ACTIVE_VARIANCE, radius, unit_variances
from explorer.latent.rate import (
    RateParts,
    draw_aggregate,
    moment_gap,
    noise_share,
    posteriors,
    rate_parts,
)
from explorer.latent.realism import Realism, Training, Yardstick
from explorer.latent.sampling import sample_prior
from explorer.latent.traversal import kl_per_dimension

SAMPLES = 128  # pictures decoded from the prior, and as many from the data
MOVED = 256  # pictures decoded for the sensitivity, over all dimensions
PAIRS = 16
MAX_CODES = 20_000
Told = Callable[[float], object]


@dataclass(frozen=True)
class Setup:
    """The settings a model was trained with that remedies are about.

    Attributes:
        latent_dim: D.
        variational: False for a plain autoencoder.
        beta: Weight of the rate.
        warmup: ``none``, ``linear`` or ``cyclical``.
        free_bits: Nats per dimension that cost nothing.
        epochs: It was trained for; 0 if not known.
        psnr: Mean over unseen pictures in dB, NaN if not measured.
        train_psnr: The same over training pictures.
    """

    latent_dim: int
    variational: bool = True
    beta: float = 1.0
    warmup: str = "none"
    free_bits: float = 0.0
    epochs: int = 0
    psnr: float = float("nan")
    train_psnr: float = float("nan")

    @property
    def psnr_gap(self) -> float:
        """How much better training pictures are reconstructed than unseen ones, in dB."""
        return self.train_psnr - self.psnr


@dataclass(frozen=True, eq=False)
class Reread:
    """Codes that were decoded, and the pictures encoded again.

    Attributes:
        realism: Of the second codes, beside those of the data.
        drift: Median over samples of the distance from first to second code, per dimension, in
            standard deviations of the second posterior. About 1 for a model that reads its own
            pictures as it wrote them (Cemgil et al. 2020, "The Autoencoding Variational
            Autoencoder"): then the first code is a draw from the second posterior.
        variety: Mean absolute difference between two of the pictures, in grey levels.
    """

    realism: Realism
    drift: float
    variety: float

    @property
    def near(self) -> float:
        """Share of samples whose second code lies as near to the data as the data to itself."""
        return self.realism.near / len(self.realism.off.percentile)


@dataclass(frozen=True, eq=False)
class Figures:
    """What :func:`diagnose` finds; D dimensions, N pictures.

    Attributes:
        setup: How the model was trained.
        count: N.
        kl: (D,) nats per picture.
        variances: (D,) of the posterior means over pictures.
        parts: Of the rate: information and the marginal KL.
        moment_gap: (D,) nats between each dimension's mean and variance and the prior's.
        noise_share: (D,) of each dimension's variance that is noise.
        sensitivity: (D,) grey levels that a move by one prior standard deviation changes.
        radii: (N,) of draws from the aggregate posterior, up to 20,000.
        radius_gap: Kolmogorov-Smirnov distance of these to the prior's chi distribution, 0 to 1.
        unexplained: Share of the pixels' variance that reconstructions do not show.
        way: What happens between codes of two pictures.
        prior_codes: How N(0, I)'s codes lie beside draws from the aggregate posterior.
        prior: N(0, I)'s codes, decoded and encoded again.
        data: Draws from the aggregate posterior, decoded and encoded again.
        copied: Share of the prior's pictures that copy a training picture.
        likeness: Median distance of the prior's pictures to the nearest training picture, over
            that of unseen pictures.
        scores: Of disentanglement, where factors are known.
    """

    setup: Setup
    count: int
    kl: Doubles
    variances: Doubles
    parts: RateParts
    moment_gap: Doubles
    noise_share: Doubles
    sensitivity: Doubles
    radii: Doubles
    radius_gap: float
    unexplained: float
    way: Way
    prior_codes: Realism
    prior: Reread
    data: Reread
    copied: float
    likeness: float
    scores: tuple[Score, ...] = field(default=())

    @property
    def active(self) -> int:
        """Dimensions that depend on the picture (Burda et al. 2016)."""
        return int((self.variances > ACTIVE_VARIANCE).sum())

    @property
    def kl_per_active(self) -> float:
        """Nats per picture and active dimension; 0 if none is active."""
        living = self.variances > ACTIVE_VARIANCE
        return float(self.kl[living].mean()) if living.any() else 0.0


def diagnose(
    mu: ArrayLike,
    logvar: ArrayLike,
    split: ArrayLike,
    *,
    decode: Decode,
    encode: Encode,
    error: ArrayLike,
    setup: Setup,
    scores: tuple[Score, ...] = (),
    seed: int = 0,
    progress: Told | None = None,
) -> Figures:
    """Measure everything that :func:`~explorer.latent.verdicts.judge` needs.

    Args:
        mu: (N, D) codes of the data; up to 20,000 of them, chosen by chance, are looked at.
        logvar: (N, D).
        split: (N,) 0 for training, anything else held out.
        decode: Codes to pictures.
        encode: Pictures to mu and logvar.
        error: (N,) mean squared error per pixel of each reconstruction, pictures in [0, 1].
        setup: How the model was trained.
        scores: Of disentanglement, where they have been measured.
        seed: Of everything drawn.
        progress: Told the share done, 0 to 1.

    Raises:
        LatentError: Fewer than 8 pictures, arrays that do not fit, or NaN or infinity.
    """
    means, logs = posteriors(mu, logvar)
    parts = np.asarray(split)
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.permutation(len(means))[:MAX_CODES])
    few, few_logs = means[rows], logs[rows]
    noise = rng.standard_normal(few.shape, dtype=np.float32)
    drawn = np.asarray(few + np.exp(few_logs / 2) * noise, np.float32)
    dim = means.shape[1]
    invented = sample_prior(SAMPLES, dim=dim, temperature=1.0, rng=rng)
    told = progress or (lambda _: None)
    told(0.05)

    yardstick = Yardstick(few, seed=seed)
    prior_again, prior = _reread(invented, yardstick, decode, encode)
    told(0.25)
    shown = draw_aggregate(few, few_logs, SAMPLES, rng=rng)
    _, data = _reread(shown, yardstick, decode, encode)
    told(0.4)
    likeness = Training(few, parts[rows]).likeness(prior_again)
    chosen = few[rng.integers(0, len(few), SAMPLES)]
    reconstructions = decode(chosen)
    starts = few[rng.integers(0, len(few), max(2, MOVED // dim))]
    felt = sensitivity(decode, starts, progress=lambda share: told(0.5 + share * 0.4))
    radii = radius(drawn)
    found = Figures(
        setup=setup,
        count=len(means),
        kl=kl_per_dimension(means, logs),
        variances=unit_variances(means),
        parts=rate_parts(means, logs, seed=seed),
        moment_gap=moment_gap(means, logs),
        noise_share=noise_share(means, logs),
        sensitivity=felt,
        radii=radii,
        radius_gap=radius_gap(radii, dim=dim),
        unexplained=unexplained(reconstructions, error),
        way=way(decode, chosen[:PAIRS], chosen[PAIRS : 2 * PAIRS]),
        prior_codes=Yardstick(drawn, seed=seed).judge(invented),
        prior=prior,
        data=data,
        copied=float(likeness.copied.mean()),
        likeness=float(np.median(likeness.ratio)),
        scores=scores,
    )
    told(1.0)
    return found


def radius_gap(radii: ArrayLike, *, dim: int) -> float:
    """Largest difference between the shares of ``radii`` and of N(0, I) below any radius.

    The Kolmogorov-Smirnov distance to the chi distribution with ``dim`` degrees of freedom, 0 to
    1: 0 if codes lie as far out as the prior's, 1 if no radius is common to both.
    """
    from scipy.stats import chi, kstest

    return float(kstest(np.asarray(radii, np.float64), chi(dim).cdf).statistic)


def drift(first: ArrayLike, mu: ArrayLike, logvar: ArrayLike) -> Doubles:
    """Distance (M,) of codes from posteriors, per dimension, in these' standard deviations.

    The root of the mean over dimensions of ``(z - mu)² / sigma²``: about 1 for draws from them.
    """
    means, logs = posteriors(mu, logvar)
    codes = as_codes(first, name="first", dim=means.shape[1])
    square = np.square(codes - means, dtype=np.float64) * np.exp(-logs.astype(np.float64))
    return np.asarray(np.sqrt(square.mean(axis=1)))


def _reread(
    z: Floats, yardstick: Yardstick, decode: Decode, encode: Encode
) -> tuple[Floats, Reread]:
    pictures = decode(z)
    mu, logvar = encode(pictures)
    again = Reread(
        realism=yardstick.judge(mu),
        drift=float(np.median(drift(z, mu, logvar))),
        variety=variety(pictures),
    )
    return mu, again
