"""Encoding and decoding with a bundle's weights: numpy in, numpy out, safe among threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from explorer.bundle import bfloat16, eight_bit
from explorer.bundle.arrays import read_arrays
from explorer.bundle.errors import BundleError
from explorer.bundle.folding import fold_upsampling
from explorer.vae import VAE, ModelConfig

T = TypeVar("T", np.uint8, np.float32)
# Pixels per batch: 256 pictures of 32x32, 64 of 64x64. Larger ones are no faster on a CPU, and a
# decoder's last layers hold 32 times as many floats.
BATCH_PIXELS = 256 * 32 * 32
# Up to so many pictures are computed on one core. Several would gain milliseconds on an idle
# machine and lose hundreds on a busy one, where each layer waits for the slowest of them.
INTERACTIVE = 8
MISMATCHES_SHOWN = 4
# A decoder of fewer parameters is fast enough as it is.
LARGE = 2_000_000


def use_one_thread() -> None:
    """For a server: one picture is decoded faster so, and several visitors share the cores."""
    torch.set_num_threads(1)


class Runtime:
    """A network in inference mode, built from its weights at the first call.

    After that it holds no state that a call changes, so any number of threads may share it.
    """

    def __init__(self, weights: Path, *, config: ModelConfig) -> None:
        self.weights = weights
        self.config = config
        self._batch = max(1, BATCH_PIXELS // config.image_size**2)
        self._model: VAE | None = None
        self._quick: nn.Module | None = None
        self._building = threading.Lock()

    @property
    def model(self) -> VAE:
        """The network, in evaluation mode, float32 on the CPU.

        Raises:
            BundleError: The weights are not those of the configured network.
        """
        with self._building:
            if self._model is None:
                self._model = _build(self.weights, self.config)
            return self._model

    def encode(self, images: ArrayLike) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Pictures uint8 (N, H, W, C) to mu and logvar, float32 (N, D) each.

        Raises:
            BundleError: Another shape or type.
        """
        pixels = self._require_images(np.asarray(images))
        model, dim = self.model, self.config.latent_dim

        def encode_batch(x: Tensor) -> Tensor:
            scaled = x.permute(0, 3, 1, 2).float().div_(255)
            posterior = model.encode(scaled.contiguous(memory_format=torch.channels_last))
            return torch.stack([posterior.mu, posterior.logvar], dim=1)

        codes = self._in_batches(encode_batch, pixels, np.empty((len(pixels), 2, dim), np.float32))
        return np.ascontiguousarray(codes[:, 0]), np.ascontiguousarray(codes[:, 1])

    def prepare_quick(self, codes: ArrayLike) -> None:
        """Make the coarser copy of a large decoder that ``decode(quick=True)`` then uses.

        Does nothing where it would not pay.

        Args:
            codes: (N, D) of the data.

        Raises:
            BundleError: Another shape, or NaN or infinity among the numbers.
        """
        codes = self._require_codes(codes)
        decoder = self.model.decoder
        if sum(parameter.numel() for parameter in decoder.parameters()) < LARGE:
            return
        if bfloat16.is_supported():
            self._quick = bfloat16.Bfloat16(decoder)
        elif eight_bit.is_supported():
            trial = torch.from_numpy(eight_bit.trial_codes(codes))
            self._quick = eight_bit.in_eight_bits(decoder, trial)

    def decode(self, z: ArrayLike, *, quick: bool = False) -> NDArray[np.uint8]:
        """Codes (N, D) to pictures uint8 (N, H, W, C).

        Args:
            z: The codes.
            quick: By the coarser copy where one is prepared, in a quarter to half of the time.

        Raises:
            BundleError: Another shape, or NaN or infinity among the numbers.
        """
        codes = self._require_codes(z)
        model, side = self.model, self.config.image_size
        decoder = (self._quick if quick else None) or model.decoder
        shape = (len(codes), side, side, self.config.channels)

        def decode_batch(batch: Tensor) -> Tensor:
            means = torch.sigmoid(decoder(batch))
            return means.mul_(255).round_().to(torch.uint8).permute(0, 2, 3, 1)

        return self._in_batches(decode_batch, codes, np.empty(shape, np.uint8))

    def _in_batches(
        self, step: Callable[[Tensor], Tensor], values: np.ndarray, out: NDArray[T]
    ) -> NDArray[T]:
        threads = 1 if len(values) <= INTERACTIVE else torch.get_num_threads()
        with torch.inference_mode(), _threads(threads):
            for start in range(0, len(values), self._batch):
                rows = slice(start, start + self._batch)
                # A copy: codes may be a read-only view of the bundle's, which torch warns about.
                out[rows] = step(torch.tensor(values[rows])).numpy()
        return out

    def _require_images(self, images: np.ndarray) -> NDArray[np.uint8]:
        side, channels = self.config.image_size, self.config.channels
        if images.ndim != 4 or images.shape[1:] != (side, side, channels):
            raise BundleError(
                f"images has shape {images.shape}; this model takes (N, {side}, {side}, "
                f"{channels})."
            )
        if images.dtype != np.uint8:
            raise BundleError(f"images is {images.dtype}; uint8 from 0 to 255 is needed.")
        return images

    def _require_codes(self, z: ArrayLike) -> NDArray[np.float32]:
        try:
            codes = np.asarray(z, dtype=np.float32)
        except (TypeError, ValueError) as error:
            raise BundleError(f"z is not an array of numbers ({error}).") from error
        if codes.ndim != 2 or codes.shape[1] != self.config.latent_dim:
            raise BundleError(
                f"z has shape {codes.shape}; this model takes (N, {self.config.latent_dim}), one "
                "row per code."
            )
        if not np.isfinite(codes).all():
            raise BundleError("z holds NaN or infinity; every number of a code must be finite.")
        return codes


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """Compute on ``count`` cores. Another thread that starts meanwhile may do so too."""
    before = torch.get_num_threads()
    if count == before:
        yield
        return
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _build(path: Path, config: ModelConfig) -> VAE:
    # On the meta device no time goes into initial weights that are replaced at once.
    with torch.device("meta"):
        model = VAE(config)
    state = {name: torch.from_numpy(array) for name, array in read_arrays(path).items()}
    require_same_names(state, model.state_dict(), path=path)
    model.load_state_dict({name: value.float() for name, value in state.items()}, assign=True)
    model.decoder = fold_upsampling(model.decoder)
    model.requires_grad_(False)
    model.to(memory_format=torch.channels_last)
    return model.eval()


def require_same_names(
    found: dict[str, Tensor], needed: dict[str, Tensor], *, path: Path | str
) -> None:
    """Refuse weights whose names or shapes are not exactly the network's.

    Raises:
        BundleError: Listing what is missing, unexpected or of another shape.
    """
    groups = {
        "missing": [name for name in needed if name not in found],
        "unexpected": [name for name in found if name not in needed],
        "of another shape": [
            f"{name} {tuple(found[name].shape)} instead of {tuple(needed[name].shape)}"
            for name in needed
            if name in found and found[name].shape != needed[name].shape
        ],
    }
    parts = [f"{reason}: {_some(names)}" for reason, names in groups.items() if names]
    if parts:
        raise BundleError(
            f"{path}: the weights are not those of the network in config.json's model section "
            f"({'; '.join(parts)}); restore the folder from where the bundle came from."
        )


def _some(names: list[str]) -> str:
    more = len(names) - MISMATCHES_SHOWN
    return ", ".join(names[:MISMATCHES_SHOWN]) + (f" and {more} more" if more > 0 else "")
