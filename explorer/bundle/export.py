"""A bundle's network for other programs: ONNX files, or a folder for the Hugging Face Hub."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import torch
from torch import Tensor, nn

from explorer.bundle import format as layout
from explorer.bundle.arrays import read_arrays
from explorer.bundle.check import check_bundle
from explorer.bundle.errors import BundleError
from explorer.bundle.runtime import require_same_names
from explorer.bundle.sections import Config
from explorer.vae import VAE

EXPORTS = Path("exports")
ENCODER, DECODER = "encoder.onnx", "decoder.onnx"
NEEDED = ("onnx", "onnxscript")
EXAMPLES = 2  # of 0 or 1 the exporter would make a fixed size
PREVIEW_TEXT = "Reconstructions of unseen pictures above, samples below"


class Encoder(nn.Module):
    """Pictures as they are on disk to the posterior."""

    def __init__(self, model: VAE) -> None:
        super().__init__()
        self.model = model

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """uint8 (N, H, W, C) -> mu and logvar, float32 (N, D) each."""
        posterior = self.model.encode(images.permute(0, 3, 1, 2).float() / 255)
        return posterior.mu, posterior.logvar


class Decoder(nn.Module):
    """Codes to pictures as they are on disk."""

    def __init__(self, model: VAE) -> None:
        super().__init__()
        self.model = model

    def forward(self, z: Tensor) -> Tensor:
        """float32 (N, D) -> uint8 (N, H, W, C)."""
        pictures = (self.model.decode(z) * 255).round().to(torch.uint8)
        return pictures.permute(0, 2, 3, 1)


def export_onnx(bundle: Path, *, out: Path | None = None) -> Path:
    """Write ``encoder.onnx`` and ``decoder.onnx``, which need neither torch nor this package.

    They speak as :class:`explorer.bundle.Bundle` does: the encoder takes ``images``, uint8
    (N, H, W, C), and gives ``mu`` and ``logvar``, float32 (N, D); the decoder takes ``z``, float32
    (N, D), and gives ``images``, uint8 (N, H, W, C). N is free. The card comes along.

    Args:
        bundle: Its folder.
        out: The folder to make; default ``exports/NAME-onnx``.

    Returns:
        The folder.

    Raises:
        BundleError: The bundle cannot be opened, the folder is taken or cannot be written, or
            the packages ``onnx`` and ``onnxscript`` are missing.
    """
    config = check_bundle(bundle)
    _require_packages()
    folder = out or EXPORTS / f"{_name(bundle)}-onnx"
    side, colours, dim = config.model.image_size, config.model.channels, config.model.latent_dim
    model = _network(bundle, config)
    images = torch.zeros(EXAMPLES, side, side, colours, dtype=torch.uint8)
    codes = torch.zeros(EXAMPLES, dim)
    with _making(folder) as staging:
        _write(staging / ENCODER, Encoder(model), images, names=("images", "mu", "logvar"))
        _write(staging / DECODER, Decoder(model), codes, names=("z", "images"))
        shutil.copyfile(bundle / layout.CARD, staging / layout.CARD)
    return folder


def export_hub_folder(bundle: Path, *, out: Path | None = None) -> Path:
    """Write a folder to upload to the Hugging Face Hub: ``hf upload USER/NAME FOLDER``.

    ``config.json``, ``model.safetensors`` and the card ``README.md`` have the names the Hub knows;
    the card gains the preview and how to download. The other files of the bundle come along, so
    that what is downloaded opens in Latent Explorer as it is.

    Args:
        bundle: Its folder.
        out: The folder to make; default ``exports/NAME``.

    Returns:
        The folder.

    Raises:
        BundleError: The bundle cannot be opened, or the folder is taken or cannot be written.
    """
    check_bundle(bundle)
    folder = out or EXPORTS / _name(bundle)
    with _making(folder) as staging:
        for name in layout.FILES:
            shutil.copyfile(bundle / name, staging / name)
        card = (bundle / layout.CARD).read_text(encoding="utf-8")
        (staging / layout.CARD).write_text(hub_card(card, name=_name(bundle)), encoding="utf-8")
        check_bundle(staging)
    return folder


def hub_card(card: str, *, name: str) -> str:
    """A bundle's card for the Hub: with its preview under the title and the way to download."""
    picture = f"![{PREVIEW_TEXT}]({layout.PREVIEW})"
    download = f"```\nhf download USER/{name} --local-dir checkpoints/{name}\n```\n\n"
    card = re.sub(r"(?m)^(# .*\n)", lambda found: f"{found[1]}\n{picture}\n", card, count=1)
    return card.replace("## How to open it\n\n", f"## How to open it\n\n{download}", 1)


def _name(bundle: Path) -> str:
    return bundle.resolve().name


def _network(bundle: Path, config: Config) -> VAE:
    """The network as it was trained: the runtime's folded layers are no standard operations."""
    model = VAE(config.model)
    path = bundle / layout.WEIGHTS
    state = {name: torch.from_numpy(value) for name, value in read_arrays(path).items()}
    require_same_names(state, model.state_dict(), path=path)
    model.load_state_dict(state)
    return model.eval().requires_grad_(False)


def _write(path: Path, module: nn.Module, example: Tensor, *, names: tuple[str, ...]) -> None:
    """One graph with the input ``names[0]`` and the other names as its outputs."""
    program = torch.onnx.export(
        module.eval(),
        (example,),
        dynamo=True,
        input_names=names[:1],
        output_names=names[1:],
        dynamic_shapes={names[0]: {0: torch.export.Dim("N")}},
        verbose=False,
    )
    assert program is not None
    program.save(path)


def _require_packages() -> None:
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise BundleError(
            f"Writing ONNX needs {' and '.join(missing)}, not installed here; run: pip install "
            f"{' '.join(missing)}"
        )


@contextmanager
def _making(folder: Path) -> Iterator[Path]:
    """A hidden folder beside ``folder`` that takes its name when all is done.

    Raises:
        BundleError: ``folder`` is there already, or the disk refuses; nothing is left then.
    """
    if folder.exists():
        raise BundleError(f"{folder}: is there already; choose another --out, or move it away.")
    staging = folder.parent / f".{folder.name}.writing-{secrets.token_hex(4)}"
    try:
        staging.mkdir(parents=True)
        yield staging
        staging.rename(folder)
    except OSError as error:
        raise BundleError(
            f"{folder}: cannot be written ({error.strerror or error}); free some space or choose "
            "another --out. Nothing was left there."
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
