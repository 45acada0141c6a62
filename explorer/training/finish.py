"""From trained weights to a bundle: codes, maps, directions, sampler, card."""

from __future__ import annotations

import platform
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import torch

import explorer
from explorer import bundle, latent
from explorer.data import SOURCES, TEST, TRAIN, VALID, Dataset
from explorer.figures.sheet import contact_sheet
from explorer.training.edits import fit_edits
from explorer.training.evaluation import Evaluation, evaluate
from explorer.training.feed import Feed
from explorer.training.metrics_log import MetricsLog
from explorer.training.progress import counting, say
from explorer.training.settings import RunSettings
from explorer.training.trainer import Trainer
from explorer.vae import VAE

PREVIEW_COLUMNS, PREVIEW_ROWS = 8, 4
SPLITS = ("train", "valid", "test")
SAMPLE_TEMPERATURE = 0.8


def finish(
    settings: RunSettings, dataset: Dataset, feed: Feed, trainer: Trainer, log: MetricsLog
) -> Path:
    """Encode every picture, fit what the app needs, write the bundle.

    All processes of a run encode; only rank 0 does the rest.

    Raises:
        BundleError: The bundle cannot be written; the run stays resumable.
    """
    found = _encode_all(dataset, feed, trainer)
    if not trainer.group.is_main:
        return settings.folder
    model = trainer.averaged.model.eval()
    mu = found.mu.astype(np.float32)
    maps: dict[str, latent.PcaMap | latent.UmapMap] = {
        "pca": latent.fit_pca(mu),
        "umap": latent.fit_umap(mu, progress=say),
    }
    say("Fitting directions and the mixture …")
    edits = fit_edits(mu, found.logvar, known_of(dataset))
    mixture = latent.fit_mixture(mu[dataset.split == TRAIN], seed=settings.seed)
    contents = bundle.BundleContents(
        config=_config(settings, dataset, trainer, _results(found, dataset)),
        weights=model.state_dict(),
        mu=mu,
        logvar=found.logvar,
        split=dataset.split,
        items=items_table(dataset, found),
        maps=maps,
        directions=edits.directions,
        clouds=edits.clouds,
        mixture=mixture,
        metrics=log.read(),
        preview=_preview(model, found, dataset, mixture),
    )
    folder = bundle.write_bundle(settings.folder, contents, overwrite=True)
    say(f"{folder} is ready: streamlit run app.py")
    return folder


def items_table(dataset: Dataset, found: Evaluation) -> pd.DataFrame:
    """One row per picture: id, split, label, error, attributes, true factors."""
    labels = np.array([*dataset.label_names, None], dtype=object)[dataset.labels]
    columns: dict[str, object] = {
        "id": dataset.ids,
        "split": np.array(SPLITS, dtype=object)[dataset.split],
        "label": labels,
        "error": found.error.astype(np.float32),
    }
    for name, column in zip(dataset.attribute_names, dataset.attributes.T, strict=True):
        columns[name] = pd.array(column, dtype="Int8")
        columns[name][column < 0] = pd.NA  # type: ignore[index]
    for name, column in zip(dataset.factor_names, dataset.factors.T, strict=True):
        columns[f"factor:{name}"] = column
    return pd.DataFrame(columns)


def known_of(dataset: Dataset) -> latent.Known:
    """What the data says of its pictures."""
    return latent.Known(
        split=dataset.split,
        attributes=dataset.attributes,
        attribute_names=dataset.attribute_names,
        labels=dataset.labels,
        label_names=dataset.label_names,
    )


def _encode_all(dataset: Dataset, feed: Feed, trainer: Trainer) -> Evaluation:
    # In float32 whatever the training was: these are the codes people will see.
    exact = replace(trainer.machine, precision="fp32")
    with counting(len(dataset), "encoding") as done:
        return evaluate(
            trainer.averaged.model,
            trainer.objective,
            feed,
            np.arange(len(dataset)),
            machine=exact,
            progress=done,
        )


