"""Train, resume, evaluate and export variational autoencoders.

    python train_cli.py                                         # cartoon faces, minutes on a CPU
    python train_cli.py train --data celeba --root DIR --preset faces64 --name NAME
    python train_cli.py train --data folder --root DIR --attributes FILE.csv
    python train_cli.py resume checkpoints/NAME
    python train_cli.py sweep --betas 0 1 4 --latent-dims 2 8 32 --name NAME
    python train_cli.py evaluate pretrained/faces --root DIR --json
    python train_cli.py export pretrained/faces --to onnx
    python train_cli.py directions checkpoints/NAME
    python train_cli.py judge checkpoints/NAME --root DIR
    python train_cli.py diagnose checkpoints/NAME               # what is wrong, and what to try
    python train_cli.py aligner --root CELEBA                   # finds eyes in visitors' photos
    torchrun --standalone --nproc-per-node=4 train_cli.py train ...   # several GPUs

Progress goes to stderr, results to stdout. Exit code 0: done; 1: the run failed; 2: the command
was wrong; 130: interrupted, and resumable.
"""

from __future__ import annotations

import io
import json
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import tyro

DATA_OPTIONS = ("root", "image_size", "channels", "crop", "attributes", "factors", "shift")
Source = Literal["toy-faces", "digits", "mnist", "fashion-mnist", "cifar10", "celeba", "folder"]
PresetName = Literal["small", "digits28", "faces64", "faces128"]


@dataclass(frozen=True)
class Train:
    """Turn pictures into a bundle that the app opens. Options left out come from the preset."""

    data: Source = "toy-faces"
    """Where pictures come from."""
    root: Path | None = None
    """Folder or zip with the pictures; default data/<source>."""
    attributes: Path | None = None
    """CSV with a row per picture and a column per attribute (folder only)."""
    factors: Path | None = None
    """CSV with a row per picture and a column per true factor, to score codes by (folder only)."""
    image_size: int | None = None
    """Side of the pictures in pixels: 28, 32, 64 or 128."""
    channels: int | None = None
    """1 for grey, 3 for RGB."""
    crop: int | None = None
    """Side of the centre crop in pixels, before resizing (celeba: 148 of 178)."""
    shift: int = 0
    """Move each picture by up to so many pixels, in the unit of the crop (celeba only)."""
    limit: int | None = None
    """Only the first N pictures; of a folder N from all over it."""
    preset: PresetName | None = None
    """Settings known to work; by default the one for the data."""
    architecture: Literal["conv", "mlp"] = "conv"
    """Residual convolutions or fully connected layers."""
    latent_dim: int | None = None
    """Length of a code, 2 to 512."""
    width: int | None = None
    """Channels at full resolution (conv) or 1/16 of the hidden units (mlp)."""
    depth: int = 1
    """Residual blocks per resolution (conv) or hidden layers (mlp)."""
    inputs: Literal["centred", "raw"] = "centred"
    """What the encoder is given: pixels from -1 to 1, or raw ones, from 0 to 255."""
    variational: bool = True
    """False trains a plain autoencoder."""
    beta: float = 1.0
    """Weight of the KL term; with the Gaussian likelihood 1 is the calibrated ELBO."""
    likelihood: Literal["bernoulli", "gaussian", "squared"] | None = None
    """Of the pixels: Gaussian means one calibrated sigma."""
    warmup: Literal["none", "linear", "cyclical"] = "none"
    """How beta grows at the start."""
    warmup_epochs: float = 0.0
    """Length of the warm-up (linear) or of all cycles (cyclical)."""
    cycles: int = 4
    """Cycles of a cyclical warm-up."""
    free_bits: float = 0.0
    """Nats per dimension that cost nothing."""
    epochs: int | None = None
    """Passes over the training pictures."""
    batch_size: int | None = None
    """Pictures per step."""
    learning_rate: float = 1e-3
    """Peak learning rate."""
    weight_decay: float = 0.01
    """Of AdamW."""
    flip: bool | None = None
    """Mirror every second training picture."""
    seed: int = 0
    """Decides weights, order and noise."""
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    """Of the networks; the objective is always float32."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where to compute."""
    compile: bool | None = None
    """Compile the step; by default on a GPU only."""
    threads: int | None = None
    """CPU threads."""
    name: str | None = None
    """Name of the bundle; default the data's."""
    out: Path = Path("checkpoints")
    """Folder of bundles."""
    overwrite: bool = False
    """Replace a bundle or run of that name."""


