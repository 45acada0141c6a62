"""Everything that a diagnosis needs, gathered from a bundle."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from explorer.bundle.bundle import Bundle
from explorer.bundle.sections import FACTOR_PREFIX
from explorer.latent.diagnosis import Figures, Setup, diagnose
from explorer.latent.disentanglement import Score, disentanglement
from explorer.latent.factors import LEAST_ROWS, without_constant


def checkup(
    bundle: Bundle,
    *,
    seeds: Sequence[int] = (),
    seed: int = 0,
    progress: Callable[[float], object] | None = None,
) -> Figures:
    """The figures of a bundle, for :func:`explorer.latent.verdicts.judge`.

    Args:
        bundle: To examine; no pictures are needed beside it.
        seeds: Of the disentanglement scores, see :func:`bundle_scores`; none leaves them out,
            which take as long as all the rest.
        seed: Of everything drawn.
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
        decode=bundle.decode,
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


def bundle_scores(bundle: Bundle, *, seeds: Sequence[int] = (0, 1, 2)) -> tuple[Score, ...]:
    """Disentanglement scores of the codes, where the pictures' true factors are in the bundle.

    Factors with one value only are left out.

    Returns:
        One for each of ``explorer.latent.disentanglement.SCORES``; none without factors or with
        fewer than 38 pictures, of which 80 % are drawn.
    """
    names = [f"{FACTOR_PREFIX}{name}" for name in bundle.config.data.factor_names]
    if not names:
        return ()
    factors = bundle.items[names].to_numpy(np.float64)
    varied = without_constant(factors)
    if not len(varied) or 0.8 * len(factors) < LEAST_ROWS:
        return ()
    return disentanglement(bundle.latents.mu, factors[:, varied], seeds=seeds)
