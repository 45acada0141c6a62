"""The command that trains a model: of the shipped ones by name, of any other from its settings."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from explorer.bundle.sections import Config

_SWEEP = "python train_cli.py sweep"
_PAIR = (
    f"{_SWEEP} --data folder --root CIFAR10 --image-size 32 --limit 5000 --epochs 30 "
    "--batch-size 64 --width 16 --latent-dims 128 --name cifar10-pair --out pretrained"
)
_FACES = (
    "python train_cli.py train --data celeba --root CELEBA --image-size 32 --limit 6000 "
    "--latent-dim 32 --width 8 --epochs 12 --batch-size 64 --flip False --out pretrained/lab"
)
_WARMUPS = (
    f"{_SWEEP} --data mnist --limit 8000 --epochs 12 --batch-size 64 --width 8 --depth 2 "
    "--architectures mlp --betas 6 --latent-dims 32 --learning-rate 0.003 --name mnist-warmup "
    "--out pretrained"
)
# What ships, for the day when it is missing; a bundle that is there says it itself.
SHIPPED = {
    "faces": (
        "python train_cli.py train --data celeba --root CELEBA --preset faces64 --limit 9000 "
        "--epochs 23 --name faces --out pretrained"
    ),
    "mnist": (
        "python train_cli.py train --data mnist --latent-dim 16 --width 16 --epochs 5 "
        "--name mnist --out pretrained"
    ),
    "toy-faces": (
        "python train_cli.py train --data toy-faces --limit 12000 --epochs 12 --name toy-faces "
        "--out pretrained"
    ),
    "mnist-grid": (
        f"{_SWEEP} --data mnist --limit 8000 --epochs 14 --batch-size 64 --width 8 "
        "--betas 0 0.075 1 4 10 --latent-dims 2 8 32 --name mnist-grid --out pretrained\n"
        f"{_SWEEP} --data mnist --limit 8000 --epochs 14 --batch-size 64 --width 8 "
        "--kinds ae --latent-dims 2 8 32 --name mnist-grid --out pretrained\n"
        f"{_SWEEP} --data mnist --limit 8000 --epochs 14 --batch-size 64 --width 8 "
        "--architectures mlp --latent-dims 8 --name mnist-grid --out pretrained"
    ),
    "toy-faces-grid": (
        f"{_SWEEP} --data toy-faces --image-size 32 --limit 6000 --width 8 --epochs 7 "
        "--betas 0 0.075 1 4 10 --latent-dims 2 16 64 128 --name toy-faces-grid "
        "--out pretrained"
    ),
    "cifar10-pair": f"{_PAIR}\n{_PAIR} --architectures mlp --depth 2",
    "mnist-warmup": (
        f"{_WARMUPS} --warmups none linear --warmup-epochs 8\n"
        f"{_WARMUPS} --warmups cyclical --warmup-epochs 10\n"
        f"{_WARMUPS} --kl-thresholds 0.25"
    ),
    "preprocessing-aligned": f"{_FACES} --crop 118 --name preprocessing-aligned",
    "preprocessing-shifted": f"{_FACES} --crop 118 --shift 30 --name preprocessing-shifted",
    "preprocessing-unresized": f"{_FACES} --crop 64 --name preprocessing-unresized",
    "preprocessing-raw": f"{_FACES} --crop 118 --inputs raw --name preprocessing-raw",
    "preprocessing-mlp": (
        f"{_FACES} --crop 118 --architecture mlp --depth 2 --name preprocessing-mlp"
    ),
    "preprocessing-mlp-raw": (
        f"{_FACES} --crop 118 --architecture mlp --depth 2 --inputs raw "
        "--name preprocessing-mlp-raw"
    ),
}
ROOT = "PICTURES"  # stands for the folder of pictures, which a bundle does not name
TABLE = "TABLE.csv"  # the same for a table of what is known about them
NEEDS_ROOT = ("celeba", "folder")


def command_of(config: Config) -> str:
    """The command line that trains this model again, with every setting that decides it."""
    words = [word for name, value in _options(config) for word in (f"--{name}", str(value))]
    words += [] if config.model.variational else ["--no-variational"]
    return shlex.join(["python", "train_cli.py", "train", *words])


def _options(config: Config) -> Iterator[tuple[str, object]]:
    data, model, training = config.data, config.model, config.training
    yield "data", data.source
    if data.source in NEEDS_ROOT:
        yield "root", ROOT
    if data.source == "folder" and data.attribute_names:
        yield "attributes", TABLE
    if data.source == "folder" and data.factor_names:
        yield "factors", TABLE
    if training.preset:
        yield "preset", training.preset
    yield "image-size", model.image_size
    yield "channels", model.channels
    if data.crop is not None:
        yield "crop", data.crop
    if data.shift:
        yield "shift", data.shift
    # The number of pictures says the same as the limit, and a preset may have one of its own.
    yield "limit", data.limit or data.num_images
    yield "architecture", model.architecture
    yield "latent-dim", model.latent_dim
    yield "width", model.width
    if model.depth != 1:
        yield "depth", model.depth
    if model.inputs != "centred":
        yield "inputs", model.inputs
    yield from _objective(config)
    yield "epochs", training.epochs
    yield "batch-size", training.batch_size
    yield "learning-rate", f"{training.learning_rate:g}"
    yield "weight-decay", f"{training.weight_decay:g}"
    yield "flip", training.flip
    yield "seed", training.seed
    yield "name", config.name


def _objective(config: Config) -> Iterator[tuple[str, object]]:
    objective = config.objective
    yield "likelihood", objective.likelihood
    if not config.model.variational:
        return
    yield "beta", f"{objective.beta:g}"
    if objective.warmup != "none":
        yield "warmup", objective.warmup
        yield "warmup-epochs", f"{objective.warmup_epochs:g}"
    if objective.warmup == "cyclical":
        yield "cycles", objective.cycles
    if objective.free_bits:
        yield "free-bits", f"{objective.free_bits:g}"