T = TypeVar("T")
# An option of train that a sweep has no use for: its axes decide.
Axis = Annotated[T, tyro.conf.Fixed, tyro.conf.Suppress]


@dataclass(frozen=True)
class Sweep(Train):
    """Train every combination of the values given, each a bundle in OUT/NAME.

    The same command again skips what is finished, goes on with what was stopped and tries again
    what failed; more values extend the sweep. Other options are those of train.
    """

    betas: tuple[float, ...] = (1.0,)
    """Weights of the KL term."""
    latent_dims: tuple[int, ...] = ()
    """Lengths of a code; by default the preset's."""
    architectures: tuple[Literal["conv", "mlp"], ...] = ("conv",)
    """Networks."""
    kinds: tuple[Literal["vae", "ae"], ...] = ("vae",)
    """Variational or plain autoencoders; to the latter beta and warm-up mean nothing."""
    warmups: tuple[Literal["none", "linear", "cyclical"], ...] = ("none",)
    """How beta grows at the start."""
    kl_thresholds: tuple[float, ...] = (0.0,)
    """Nats per dimension that cost nothing (free bits)."""
    jobs: int | None = None
    """Cells at once; by default one per core, or per GPU."""
    engine: Literal["local", "ray"] = "local"
    """Processes on this machine, or tasks on a Ray cluster (requirements-ray.txt)."""
    name: str | None = None
    """Name of the sweep; default the data's with -sweep."""
    architecture: Axis[Literal["conv", "mlp"]] = "conv"
    latent_dim: Axis[int | None] = None
    variational: Axis[bool] = True
    beta: Axis[float] = 1.0
    warmup: Axis[Literal["none", "linear", "cyclical"]] = "none"
    free_bits: Axis[float] = 0.0
    overwrite: Axis[bool] = False


@dataclass(frozen=True)
class Resume:
    """Go on with a run that was stopped."""

    bundle: tyro.conf.Positional[Path]
    """Its folder, such as checkpoints/NAME."""


@dataclass(frozen=True)
class Evaluate:
    """Measure a bundle on unseen pictures of its data."""

    bundle: tyro.conf.Positional[Path]
    """Its folder."""
    data: Source | None = None
    """Other data than it was trained on."""
    root: Path | None = None
    """Folder or zip with the pictures."""
    split: Literal["train", "valid", "test"] = "test"
    """Which part of the data."""
    json: bool = False
    """Print JSON."""


@dataclass(frozen=True)
class Export:
    """Write a bundle's network for other programs, or for the Hugging Face Hub."""

    bundle: tyro.conf.Positional[Path]
    """Its folder."""
    to: Literal["onnx", "hub-folder"]
    """encoder.onnx and decoder.onnx, or a folder ready for upload."""
    out: Path | None = None
    """Folder to make; default exports/NAME-onnx or exports/NAME."""


@dataclass(frozen=True)
class FitDirections:
    """Compute a bundle's directions and centres again, for one made before there were several."""

    bundle: tyro.conf.Positional[Path]
    """Its folder; only its directions.safetensors changes."""


@dataclass(frozen=True)
class Judge:
    """Let a judge of pictures, trained once per data set, measure what a bundle's edits do."""

    bundle: tyro.conf.Positional[Path]
    """Its folder; only its directions.safetensors changes."""
    root: Path | None = None
    """Folder or zip with the pictures it was trained on."""
    per_side: int = 100
    """Held-out pictures without, and with, each attribute."""
    json: bool = False
    """Print JSON."""


@dataclass(frozen=True)
class Diagnose:
    """Say in words what is wrong with a bundle, what shows it, and what to try."""

    bundle: tyro.conf.Positional[Path]
    """Its folder; nothing in it changes."""
    seed: int = 0
    """Of all codes drawn."""
    json: bool = False
    """Print JSON."""


@dataclass(frozen=True)
class Aligner:
    """Train the network that finds the eyes in a photo, on CelebA's aligned faces alone."""

    root: Path | None = None
    """Folder or zip of CelebA; default data/celeba."""
    out: Path = Path("explorer/data/assets/eyes.onnx")
    """The ONNX file to write; the default is the one that the app uses."""
    steps: int = 1500
    """Steps of 128 views each."""
    seed: int = 0
    """Decides weights and views."""
    threads: int = 1
    """CPU threads; another number changes the weights in their last digits."""


