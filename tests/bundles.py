"""Tiny bundles with random weights, for every test that needs one on disk."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

from explorer.bundle import (
    BundleContents,
    Config,
    DataSection,
    ObjectiveSection,
    SplitSizes,
    TrainingSection,
    Versions,
    write_bundle,
)
from explorer.latent import (
    Effects,
    UmapMap,
    attribute_clouds,
    attribute_directions,
    fit_mixture,
    fit_pca,
)
from explorer.vae import VAE, ModelConfig


@dataclass(frozen=True)
class Tiny:
    """What may differ between tiny bundles."""

    name: str = "tiny"
    num_images: int = 300
    seed: int = 0
    source: str = "toy-faces"
    title: str = "procedural cartoon faces"
    license: str = "procedural, no restriction"
    architecture: str = "conv"
    image_size: int = 32
    channels: int = 3
    latent_dim: int = 8
    variational: bool = True
    width: int = 8
    beta: float = 1.0
    likelihood: str = "gaussian"
    warmup: str = "linear"
    free_bits: float = 0.0
    crop: int | None = None
    attribute_names: tuple[str, ...] = ("Smiling", "Eyeglasses")
    label_names: tuple[str, ...] = ("black", "blond", "red")
    factor_names: tuple[str, ...] = ("smile",)


def make_bundle(folder: Path, **changes: Any) -> Path:
    """Write a tiny bundle; the changes are fields of Tiny."""
    return write_bundle(folder, make_contents(**changes))


def make_contents(**changes: Any) -> BundleContents:
    """The contents of a tiny bundle; the changes are fields of Tiny."""
    tiny = replace(Tiny(), **changes)
    rng = np.random.default_rng(tiny.seed)
    config = make_config(tiny)
    attributes = rng.integers(0, 2, (tiny.num_images, len(tiny.attribute_names))).astype(np.int8)
    mu = rng.standard_normal((tiny.num_images, tiny.latent_dim)).astype(np.float32)
    # Each attribute moves its own dimension, so that its direction is there to be found.
    mu[:, : attributes.shape[1]] += 2 * attributes
    attributes[rng.random(attributes.shape) < 0.05] = -1
    sizes = config.data.split_sizes
    split = np.repeat(np.arange(3, dtype=np.uint8), [sizes.train, sizes.valid, sizes.test])
    logvar = np.full_like(mu, -2.0)
    names = tiny.attribute_names
    directions = attribute_directions(mu, attributes, names=names, split=split)
    clouds = attribute_clouds(mu, attributes, names=names, split=split, logvar=logvar)
    return BundleContents(
        config=config,
        weights=random_weights(config.model, seed=tiny.seed),
        mu=mu,
        logvar=logvar,
        split=split,
        items=make_items(tiny, attributes, split, rng=rng),
        maps={"pca": fit_pca(mu), "umap": UmapMap(xy=5 * np.tanh(mu[:, :2]), codes=mu)},
        directions=directions.found,
        clouds=clouds.found,
        mixture=fit_mixture(mu, components=2, seed=tiny.seed),
        metrics=[
            {"step": 10 * epoch, "epoch": epoch, "split": "train"}
            | {"elbo": -100.0 / epoch, "rate": 20.0 / epoch}
            for epoch in range(1, 6)
        ],
        preview=rng.integers(0, 256, (64, 96, 3), dtype=np.uint8),
    )


def make_config(tiny: Tiny) -> Config:
    held_out = tiny.num_images // 10
    return Config(
        name=tiny.name,
        model=ModelConfig(
            architecture=tiny.architecture,  # type: ignore[arg-type]
            image_size=tiny.image_size,
            channels=tiny.channels,
            latent_dim=tiny.latent_dim,
            variational=tiny.variational,
            width=tiny.width,
        ),
        objective=ObjectiveSection(
            beta=tiny.beta,
            likelihood=tiny.likelihood,
            sigma=0.1 if tiny.likelihood == "gaussian" else None,
            warmup=tiny.warmup,
            warmup_epochs=2.0,
            cycles=4,
            free_bits=tiny.free_bits,
        ),
        data=DataSection(
            source=tiny.source,
            image_size=tiny.image_size,
            channels=tiny.channels,
            crop=tiny.crop,
            limit=tiny.num_images,
            seed=tiny.seed,
            num_images=tiny.num_images,
            num_skipped=0,
            attribute_names=tiny.attribute_names,
            label_names=tiny.label_names,
            factor_names=tiny.factor_names,
            split_sizes=SplitSizes(tiny.num_images - 2 * held_out, held_out, held_out),
            license=tiny.license,
            title=tiny.title,
        ),
        training=TrainingSection(
            preset="small",
            epochs=5,
            batch_size=64,
            learning_rate=1e-3,
            weight_decay=0.01,
            ema_decay=0.999,
            grad_clip=1.0,
            seed=tiny.seed,
            precision="float32",
            device="cpu",
            flip=False,
            images_per_s=500.0,
            wall_s=75.0,
        ),
        results={"psnr": 21.5, "rate": 18.25, "elbo": -410.0, "active_units": 7.0},
        versions=Versions(python="3.12.1", torch="2.14.1", numpy="2.4.6", explorer="0.1.0"),
        git_commit="0" * 40,
    )


def make_items(
    tiny: Tiny, attributes: np.ndarray, split: np.ndarray, *, rng: np.random.Generator
) -> pd.DataFrame:
    count = tiny.num_images
    names = np.array(["train", "valid", "test"], dtype=object)
    labels = np.array([*tiny.label_names, None], dtype=object)
    columns: dict[str, Any] = {
        "id": [f"toy-{number:06d}" for number in range(count)],
        "split": names[split],
        "label": labels[rng.integers(0, len(labels), count)],
        "error": rng.uniform(0.001, 0.02, count).astype(np.float32),
    }
    columns |= dict(zip(tiny.attribute_names, attributes.T, strict=True))
    columns |= {
        f"factor:{name}": rng.random(count, dtype=np.float32) for name in tiny.factor_names
    }
    return pd.DataFrame(columns)


def random_weights(config: ModelConfig, *, seed: int) -> dict[str, torch.Tensor]:
    """Weights under which different codes give plainly different pictures."""
    generator = torch.Generator().manual_seed(seed)
    state = VAE(config).state_dict()
    drawing = [name for name in state if name.startswith("decoder.") and name.endswith("weight")]
    weights = {}
    for name, value in state.items():
        noise = torch.randn(value.shape, generator=generator)
        if value.ndim > 1:
            weights[name] = 1.5 * noise / math.sqrt(value[0].numel())
        else:
            # One-dimensional: biases, and the gains of the normalisations.
            weights[name] = 0.1 * noise + (1.0 if name.endswith("weight") else 0.0)
    # Around mid-grey, seldom black or white.
    weights[drawing[-1]] *= 0.8
    return weights


def make_effects(name: str = "Smiling", *, methods: tuple[str, ...] = ("mean",)) -> Effects:
    """What a judge saw of one attribute, made up."""
    edits = (len(methods), 1, 2)
    return Effects(
        names=(name,),
        methods=methods,
        judged=(name, "Hat"),
        alphas=np.array([0, 1], np.float32),
        success=np.full(edits, 0.5, np.float32),
        flips=np.full((*edits, 2), 0.25, np.float32),
        counts=np.array([[10, 11]], np.int32),
        agreement=np.array([[0.5, 0.75]], np.float32),
        accuracy=np.array([0.875, 1.0], np.float32),
    )
