"""Training the network of `explorer.data.eyes` from aligned faces alone."""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from explorer.data import TRAIN, DataSpec, load
from explorer.data.dataset import Floats, Pixels
from explorer.data.eyes import OUTPUTS, SIDE, network_input
from explorer.data.sources import CELEBA_WIDTH
from explorer.training.aligner_views import FACE, NO_FACE, UNSURE, ViewMaker, Views
from explorer.training.errors import TrainingError
from explorer.training.learning_rate import cosine_factor
from explorer.training.progress import counting, say
from explorer.vae.config import ConfigError

SOURCE_SIZE = 128  # pixels for the whole width of an aligned picture
CROP_SIZE = 64  # errors are in pixels of a crop of this size
MISTAKES_EVERY = 15  # steps
FACE_WEIGHT = 3.0  # of the cross-entropy in nats against the error in pixels
WIDTHS = (16, 32, 48, 64, 64, 96)
STRIDES = (2, 2, 1, 2, 1, 2)
HIDDEN = 96
NEEDED = ("onnx", "onnxscript")
LICENCE = (
    "Finds the eyes in a grey 48 x 48 view of a face. Trained by `python train_cli.py aligner` on "
    "CelebA (Liu et al. 2015), which is for non-commercial research only; so are these weights."
)


@dataclass(frozen=True)
class AlignerSettings:
    """How the network is trained.

    Attributes:
        steps: optimiser steps.
        batch_size: views in a step.
        learning_rate: peak of a linear warm-up and half a cosine.
        weight_decay: AdamW's.
        seed: of weights and views.
        threads: of the CPU.
    """

    steps: int = 1500
    batch_size: int = 128
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    seed: int = 0
    threads: int = 1

    def __post_init__(self) -> None:
        """Refuse values no training can have.

        Raises:
            ConfigError: naming the field, its value and what is allowed.
        """
        for name in ("steps", "batch_size", "threads"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} is {getattr(self, name)}; it must be at least 1.")
        if self.seed < 0:
            raise ConfigError(f"seed is {self.seed}; it must be 0 or more.")