AnyCommand = (
    Train | Sweep | Resume | Evaluate | Export | FitDirections | Judge | Diagnose | Aligner
)
Command = (
    Annotated[Train, tyro.conf.subcommand("train")]
    | Annotated[Sweep, tyro.conf.subcommand("sweep")]
    | Annotated[Resume, tyro.conf.subcommand("resume")]
    | Annotated[Evaluate, tyro.conf.subcommand("evaluate")]
    | Annotated[Export, tyro.conf.subcommand("export")]
    | Annotated[FitDirections, tyro.conf.subcommand("directions")]
    | Annotated[Judge, tyro.conf.subcommand("judge")]
    | Annotated[Diagnose, tyro.conf.subcommand("diagnose")]
    | Annotated[Aligner, tyro.conf.subcommand("aligner")]
)


def settings_of(command: Train) -> Any:
    """The run a command asks for, defaults taken from the preset and the data."""
    from explorer.bundle.presets import PRESETS, preset_for
    from explorer.data import DataError, DataSpec
    from explorer.data.sources import resolve
    from explorer.training.settings import Optimisation, RunSettings
    from explorer.vae.config import ConfigError, ModelConfig
    from explorer.vae.objective import ObjectiveConfig
    from explorer.vae.schedules import Warmup

    preset_name = command.preset or preset_for(command.data)
    preset = PRESETS[preset_name]
    given = {field.name: getattr(command, field.name) for field in fields(command)}
    chosen = {
        name: getattr(preset, name) if given[name] is None else given[name]
        for name in ("latent_dim", "width", "epochs", "batch_size", "likelihood", "flip", "limit")
    }
    data = {name: given[name] for name in DATA_OPTIONS}
    spec = DataSpec(source=command.data, limit=chosen["limit"], seed=command.seed, **data)
    try:
        spec = resolve(spec)
    except DataError as error:
        raise ConfigError(str(error)) from error
    objective = ObjectiveConfig(
        beta=command.beta, likelihood=chosen["likelihood"], free_bits=command.free_bits
    )
    assert spec.image_size is not None
    assert spec.channels is not None
    model = ModelConfig(
        architecture=command.architecture,
        image_size=spec.image_size,
        channels=spec.channels,
        latent_dim=chosen["latent_dim"],
        variational=command.variational,
        width=chosen["width"],
        depth=command.depth,
        inputs=command.inputs,
    )
    return RunSettings(
        name=command.name or _default_name(command),
        out=command.out,
        data=spec,
        model=model,
        objective=objective,
        warmup=Warmup(kind=command.warmup, epochs=command.warmup_epochs, cycles=command.cycles),
        optimisation=Optimisation(
            epochs=chosen["epochs"],
            batch_size=chosen["batch_size"],
            learning_rate=command.learning_rate,
            weight_decay=command.weight_decay,
            flip=chosen["flip"],
        ),
        seed=command.seed,
        precision=command.precision,
        device=command.device,
        compile=command.compile,
        threads=command.threads,
        preset=preset_name,
    )


def _default_name(command: Train) -> str:
    return f"{command.data}-sweep" if isinstance(command, Sweep) else command.data


def run(command: AnyCommand) -> int:
    """Carry out a command; torch is only imported here.

    Returns:
        The exit code.
    """
    from explorer import BundleError
    from explorer.data import DataError
    from explorer.latent import LatentError
    from explorer.training import TrainingError
    from explorer.vae.config import ConfigError

    try:
        return _carry_out(command)
    except ConfigError as error:
        return _fail(str(error), code=2)
    except (DataError, TrainingError, BundleError, LatentError) as error:
        return _fail(str(error), code=1)


def _carry_out(command: AnyCommand) -> int:
    if isinstance(command, Sweep):
        return _sweep(command)
    if isinstance(command, Evaluate):
        _evaluate(command)
    elif isinstance(command, Export):
        _export(command)
    elif isinstance(command, FitDirections):
        _fit_directions(command)
    elif isinstance(command, Judge):
        _judge(command)
    elif isinstance(command, Diagnose):
        _diagnose(command)
    elif isinstance(command, Aligner):
        _train_aligner(command)
    else:
        _train(command)
    return 0


def _train(command: Train | Resume) -> None:
    from explorer import training
    from explorer.training.distributed import joined

    with joined() as group:
        if isinstance(command, Resume):
            print(training.resume(command.bundle, group=group))
            return
        settings = settings_of(command)
        print(training.train(settings, overwrite=command.overwrite, group=group))


