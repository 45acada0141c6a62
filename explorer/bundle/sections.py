"""What `config.json` holds: nested frozen dataclasses, each of which refuses impossible values.

The field names are the JSON keys. All keys are required in the file but those that came later
(``strict.LATER``), whose default is what bundles of before were made with; any other field added
here needs a new ``FORMAT_VERSION`` and a way to read the old one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from explorer.bundle.strict import LATER
from explorer.vae.config import LIKELIHOODS, ModelConfig
from explorer.vae.schedules import WARMUPS

FORMAT_VERSION = 1
ITEM_COLUMNS = ("id", "split", "label", "error")
FACTOR_PREFIX = "factor:"


@dataclass(frozen=True)
class ObjectiveSection:
    """What training minimised.

    Attributes:
        beta: Weight of the rate (KL) in the loss.
        likelihood: ``bernoulli``, ``gaussian`` (calibrated, see ``sigma``) or ``squared``.
        sigma: The Gaussian's standard deviation per pixel at the end; None for the others.
        warmup: ``none``, ``linear`` or ``cyclical`` growth of the weight, over ``warmup_epochs``.
        cycles: Number of cycles of a cyclical warm-up.
        free_bits: Nats per dimension that cost nothing.
    """

    beta: float
    likelihood: str
    sigma: float | None
    warmup: str
    warmup_epochs: float
    cycles: int
    free_bits: float

    def __post_init__(self) -> None:
        _at_least("beta", self.beta, 0)
        _one_of("likelihood", self.likelihood, LIKELIHOODS)
        if self.sigma is not None:
            _at_least("sigma", self.sigma, 0)
        _one_of("warmup", self.warmup, WARMUPS)
        _at_least("warmup_epochs", self.warmup_epochs, 0)
        _at_least("cycles", self.cycles, 1)
        _at_least("free_bits", self.free_bits, 0)


@dataclass(frozen=True)
class SplitSizes:
    """Numbers of pictures in the three parts."""

    train: int
    valid: int
    test: int

    def __post_init__(self) -> None:
        for name in ("train", "valid", "test"):
            _at_least(name, getattr(self, name), 0)

    @property
    def total(self) -> int:
        """All pictures."""
        return self.train + self.valid + self.test


@dataclass(frozen=True)
class DataSection:
    """Which pictures the model saw; enough for :func:`explorer.data.original` to find one again.

    Attributes:
        source: Key of the data source, such as ``toy-faces`` or ``celeba``.
        image_size: Side in pixels.
        channels: 1 or 3.
        crop: Side of the square cut from the middle before resizing, in pixels; None for all.
        limit: Only the first so many pictures were used; None for all.
        seed: Of the split, and of procedural pictures.
        num_images: Rows in ``items.parquet``.
        num_skipped: Files that could not be used.
        attribute_names: Columns of ``items.parquet``, 1 / 0 / missing.
        label_names: Classes, or none.
        factor_names: Ground-truth factors of procedural pictures, or none.
        split_sizes: Pictures for training, validation and test.
        license: Of the pictures, in words.
        title: Of the data, in words.
        shift: By how many pixels each picture was moved at most, in the unit of ``crop``.
    """

    source: str
    image_size: int
    channels: int
    crop: int | None
    limit: int | None
    seed: int
    num_images: int
    num_skipped: int
    attribute_names: tuple[str, ...]
    label_names: tuple[str, ...]
    factor_names: tuple[str, ...]
    split_sizes: SplitSizes
    license: str
    title: str
    shift: int = field(default=0, metadata=LATER)

    def __post_init__(self) -> None:
        _at_least("num_images", self.num_images, 1)
        _at_least("num_skipped", self.num_skipped, 0)
        _at_least("shift", self.shift, 0)
        for name in ("attribute_names", "label_names", "factor_names"):
            _unique(name, getattr(self, name))
        for name in self.attribute_names:
            if name in ITEM_COLUMNS or name.startswith(FACTOR_PREFIX):
                raise ValueError(
                    f"attribute_names holds {name!r}, which is a column of its own in "
                    "items.parquet; rename the attribute."
                )
        if self.split_sizes.total != self.num_images:
            raise ValueError(
                f"split_sizes add up to {self.split_sizes.total}, num_images is "
                f"{self.num_images}; make them agree."
            )


@dataclass(frozen=True)
class TrainingSection:
    """How the model was trained; ``images_per_s`` and ``wall_s`` are what was measured."""

    preset: str | None
    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    ema_decay: float
    grad_clip: float
    seed: int
    precision: str
    device: str
    flip: bool
    images_per_s: float
    wall_s: float

    def __post_init__(self) -> None:
        _at_least("epochs", self.epochs, 0)
        _at_least("batch_size", self.batch_size, 1)


@dataclass(frozen=True)
class Versions:
    """Of the libraries that trained the model."""

    python: str
    torch: str
    numpy: str
    explorer: str


@dataclass(frozen=True)
class Config:
    """The whole of ``config.json``.

    Attributes:
        results: Final figures on the test split by name (``psnr`` in dB; ``rate``, ``distortion``
            and ``elbo`` in nats per picture; ``active_units``; whatever else was measured).
        git_commit: Of the program that trained the model, if known.
        weights_sha256: Of ``model.safetensors``; filled in when the bundle is written.
    """

    name: str
    model: ModelConfig
    objective: ObjectiveSection
    data: DataSection
    training: TrainingSection
    results: Mapping[str, float]
    versions: Versions
    git_commit: str | None = None
    weights_sha256: str = field(default="")
    format_version: int = FORMAT_VERSION

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("name is empty; give the bundle a name.")
        for name in ("image_size", "channels"):
            model, data = getattr(self.model, name), getattr(self.data, name)
            if model != data:
                raise ValueError(
                    f"model.{name} is {model}, data.{name} is {data}; they must agree."
                )

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(H, W, C) of a picture."""
        return (self.model.image_size, self.model.image_size, self.model.channels)


def _at_least(name: str, value: float, minimum: float) -> None:
    if not (math.isfinite(value) and value >= minimum):
        raise ValueError(f"{name} is {value}; {minimum} or more is needed.")


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} is {value!r}; choose one of {', '.join(allowed)}.")


def _unique(name: str, values: tuple[str, ...]) -> None:
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise ValueError(f"{name} holds {twice[0]!r} twice; each name may stand once.")
