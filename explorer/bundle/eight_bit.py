"""A decoder in 8-bit integers: nearly the same pictures in half the time.

Weights and the inputs of convolutions become integers, ``value = step * (integer - zero)``
(Jacob et al. 2018, "Quantization and training of neural networks for efficient integer-arithmetic-
only inference", eq. 1); sums, norms and the last layer stay in floating point. On ``faces`` the
pictures differ from the exact ones by half a grey level on average, which nobody sees on a sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from explorer.bundle.folding import UpsampledConv, interleave
from explorer.vae.networks import ResidualBlock

LEVELS = 255  # the largest of the integers an input becomes
WEIGHT_LEVELS = 127
MIN_PSNR_DB = 35.0  # of the pictures, the exact ones being the truth
TRIALS = 32  # codes of each kind by which the integers are chosen
REACH = 1.5  # times the standard deviation; people look beyond the data, too


class Scale(NamedTuple):
    """How numbers become integers from 0 to 255: ``number = step * (integer - zero)``."""

    step: float
    zero: int

    @classmethod
    def of(cls, values: Tensor) -> Scale:
        """The finest scale on which 0 is exact and none of the values is cut off."""
        low, high = min(values.min().item(), 0.0), max(values.max().item(), 0.0)
        step = max((high - low) / LEVELS, torch.finfo(torch.float32).tiny)
        return cls(step, round(-low / step))

    def integers(self, values: Tensor) -> Tensor:
        """uint8; what lies beyond the scale is cut off."""
        # Casting cuts off what is behind the point, so a half more rounds.
        middle = torch.tensor(self.zero + 0.5)
        scaled = torch.add(middle, values, alpha=1 / self.step).clamp_(0, LEVELS + 0.5)
        return torch.empty_like(scaled, dtype=torch.uint8).copy_(scaled)


class IntegerConv:
    """A convolution of integers with stride 1 and a border of one zero.

    Args:
        weight: (O, C, K, K).
        bias: (O,), or None.
        scale: That of its inputs.
    """

    def __init__(self, weight: Tensor, bias: Tensor | None, *, scale: Scale) -> None:
        self.scale = scale
        self.bias = bias
        largest = weight.abs().amax((1, 2, 3)).clamp_min(torch.finfo(torch.float32).tiny)
        self.steps = largest / WEIGHT_LEVELS
        self.zeros = torch.zeros(len(weight), dtype=torch.int8)
        integers = (weight / self.steps[:, None, None, None]).round().to(torch.int8)
        # PyTorch's own integer kernels, those its compiler uses; they want the weights reordered.
        self.packed = torch.ops.onednn.qconv_prepack(
            integers, self.steps, *scale, [1, 1], [1, 1], [1, 1], 1, None
        )

    def numbers(self, x: Tensor) -> Tensor:
        """Integers (N, C, H, W) to numbers (N, O, H', W')."""
        return self._run(x, (1.0, 0, torch.float32), ("none", [], ""))

    def silu(self, x: Tensor, scale: Scale) -> Tensor:
        """SiLU of the numbers, as integers on the scale of the next convolution."""
        return self._run(x, (*scale, torch.uint8), ("swish", [], ""))

    def added_to(self, x: Tensor, total: Tensor) -> Tensor:
        """``total`` (N, O, H', W'), channels last, plus the numbers; it is overwritten."""
        # Scale and zero of what is added to; then no other function before or after.
        after: tuple[object, ...] = (1.0, 0, "sum", 1.0, "none", [], "")
        return self._run(x, (1.0, 0, torch.float32), after, total)

    def _run(
        self, x: Tensor, out: tuple[object, ...], after: tuple[object, ...], *to: Tensor
    ) -> Tensor:
        weights = (self.packed, self.steps, self.zeros, *to, self.bias)
        shape = ([1, 1], [1, 1], [1, 1], 1)  # stride, border, dilation, groups
        made: Tensor = torch.ops.onednn.qconv2d_pointwise(
            x, *self.scale, *weights, *shape, *out, *after
        )
        return made


class IntegerBlock(nn.Module):
    """A residual block; ``inputs`` (N, C, H, W) are what it must work for."""

    def __init__(self, block: ResidualBlock, inputs: Tensor) -> None:
        super().__init__()
        norm, silu, first, _, second = block.body
        assert isinstance(first, nn.Conv2d)
        assert isinstance(second, nn.Conv2d)
        self.norm = norm
        hidden = silu(norm(inputs))
        self.first = IntegerConv(first.weight, first.bias, scale=Scale.of(hidden))
        hidden = silu(first(hidden))
        self.second = IntegerConv(second.weight, second.bias, scale=Scale.of(hidden))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H, W), into ``x`` itself where it is channels last."""
        hidden = nn.functional.silu(self.norm(x), inplace=True)
        hidden = self.first.silu(self.first.scale.integers(hidden), self.second.scale)
        return self.second.added_to(hidden, x.contiguous(memory_format=torch.channels_last))


class IntegerUpsampledConv(nn.Module):
    """A doubling and its convolution; ``inputs`` (N, C, H, W) are what it must work for."""

    def __init__(self, layer: UpsampledConv, inputs: Tensor) -> None:
        super().__init__()
        self.conv = IntegerConv(layer.weight, layer.bias, scale=Scale.of(inputs))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, O, 2H, 2W)."""
        return interleave(self.conv.numbers(self.conv.scale.integers(x)))


def is_supported() -> bool:
    """Whether this processor multiplies 8-bit integers faster than numbers."""
    return torch.cpu._is_vnni_supported() and hasattr(torch.ops.onednn, "qconv2d_pointwise")


def trial_codes(codes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Codes (96, D) to try a decoder on: of the data (N, D), around them, around the prior."""
    rng = np.random.default_rng(0)
    rows = np.linspace(0, len(codes) - 1, TRIALS).astype(np.intp)
    noise = REACH * rng.standard_normal((2, TRIALS, codes.shape[1]), dtype=np.float32)
    around = codes.mean(axis=0) + codes.std(axis=0) * noise[0]
    return np.concatenate([codes[rows], around, noise[1]]).astype(np.float32)


@torch.inference_mode()
def in_eight_bits(decoder: nn.Sequential, codes: Tensor) -> nn.Sequential | None:
    """A decoder's copy in integers, which shares what stays as it is.

    Args:
        decoder: As :func:`~explorer.bundle.folding.fold_upsampling` leaves it.
        codes: (N, D) by which the integers are chosen and the copy is judged.

    Returns:
        None where the copy draws other pictures than the decoder (PSNR below 35 dB), or this
        machine cannot run it.
    """
    try:
        copy = nn.Sequential(*_converted(decoder, codes))
        close = psnr(torch.sigmoid(copy(codes)), torch.sigmoid(decoder(codes)))
    except RuntimeError:  # these kernels are not among PyTorch's documented ones
        return None
    return copy if close >= MIN_PSNR_DB else None


def psnr(one: Tensor, other: Tensor) -> float:
    """Peak signal-to-noise ratio of pictures in [0, 1], dB; infinite where they are equal."""
    return -10 * torch.log10((one - other).square().mean()).item()


def _converted(decoder: nn.Sequential, x: Tensor) -> Iterator[nn.Module]:
    for layer in decoder:
        if isinstance(layer, ResidualBlock):
            yield IntegerBlock(layer, x)
        elif isinstance(layer, UpsampledConv):
            yield IntegerUpsampledConv(layer, x)
        else:
            yield layer
        x = layer(x)
