"""Everything that a diagnosis needs, gathered from a bundle."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from explorer.bundle.bundle import Bundle
from explorer.bundle.sections import FACTOR_PREFIX
from explorer.latent.codes import Doubles
from explorer.latent.decoding import Decode
from explorer.latent.diagnosis import Figures, Setup, diagnose
from explorer.latent.disentanglement import Score, disentanglement
from explorer.latent.factors import LEAST_ROWS, without_constant


def checkup(
    bundle: Bundle,
    *,
    seeds: Sequence[int] = (),
    seed: int = 0,
    decode: Decode | None = None,
    progress: Callable[[float], object] | None = None,
) -> Figures:
    """The figures of a bundle, for :func:`explorer.latent.verdicts.judge`.

    Args:
        bundle: To examine; no pictures are needed beside it.
        seeds: Of the disentanglement scores, see :func:`bundle_scores`; none leaves them out,
            which take as long as all the rest.
        seed: Of everything drawn.
        decode: As the bundle does; by default the bundle's own.
        progress: Told the share done, 0 to 1.

    Raises:
        BundleError: A file of the bundle cannot be read.
        LatentError: Too few pictures.
    """
    latents = bundle.latents
    return diagnose(
        latents.mu,
        latents.logvar,
        latents.split,
        decode=decode or bundle.decode,
        encode=bundle.encode,
        error=bundle.items["error"].to_numpy(),
        setup=setup_of(bundle),
        scores=bundle_scores(bundle, seeds=seeds) if seeds else (),
        seed=seed,
        progress=progress,
    )


def setup_of(bundle: Bundle) -> Setup:
    """The settings that remedies are about."""
    model, objective, results = bundle.config.model, bundle.config.objective, bundle.config.results
    return Setup(
        latent_dim=model.latent_dim,
        variational=model.variational,
        beta=objective.beta,
        warmup=objective.warmup,
        free_bits=objective.free_bits,
        epochs=bundle.config.training.epochs,
        psnr=results.get("psnr", float("nan")),
        train_psnr=results.get("train_psnr", float("nan")),
    )


def bundle_scores(
    bundle: Bundle,
    *,
    seeds: Sequence[int] = (0, 1, 2),
    progress: Callable[[float], object] | None = None,
) -> tuple[Score, ...]:
    """Disentanglement scores of the codes, where the pictures' true factors are in the bundle.

    Factors with one value only are left out.

    Args:
        bundle: To score.
        seeds: One or more, see :func:`~explorer.latent.disentanglement.disentanglement`.
        progress: Told the share done, 0 to 1.

    Returns:
        One for each of ``explorer.latent.disentanglement.SCORES``; none without factors or with
        fewer than 38 pictures, of which 80 % are drawn.
    """
    factors, _ = varied_factors(bundle)
    if not factors.shape[1] or 0.8 * len(factors) < LEAST_ROWS:
        return ()
    return disentanglement(bundle.latents.mu, factors, seeds=seeds, progress=progress)


def varied_factors(bundle: Bundle) -> tuple[Doubles, tuple[str, ...]]:
    """The true factors (N, K) of the pictures that have more than one value, and their names.

    K is 0 where none are known.
    """
    names = bundle.config.data.factor_names
    table = bundle.items[[f"{FACTOR_PREFIX}{name}" for name in names]].to_numpy(np.float64)
    varied = without_constant(table)
    return table[:, varied], tuple(names[number] for number in varied)
