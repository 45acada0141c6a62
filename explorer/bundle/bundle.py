"""A trained model with everything known about its codes, opened from a folder."""

from __future__ import annotations

import math
import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from explorer.bundle import format as layout
from explorer.bundle.arrays import check_arrays
from explorer.bundle.check import check_bundle, check_weights
from explorer.bundle.errors import BundleError
from explorer.bundle.parts import (
    Edits,
    Latents,
    Map,
    Prior,
    read_edits,
    read_latents,
    read_maps,
    read_mixture,
    read_prior,
)
from explorer.bundle.sections import Config
from explorer.bundle.tables import check_items, known_of, read_items, read_metrics
from explorer.latent import (
    Cloud,
    Direction,
    Effects,
    Known,
    Mixture,
    all_clouds,
    sample_prior,
)

if TYPE_CHECKING:
    import pandas as pd

    from explorer.bundle.runtime import Runtime
    from explorer.vae import VAE

SAMPLERS = ("mixture", "prior")


class Bundle:
    """What :func:`load` returns. Arrays are read at first use and are read-only.

    Attributes:
        path: The folder.
        config: Its configuration.
    """

    def __init__(self, path: Path, config: Config) -> None:
        self.path = path
        self.config = config
        self._opening = threading.Lock()

    def __repr__(self) -> str:
        return f"Bundle({str(self.path)!r})"

    @property
    def name(self) -> str:
        """The name it was trained under."""
        return self.config.name

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(H, W, C) of a picture."""
        return self.config.image_shape

    @cached_property
    def latents(self) -> Latents:
        """The codes of all pictures."""
        return read_latents(self._derived(layout.LATENTS))

    @cached_property
    def items(self) -> pd.DataFrame:
        """A row per code: id, split, label, error, attributes (1, 0, missing), factors."""
        path = self.path / layout.ITEMS
        check_items(path, data=self.config.data, sha256=self.config.weights_sha256)
        return read_items(path)

    @cached_property
    def maps(self) -> dict[str, Map]:
        """``pca`` and ``umap``: places in the plane and the way back to codes."""
        return read_maps(self._derived(layout.MAPS), codes=self.latents.mu)

    @property
    def directions(self) -> tuple[Direction, ...]:
        """All directions: attributes, then classes, in their order, each by every method."""
        return self._edits.directions

    @cached_property
    def clouds(self) -> tuple[Cloud, ...]:
        """Where the pictures with each attribute and of each class lie."""
        if self._edits.clouds is not None:
            return self._edits.clouds
        return all_clouds(self.latents.mu, self.known, logvar=self.latents.logvar).found

    @property
    def effects(self) -> Effects | None:
        """What a judge of pictures saw the directions do; None if none has been asked."""
        return self._edits.effects

    @property
    def known(self) -> Known:
        """Attributes, labels and split of all pictures, as numbers."""
        return known_of(self.items, data=self.config.data)

    @cached_property
    def _edits(self) -> Edits:
        path = self._derived(layout.DIRECTIONS)
        return read_edits(path, dim=self.config.model.latent_dim)

    @cached_property
    def mixture(self) -> Mixture:
        """The mixture of Gaussians fitted to the codes."""
        return read_mixture(self._derived(layout.SAMPLERS))

    @cached_property
    def prior(self) -> Prior:
        """How the codes lie beside the prior."""
        return read_prior(self._derived(layout.SAMPLERS))

    @cached_property
    def metrics(self) -> pd.DataFrame:
        """The training log: a row per event."""
        return read_metrics(self.path / layout.METRICS)

    @property
    def card(self) -> str:
        """The model card, Markdown with a YAML head."""
        return (self.path / layout.CARD).read_text(encoding="utf-8")

    def direction(self, name: str, *, method: str = "mean") -> Direction:
        """The direction of an attribute or a label by one of ``explorer.latent.METHODS``.

        Raises:
            BundleError: There is none; the message lists those there are.
        """
        for direction in self.directions:
            if (direction.name, direction.method) == (name, method):
                return direction
        known = ", ".join(item.name for item in self.directions if item.method == method)
        raise BundleError(
            f"{self.name} has no direction {name!r} by method {method!r}; there are by this "
            f"method: {known or 'none'}."
        )

    def cloud(self, name: str) -> Cloud:
        """The cloud of an attribute or a class.

        Raises:
            BundleError: There is none; the message lists those there are.
        """
        for cloud in self.clouds:
            if cloud.name == name:
                return cloud
        known = ", ".join(cloud.name for cloud in self.clouds) or "none"
        raise BundleError(f"{self.name} has no cloud of {name!r}; there are: {known}.")

    def encode(self, images: ArrayLike) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Pictures uint8 (N, H, W, C) to mu and logvar, float32 (N, D) each.

        Raises:
            BundleError: Another shape or type.
        """
        return self._runtime.encode(images)

    def decode(self, z: ArrayLike, *, quick: bool = False) -> NDArray[np.uint8]:
        """Codes (N, D) to pictures uint8 (N, H, W, C).

        Args:
            z: The codes.
            quick: After :meth:`prepare_quick`, in bfloat16 or 8-bit integers: a quarter to half
                of the time, and up to half a grey level off on average. For sheets of small
                pictures, not for measuring.

        Raises:
            BundleError: Another shape, or NaN or infinity among the numbers.
        """
        return self._runtime.decode(z, quick=quick)

    def prepare_quick(self) -> None:
        """Make ``decode(quick=True)`` quick where that pays: a large decoder, a processor for it.

        Takes about a second; until then, and elsewhere, such pictures are the exact ones.

        Raises:
            BundleError: The codes of the pictures cannot be read.
        """
        self._runtime.prepare_quick(self.latents.mu)

    def sample(
        self, n: int, *, sampler: str = "mixture", temperature: float = 1.0, seed: int = 0
    ) -> NDArray[np.float32]:
        """Draw new codes (n, D); the same seed gives the same codes.

        Args:
            n: How many.
            sampler: ``mixture`` (fitted to the codes there are) or ``prior`` (N(0, I)).
            temperature: Factor on the standard deviations; below 1 more typical, less varied.
            seed: Of the generator.

        Raises:
            BundleError: An unknown sampler, or a temperature or number below 0.
        """
        if sampler not in SAMPLERS:
            raise BundleError(f"sampler is {sampler!r}; choose one of {', '.join(SAMPLERS)}.")
        if not (math.isfinite(temperature) and temperature >= 0):
            raise BundleError(f"temperature is {temperature}; choose 0 (the means) or more.")
        if n < 0:
            raise BundleError(f"n is {n}; choose 0 or more.")
        rng = np.random.default_rng(seed)
        if sampler == "prior":
            dim = self.config.model.latent_dim
            return sample_prior(n, dim=dim, temperature=temperature, rng=rng)
        return self.mixture.sample(n, temperature=temperature, rng=rng)

    @property
    def network(self) -> VAE:
        """The network itself, in evaluation mode, float32 on the CPU: for measuring it."""
        return self._runtime.model

    @property
    def _runtime(self) -> Runtime:
        with self._opening:
            return self._lazy_runtime

    @cached_property
    def _lazy_runtime(self) -> Runtime:
        # torch takes a second to import, and a gallery needs none.
        from explorer.bundle.runtime import Runtime

        check_weights(self.path / layout.WEIGHTS, config=self.config)
        return Runtime(self.path / layout.WEIGHTS, config=self.config.model)

    def _derived(self, name: str) -> Path:
        # Again at each first use: the folder may have been replaced since it was opened.
        path = self.path / name
        check_arrays(path, shapes={}, sha256=self.config.weights_sha256)
        return path


def load(path: str | Path) -> Bundle:
    """Open a bundle: every file is checked by its header, the weights by their sha256.

    Raises:
        BundleError: A sentence with the file, the field and the remedy.
    """
    folder = Path(path)
    return Bundle(folder, check_bundle(folder))