def _results(found: Evaluation, dataset: Dataset) -> dict[str, float]:
    """Figures on unseen pictures; the PSNR on training pictures beside them shows overfitting."""
    rows = next(rows for split in (TEST, VALID, TRAIN) if len(rows := dataset.where(split)))
    train_psnr = found.rows(dataset.where(TRAIN)).figures()["psnr"]
    return {**found.rows(rows).figures(), "train_psnr": train_psnr}


def _preview(
    model: VAE, found: Evaluation, dataset: Dataset, mixture: latent.Mixture
) -> np.ndarray:
    """Unseen pictures reconstructed, above draws from the mixture: decoded, never originals."""
    half = PREVIEW_COLUMNS * PREVIEW_ROWS // 2
    unseen = np.flatnonzero(dataset.split != TRAIN)
    rows = (unseen if len(unseen) >= half else np.arange(len(dataset)))[:half]
    drawn = mixture.sample(half, temperature=SAMPLE_TEMPERATURE, rng=np.random.default_rng(0))
    return contact_sheet(
        decode(model, np.concatenate([found.mu[rows], drawn])), columns=PREVIEW_COLUMNS
    )


@torch.no_grad()
def decode(model: VAE, z: np.ndarray) -> np.ndarray:
    """Codes (N, D) to uint8 (N, H, W, C) on the model's own device."""
    device = next(model.parameters()).device
    pictures = model.decode(torch.from_numpy(z.astype(np.float32)).to(device))
    scaled = (pictures * 255).round().to(torch.uint8)
    return scaled.permute(0, 2, 3, 1).cpu().numpy()


def _config(
    settings: RunSettings, dataset: Dataset, trainer: Trainer, results: dict[str, float]
) -> bundle.Config:
    objective, options = settings.objective, settings.optimisation
    sigma = float(trainer.objective.sigma) if objective.likelihood == "gaussian" else None
    return bundle.Config(
        name=settings.name,
        model=settings.model,
        objective=bundle.ObjectiveSection(
            beta=objective.beta,
            likelihood=objective.likelihood,
            sigma=sigma,
            warmup=settings.warmup.kind,
            warmup_epochs=settings.warmup.epochs,
            cycles=settings.warmup.cycles,
            free_bits=objective.free_bits,
        ),
        data=_data_section(dataset),
        training=bundle.TrainingSection(
            preset=settings.preset,
            epochs=options.epochs,
            batch_size=options.batch_size,
            learning_rate=options.learning_rate,
            weight_decay=options.weight_decay,
            ema_decay=options.ema_decay,
            grad_clip=options.grad_clip,
            seed=settings.seed,
            precision=trainer.machine.precision,
            device=trainer.machine.title,
            flip=options.flip,
            images_per_s=trainer.epoch * trainer.images_per_epoch / max(trainer.seconds, 1e-9),
            wall_s=trainer.seconds,
        ),
        results=results,
        versions=bundle.Versions(
            python=platform.python_version(),
            torch=str(torch.__version__),
            numpy=np.__version__,
            explorer=explorer.__version__,
        ),
        git_commit=_git_commit(),
    )


def _data_section(dataset: Dataset) -> bundle.DataSection:
    spec = dataset.spec
    sizes = [len(dataset.where(split)) for split in (TRAIN, VALID, TEST)]
    return bundle.DataSection(
        source=spec.source,
        image_size=dataset.image_size,
        channels=dataset.channels,
        crop=spec.crop,
        limit=spec.limit,
        seed=spec.seed,
        num_images=len(dataset),
        num_skipped=len(dataset.skipped),
        attribute_names=dataset.attribute_names,
        label_names=dataset.label_names,
        factor_names=dataset.factor_names,
        split_sizes=bundle.SplitSizes(*sizes),
        license=dataset.license,
        title=SOURCES[spec.source].title,
        shift=spec.shift,
    )


def _git_commit() -> str | None:
    """The commit of this program, if it runs from a checkout."""
    command = ["git", "rev-parse", "HEAD"]
    here = Path(__file__).parent
    try:
        return subprocess.run(
            command, cwd=here, capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