def _sweep(command: Sweep) -> int:
    from explorer.training.engines import require_jobs
    from explorer.training.grid import Axes
    from explorer.training.sweep import train_sweep

    require_jobs(command.jobs)
    base = settings_of(command)
    axes = Axes(
        betas=command.betas,
        latent_dims=command.latent_dims or (base.model.latent_dim,),
        architectures=command.architectures,
        kinds=command.kinds,
        warmups=command.warmups,
        kl_thresholds=command.kl_thresholds,
    )
    found = train_sweep(
        base,
        axes,
        command=_spoken(command),
        open_engine=lambda cells: _engine(command, base, cells=cells),
    )
    for path in found.done:
        print(path)
    if not found.failures:
        return 0
    count = f"{len(found.failures)} of {len(found.failures) + len(found.done)} cells"
    sentence = "\n  ".join([f"{count} are not done:", *found.failures])
    return _fail(sentence, code=1)


def _engine(command: Sweep, base: Any, *, cells: int) -> Any:
    if command.engine == "local":
        from explorer.training.engines import local_engine

        return local_engine(base, jobs=command.jobs)
    from explorer.training.ray_engine import RayEngine

    return RayEngine(base, slots=command.jobs or cells)


def _spoken(command: Sweep) -> str:
    """The command line that says the same, options left alone left out."""
    words = ["python", "train_cli.py", "sweep"]
    for item in fields(command):
        value = getattr(command, item.name)
        if value != item.default:
            values = value if isinstance(value, tuple) else (value,)
            words += [f"--{item.name.replace('_', '-')}", *map(_word, values)]
    return shlex.join(words)


def _word(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _export(command: Export) -> None:
    from explorer.bundle.export import export_hub_folder, export_onnx

    export = export_onnx if command.to == "onnx" else export_hub_folder
    print(export(command.bundle, out=command.out))


def _fit_directions(command: FitDirections) -> None:
    from explorer.training.edits import refit

    print(refit(command.bundle))


def _judge(command: Judge) -> None:
    from explorer.training.judge_effects import judge_bundle
    from explorer.training.judge_report import effects_json, effects_rows, effects_table

    opened, effects = judge_bundle(command.bundle, root=command.root, per_side=command.per_side)
    rows = effects_rows(opened, effects)
    print(effects_json(rows) if command.json else effects_table(rows))


def _diagnose(command: Diagnose) -> None:
    from explorer.training.diagnosis_report import diagnose_bundle, diagnosis_json, diagnosis_text

    found = diagnose_bundle(command.bundle, seed=command.seed)
    print(diagnosis_json(found) if command.json else diagnosis_text(found))


def _train_aligner(command: Aligner) -> None:
    from explorer.training.aligner import AlignerSettings, train_aligner

    settings = AlignerSettings(steps=command.steps, seed=command.seed, threads=command.threads)
    print(train_aligner(command.root, command.out, settings))


def _evaluate(command: Evaluate) -> None:
    from explorer.training.report import evaluate_bundle

    figures = evaluate_bundle(
        command.bundle, source=command.data, root=command.root, split=command.split
    )
    if command.json:
        print(json.dumps(figures, indent=2))
        return
    for name, value in figures.items():
        print(f"{name:>14}  {value:.4f}" if isinstance(value, float) else f"{name:>14}  {value}")


def _interrupted(command: AnyCommand) -> str:
    from explorer.bundle import RESUME

    if isinstance(command, Evaluate | Export | FitDirections | Judge | Diagnose | Aligner):
        return "Interrupted."
    if isinstance(command, Sweep):
        return f"Interrupted; go on with: {_spoken(command)}"
    folder = (
        command.bundle
        if isinstance(command, Resume)
        else command.out / (command.name or _default_name(command))
    )
    if not (folder / RESUME).is_dir():
        return "Interrupted before the first step; nothing was written."
    return f"Interrupted; go on with: python train_cli.py resume {shlex.quote(str(folder))}"


def _fail(sentence: str, *, code: int) -> int:
    print(f"\n{sentence}", file=sys.stderr)
    return code


@contextmanager
def _told_once() -> Iterator[None]:
    """Under torchrun all processes read the command line; rank 0 tells what is wrong with it."""
    if os.environ.get("RANK", "0") == "0":
        yield
        return
    with redirect_stderr(io.StringIO()), redirect_stdout(io.StringIO()):
        yield


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and run it; without a sub-command, ``train``."""
    arguments = sys.argv[1:] if arguments is None else arguments
    with _told_once():
        command = tyro.cli(Command, args=arguments or ["train"], description=__doc__)
    try:
        return run(command)
    except KeyboardInterrupt:  # also while torch is being imported
        return _fail(_interrupted(command), code=130)


if __name__ == "__main__":
    sys.exit(main())
