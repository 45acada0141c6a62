"""What a bundle is made of, checked as a whole before anything touches the disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from explorer.bundle.arrays import Arrays
from explorer.bundle.errors import BundleError
from explorer.bundle.parts import FLOAT16_MAX, Map
from explorer.bundle.sections import Config
from explorer.bundle.tables import SPLIT_NAMES
from explorer.latent import Cloud, Direction, Mixture

if TYPE_CHECKING:
    import pandas as pd
    from torch import Tensor

WeightsType = Literal["float16", "float32"]


@dataclass(frozen=True, eq=False)
class BundleContents:
    """Everything that goes into a bundle.

    Attributes:
        config: Its ``weights_sha256`` is filled in by the writer.
        weights: ``VAE.state_dict()`` of the weights to ship (the EMA), tensors or arrays.
        mu: (N, D) means of the posteriors of all pictures.
        logvar: (N, D) their log-variances.
        split: (N,) 0 train, 1 valid, 2 test.
        items: N rows, see :func:`explorer.bundle.tables.pack_items`.
        maps: ``pca`` and ``umap`` of the codes.
        directions: For the attributes; may be empty.
        clouds: Of attributes and classes; may be empty.
        mixture: Fitted to the codes.
        metrics: The training log: a JSONL file, or its events.
        preview: Contact sheet, uint8 (H, W, 3).
    """

    config: Config
    weights: Mapping[str, Tensor | np.ndarray]
    mu: np.ndarray
    logvar: np.ndarray
    split: np.ndarray
    items: pd.DataFrame
    maps: Mapping[str, Map]
    directions: Sequence[Direction]
    mixture: Mixture
    metrics: Path | Sequence[Mapping[str, Any]]
    preview: np.ndarray
    clouds: Sequence[Cloud] = ()


def check_contents(contents: BundleContents) -> None:
    """Refuse parts that do not belong together.

    Raises:
        BundleError: Naming the part, its shape and the one that is needed.
    """
    num, dim = contents.config.data.num_images, contents.config.model.latent_dim
    shapes = {"mu": (num, dim), "logvar": (num, dim), "split": (num,)}
    for name, shape in shapes.items():
        _require_shape(name, getattr(contents, name), shape)
    for name, item in contents.maps.items():
        _require_shape(f"maps[{name!r}].xy", item.xy, (num, 2))
    check_edits(contents.directions, contents.clouds, dim=dim)
    _require_shape("mixture.means", contents.mixture.means, (len(contents.mixture.weights), dim))
    _check_rows(contents)
    _check_preview(contents.preview)


def check_edits(directions: Sequence[Direction], clouds: Sequence[Cloud], *, dim: int) -> None:
    """Refuse directions and clouds of another dimension than the codes.

    Raises:
        BundleError: Naming the direction or cloud, its shape and the one that is needed.
    """
    for direction in directions:
        _require_shape(f"the direction {direction.name!r}", direction.vector, (dim,))
    for cloud in clouds:
        _require_shape(f"the cloud of {cloud.name!r}", cloud.mean, (dim,))


def weights_arrays(contents: BundleContents, *, dtype: WeightsType) -> Arrays:
    """The weights as arrays of one type.

    Raises:
        BundleError: Names or shapes are not the network's, or a number does not fit the type.
    """
    import torch

    from explorer.bundle.runtime import require_same_names
    from explorer.vae import VAE

    if dtype not in get_args(WeightsType):
        raise BundleError(f"weights_dtype is {dtype!r}; choose float16 or float32.")
    with torch.device("meta"):
        needed = VAE(contents.config.model).state_dict()
    state = {name: torch.as_tensor(value).detach() for name, value in contents.weights.items()}
    require_same_names(state, needed, path="weights")
    arrays = {name: value.float().cpu().numpy() for name, value in state.items()}
    for name, array in arrays.items():
        largest = float(np.abs(array).max(initial=0.0))
        if not largest <= FLOAT16_MAX:  # NaN fails every comparison
            raise BundleError(
                f"weights: {name} reaches {largest:g}, more than {FLOAT16_MAX:g}; the model has "
                "diverged: train it with a lower learning rate."
            )
    # safetensors writes memory as it lies; a network trained channels-last lies otherwise.
    return {name: np.ascontiguousarray(array, dtype) for name, array in arrays.items()}


def _check_rows(contents: BundleContents) -> None:
    num = contents.config.data.num_images
    if len(contents.items) != num:
        raise BundleError(f"items has {len(contents.items)} rows; {num} are needed, one per code.")
    sizes = contents.config.data.split_sizes
    counts = np.bincount(contents.split.astype(np.int64), minlength=3)
    if counts.tolist() != [sizes.train, sizes.valid, sizes.test]:
        raise BundleError(
            f"split holds {counts.tolist()} train, valid and test codes; config's "
            f"data.split_sizes say {[sizes.train, sizes.valid, sizes.test]}."
        )
    named = np.array(SPLIT_NAMES, dtype=object)[contents.split]
    if "split" in contents.items and (contents.items["split"].to_numpy() != named).any():
        raise BundleError("items: column 'split' differs from split; they must agree row by row.")


def _check_preview(preview: np.ndarray) -> None:
    if preview.dtype != np.uint8 or preview.ndim != 3 or preview.shape[2] not in (1, 3):
        raise BundleError(
            f"preview is {preview.dtype} {preview.shape}; uint8 (H, W, 3) is needed."
        )


def _require_shape(name: str, array: np.ndarray, shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise BundleError(
            f"{name} has shape {array.shape}; {shape} is needed, from config's data.num_images "
            "and model.latent_dim."
        )
