"""The judge's network, its loss, and the pictures it is trained on."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

WIDTH = 16
DROPOUT = 0.1
# Pixels a blur of the given sigma reaches: beyond 2.5 sigma a Gaussian holds 1 %.
BLUR_MAX = 1.8
BLUR_REACH = 4
TURN, SCALE, SHIFT = 0.1, 0.08, 0.1  # radians, share, share of half the side
CONTRAST, BRIGHTNESS = 0.3, 0.12


class JudgeNetwork(nn.Module):
    """Four resolutions of residual blocks, global pooling, one logit per thing to be told.

    Residual networks as in He et al. (2016) with batch normalisation, narrow enough to train on
    a CPU in minutes. Pictures of 64 pixels and more are first folded into 32 x 32.
    """

    def __init__(self, *, image_size: int, channels: int, outputs: int) -> None:
        super().__init__()
        fold = max(1, image_size // 32)
        self.body = nn.Sequential(
            nn.PixelUnshuffle(fold),
            _convolution(channels * fold**2, WIDTH),
            nn.BatchNorm2d(WIDTH),
            nn.ReLU(),
            _Halving(WIDTH, 2 * WIDTH),
            _Halving(2 * WIDTH, 4 * WIDTH),
            _Halving(4 * WIDTH, 8 * WIDTH),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Dropout(DROPOUT),
        )
        self.head = nn.Linear(8 * WIDTH, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Pictures (N, C, H, W) in [0, 1] to logits (N, J)."""
        out: Tensor = self.head(self.body(2 * x - 1))
        return out


class _Halving(nn.Module):
    """A residual block that halves the resolution."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            _convolution(inputs, outputs, stride=2),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            _convolution(outputs, outputs),
            nn.BatchNorm2d(outputs),
        )
        self.skip = nn.Sequential(
            nn.AvgPool2d(2, ceil_mode=True),
            nn.Conv2d(inputs, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.body(x) + self.skip(x))


def judge_loss(logits: Tensor, attributes: Tensor, labels: Tensor) -> Tensor:
    """Binary cross-entropy of the attributes plus cross-entropy of the label, in nats.

    Args:
        logits: (N, A + L), the attributes' first.
        attributes: (N, A) 1, 0, or -1 for missing, which counts nothing.
        labels: (N,) class from 0, or -1 for missing, which counts nothing.
    """
    count = attributes.shape[1]
    known = attributes >= 0
    loss = logits.sum() * 0.0
    if known.any():
        loss = loss + F.binary_cross_entropy_with_logits(
            logits[:, :count][known], attributes[known].float()
        )
    if logits.shape[1] > count and (labels >= 0).any():
        loss = loss + F.cross_entropy(logits[:, count:], labels.long(), ignore_index=-1)
    return loss


def varied(x: Tensor, generator: torch.Generator, *, mirror: bool) -> Tensor:
    """Pictures (N, C, H, W) slightly moved, relit, and half of them blurred.

    The blur is there because decoded pictures are soft: the judge must know a soft smile for
    one, and must not take softness for something else.

    Args:
        x: In [0, 1].
        generator: Of all that is drawn.
        mirror: Whether every second picture is mirrored, which turns digits into none.
    """
    x = _moved(x, generator, mirror=mirror)
    half = len(x) // 2
    soft = _blurred(x[:half], BLUR_MAX * float(torch.rand(1, generator=generator)))
    x = torch.cat([soft, x[half:]])
    contrast = 1 + CONTRAST * _either(len(x), generator)[:, None, None, None]
    brightness = BRIGHTNESS * _either(len(x), generator)[:, None, None, None]
    x = (x - 0.5) * contrast + 0.5 + brightness
    return x.clamp_(0, 1).contiguous(memory_format=torch.channels_last)


def _moved(x: Tensor, generator: torch.Generator, *, mirror: bool) -> Tensor:
    count = len(x)
    side = torch.ones(count)
    if mirror:
        side[torch.rand(count, generator=generator) < 0.5] = -1
    turn, scale = TURN * _either(count, generator), 1 + SCALE * _either(count, generator)
    cosine, sine = scale * turn.cos(), scale * turn.sin()
    shift = SHIFT * torch.stack([_either(count, generator), _either(count, generator)], dim=1)
    rows = [side * cosine, -sine, shift[:, 0], side * sine, cosine, shift[:, 1]]
    grid = F.affine_grid(torch.stack(rows, 1).view(-1, 2, 3), list(x.shape), align_corners=False)
    return F.grid_sample(x, grid, padding_mode="border", align_corners=False)


def _blurred(x: Tensor, sigma: float) -> Tensor:
    """A Gaussian blur of ``sigma`` pixels, one direction after the other."""
    if sigma < 0.2 or not len(x):
        return x
    channels = x.shape[1]
    places = torch.arange(-BLUR_REACH, BLUR_REACH + 1.0)
    kernel = (places.square() / (-2 * sigma**2)).exp()
    kernel = (kernel / kernel.sum()).expand(channels, 1, 1, -1)
    x = F.pad(x, (BLUR_REACH,) * 4, mode="replicate")
    x = F.conv2d(x, kernel, groups=channels)
    return F.conv2d(x, kernel.transpose(2, 3), groups=channels)


def _either(count: int, generator: torch.Generator) -> Tensor:
    """Uniform from -1 to 1."""
    return 2 * torch.rand(count, generator=generator) - 1


def _convolution(inputs: int, outputs: int, *, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
