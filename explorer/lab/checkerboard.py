"""Why transposed convolutions draw checkerboards, and what cures them.

Odena, Dumoulin & Olah 2016, "Deconvolution and checkerboard artifacts"; sub-pixel convolution of
Shi et al. 2016 with the start ICNR of Aitken et al. 2017, "Checkerboard artifact free sub-pixel
convolution".
"""

from __future__ import annotations

import numpy as np

from explorer.lab.convolution import Settings, sweep, transpose_convolve
from explorer.lab.grids import Doubles


def touch_counts(size: int, *, kernel: int, stride: int) -> Doubles:
    """How many input cells reach each output cell of a transposed convolution, (n, n).

    Args:
        size: Side of the square input.
        kernel: Side K of the kernel.
        stride: S.

    Raises:
        LabError: As :func:`~explorer.lab.convolution.check_transposed`.
    """
    settings = Settings(kernel, stride, padding=0, output_padding=0)
    return transpose_convolve(np.ones((size, size)), np.ones((kernel, kernel)), settings)


def is_even(kernel: int, stride: int) -> bool:
    """Whether all output cells away from the border are reached equally often."""
    return kernel % stride == 0


def weights(kernel: int, *, spread: float, seed: int) -> Doubles:
    """A kernel (K, K) that adds up to 1: even weights with noise, as training may leave them.

    Args:
        kernel: Side K.
        spread: Standard deviation of a weight over its mean; 0 for equal weights.
        seed: Of the noise.
    """
    noise = np.random.default_rng(seed).standard_normal((kernel, kernel))
    return np.asarray((1 + spread * (noise - noise.mean())) / kernel**2)


def transposed(picture: Doubles, kernel: Doubles, *, stride: int) -> Doubles:
    """The picture enlarged by a transposed convolution, as bright as before on average.

    Raises:
        LabError: As :func:`~explorer.lab.convolution.check_transposed`.
    """
    settings = Settings(len(kernel), stride, padding=0, output_padding=0)
    # Each output cell is reached by (K / S)^2 inputs on average.
    return transpose_convolve(picture, kernel * stride**2, settings)


def resized_then_convolved(picture: Doubles, kernel: Doubles, *, factor: int) -> Doubles:
    """The picture enlarged by repeating its cells, then convolved; borders repeat."""
    return _convolve_same(enlarge(picture, factor), kernel)


def subpixel(picture: Doubles, kernels: Doubles) -> Doubles:
    """The picture convolved with S² kernels whose outputs are laid side by side as S × S cells.

    Args:
        picture: (rows, columns).
        kernels: (S, S, K, K), one for each place in the S × S cells of an input cell.
    """
    factor = len(kernels)
    layers = [[_convolve_same(picture, kernel) for kernel in row] for row in kernels]
    rows, columns = picture.shape
    shuffled = np.array(layers).transpose(2, 0, 3, 1)
    return shuffled.reshape(rows * factor, columns * factor)


def subpixel_weights(kernel: int, factor: int, *, icnr: bool, spread: float, seed: int) -> Doubles:
    """Kernels (S, S, K, K) for :func:`subpixel`: each drawn on its own, or all alike (ICNR).

    On average they add up to 1; drawn on their own, one adds up to more than another.
    """
    if icnr:
        alike = weights(kernel, spread=spread, seed=seed)
        return np.tile(alike, (factor, factor, 1, 1))
    # One large kernel, cut up: what adds up to 1 is the mean of the parts.
    whole = weights(kernel * factor, spread=spread, seed=seed) * factor**2
    return whole.reshape(factor, kernel, factor, kernel).transpose(0, 2, 1, 3)


def enlarge(picture: Doubles, factor: int) -> Doubles:
    """Every cell ``factor`` times in each dimension: nearest-neighbour resizing."""
    return picture.repeat(factor, axis=0).repeat(factor, axis=1)


def unevenness(picture: Doubles, *, border: int) -> float:
    """Standard deviation over mean of a picture of something flat, ``border`` cells left out.

    0 for what is as flat as it should be.
    """
    inside = picture[border:-border, border:-border] if border else picture
    return float(inside.std() / abs(inside.mean()))


def _convolve_same(picture: Doubles, kernel: Doubles) -> Doubles:
    before = (len(kernel) - 1) // 2
    return sweep(np.pad(picture, (before, len(kernel) - 1 - before), mode="edge"), kernel)