class EyeNet(nn.Module):
    """Six convolutions and two layers: (N, 1, 48, 48) -> eyes and logit (N, 5)."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 1
        for width, stride in zip(WIDTHS, STRIDES, strict=True):
            kernel = 5 if channels == 1 else 3
            layers += [
                nn.Conv2d(channels, width, kernel, stride, kernel // 2, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(),
            ]
            channels = width
        side = SIDE // math.prod(STRIDES)
        self.features = nn.Sequential(*layers, nn.Flatten())
        self.head = nn.Sequential(
            nn.Linear(channels * side * side, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, OUTPUTS)
        )

    def forward(self, views: Tensor) -> Tensor:
        """Eyes 0 to 1 in the view (left x, y, right x, y) and the logit of a face."""
        output: Tensor = self.head(self.features(views))
        return torch.cat([output[:, :4] + 0.5, output[:, 4:]], dim=1)


def train_aligner(root: Path | None, out: Path, settings: AlignerSettings) -> Path:
    """Train on CelebA's training part and write the network as ONNX.

    Args:
        root: folder or zip of CelebA; None is `data/celeba`.
        out: the file to write.
        settings: how.

    Returns:
        The file.

    Raises:
        DataError: there is no CelebA.
        TrainingError: packages are missing, or the file cannot be written.
    """
    _require_packages()
    torch.set_num_threads(settings.threads)
    spec = DataSpec("celeba", root=root, image_size=SOURCE_SIZE, channels=1, crop=CELEBA_WIDTH)
    dataset = load(spec)
    faces = np.ascontiguousarray(dataset.images[dataset.where(TRAIN)][..., 0])
    say(f"{len(faces)} training faces, {settings.steps * settings.batch_size:,} views of them.")
    with counting(settings.steps * settings.batch_size, "aligner") as done:
        net = fit(ViewMaker(faces, seed=settings.seed), settings, report=done)
    others = np.ascontiguousarray(dataset.images[dataset.split != TRAIN][..., 0])
    if len(others):
        say(_measured(net, ViewMaker(others, seed=settings.seed + 1).batch(2000)))
    return export(net, out)


def fit(maker: ViewMaker, settings: AlignerSettings, *, report: Callable[[int], object]) -> EyeNet:
    """Train a new network; `report` is called with the views of each step."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        net = EyeNet().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(
        net.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
    )
    net.train()
    for step in range(settings.steps):
        factor = cosine_factor(step, total_steps=settings.steps, warmup_steps=settings.steps // 20)
        for group in optimiser.param_groups:
            group["lr"] = settings.learning_rate * factor
        if step >= settings.steps // 8 and step % MISTAKES_EVERY == 0:
            maker.collect_mistakes(lambda views: _looked(net, views))
        views = maker.batch(settings.batch_size)
        loss = loss_of(net(_tensor(views.pixels)), views)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        report(settings.batch_size)
    return net.eval()


def loss_of(outputs: Tensor, views: Views) -> Tensor:
    """Huber's loss of the eyes in pixels, over faces, plus the cross-entropy of being one."""
    face = torch.from_numpy(views.face)
    is_face, is_sure = face != NO_FACE, face != UNSURE
    error = _pixels_off(outputs, views)
    eyes = F.smooth_l1_loss(error, torch.zeros_like(error), reduction="none").mean((1, 2))
    sureness = F.binary_cross_entropy_with_logits(outputs[is_sure, 4], face[is_sure])
    return eyes[is_face].mean() + FACE_WEIGHT * sureness


def _pixels_off(outputs: Tensor, views: Views) -> Tensor:
    """(N, 2, 2) in pixels of the true crop at 64 x 64."""
    off = outputs[:, :4].reshape(-1, 2, 2) - torch.from_numpy(views.eyes)
    return off * (CROP_SIZE * torch.from_numpy(views.scale))[:, None, None]


def _tensor(pixels: Pixels) -> Tensor:
    inputs = torch.from_numpy(network_input(pixels))
    return inputs.contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def _looked(net: EyeNet, pixels: Pixels) -> Floats:
    """What the network, as it is by now, tells of views (N, 48, 48, 1)."""
    net.eval()
    outputs: Floats = net(_tensor(pixels)).numpy()
    net.train()
    return outputs


@torch.no_grad()
def _measured(net: EyeNet, views: Views) -> str:
    outputs = net(_tensor(views.pixels))
    off = _pixels_off(outputs, views).norm(dim=2).mean(1).numpy()
    told = outputs[:, 4].numpy() > 0
    well, badly, none = (views.face == kind for kind in (FACE, UNSURE, NO_FACE))
    return (
        f"Unseen faces, one look: eyes off by {np.median(off[well]):.2f} px (median, at 64 px) "
        f"when well placed, {np.median(off[badly]):.2f} px when badly; "
        f"{told[well].mean():.1%} of faces and {told[none].mean():.1%} of others called a face."
    )


def export(net: EyeNet, out: Path) -> Path:
    """Write the network as one ONNX file with its licence inside.

    Raises:
        TrainingError: packages are missing, or the disk refuses.
    """
    _require_packages()
    example = torch.zeros(2, 1, SIDE, SIDE)  # of 1 the exporter would make a fixed size
    program = torch.onnx.export(
        net.eval(),
        (example,),
        dynamo=True,
        input_names=["views"],
        output_names=["eyes"],
        dynamic_shapes={"views": {0: torch.export.Dim("N")}},
        verbose=False,
    )
    assert program is not None
    program.model.doc_string = LICENCE
    for node in program.model.graph:
        node.metadata_props.clear()  # where in this machine's files each operation came from
    staging = out.with_name(f".{out.name}.writing-{secrets.token_hex(4)}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        program.save(staging)
        staging.replace(out)
    except OSError as error:
        with suppress(OSError):
            staging.unlink()
        raise TrainingError(f"{out} cannot be written ({error}); choose another --out.") from error
    return out


def _require_packages() -> None:
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise TrainingError(
            f"The network is written as ONNX, which needs {' and '.join(missing)}, not installed "
            f"here; run: pip install {' '.join(missing)}"
        )
