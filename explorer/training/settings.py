"""Everything that decides a run, as one value that is saved beside it."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from explorer.data import DataSpec
from explorer.vae.config import ConfigError, ModelConfig
from explorer.vae.objective import ObjectiveConfig
from explorer.vae.schedules import Warmup

Precision = Literal["auto", "bf16", "fp32"]
Device = Literal["auto", "cpu", "cuda"]


@dataclass(frozen=True)
class Optimisation:
    """How the weights are moved.

    Attributes:
        epochs: Passes over the training pictures.
        batch_size: Pictures per step.
        learning_rate: Peak of the schedule: linear warm-up, then a half cosine to zero.
        lr_warmup_steps: Length of the warm-up in steps.
        weight_decay: AdamW's, on matrices and kernels only.
        grad_clip: Largest norm of the gradient of the loss in nats per pixel.
        ema_decay: Of the running mean of the weights, which is what is evaluated and shipped.
        flip: Mirror every second training picture.
    """

    epochs: int = 30
    batch_size: int = 64
    learning_rate: float = 1e-3
    lr_warmup_steps: int = 300
    weight_decay: float = 0.01
    grad_clip: float = 1.0
    ema_decay: float = 0.999
    flip: bool = False

    def __post_init__(self) -> None:
        """Refuse values no run can have.

        Raises:
            ConfigError: Naming the field, its value and what is allowed.
        """
        for name in ("epochs", "batch_size"):
            _require(name, getattr(self, name), at_least=1)
        for name in ("lr_warmup_steps", "weight_decay"):
            _require(name, getattr(self, name), at_least=0)
        for name in ("learning_rate", "grad_clip"):
            _require(name, getattr(self, name), above=0)
        _require("ema_decay", self.ema_decay, at_least=0, below=1)

    def steps_per_epoch(self, num_images: int) -> int:
        """Steps that so many training pictures make; the rest of a batch is left out."""
        return max(1, num_images // self.batch_size)


@dataclass(frozen=True)
class RunSettings:
    """A whole run: data, model, objective, optimisation and where it happens."""

    name: str
    out: Path
    data: DataSpec
    model: ModelConfig
    objective: ObjectiveConfig
    warmup: Warmup
    optimisation: Optimisation
    seed: int = 0
    precision: Precision = "auto"
    device: Device = "auto"
    compile: bool | None = None
    threads: int | None = None
    preset: str | None = None

    def __post_init__(self) -> None:
        """Refuse values no run can have.

        Raises:
            ConfigError: Naming the field, its value and what is allowed.
        """
        if self.name in ("", ".", "..") or Path(self.name).name != self.name:
            raise ConfigError(f"name is {self.name!r}; choose a plain folder name.")
        if self.threads is not None:
            _require("threads", self.threads, at_least=1)

    @property
    def folder(self) -> Path:
        """Where the bundle will be."""
        return self.out / self.name


def to_json(settings: RunSettings) -> str:
    """The settings as text that :func:`from_json` reads back."""
    return json.dumps(asdict(settings), indent=2, default=str)


def from_json(text: str) -> RunSettings:
    """The inverse of :func:`to_json`.

    Raises:
        ConfigError: A key is unknown or missing, or a value is out of range.
    """
    try:
        raw: dict[str, Any] = json.loads(text)
        raw["data"] = _data(raw["data"])
        raw["model"] = ModelConfig(**raw["model"])
        raw["objective"] = ObjectiveConfig(**raw["objective"])
        raw["warmup"] = Warmup(**raw["warmup"])
        raw["optimisation"] = Optimisation(**raw["optimisation"])
        raw["out"] = Path(raw["out"])
        return RunSettings(**raw)
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        known = ", ".join(field.name for field in fields(RunSettings))
        raise ConfigError(
            f"the saved settings do not fit this version ({error}); they need {known}. "
            "Resume with the version that started the run, or start it anew."
        ) from error


def _data(raw: dict[str, Any]) -> DataSpec:
    raw = {"factors": None, **raw}  # a run of before there were any
    names = ("root", "attributes", "factors")
    paths = {name: Path(raw[name]) for name in names if raw[name] is not None}
    return DataSpec(**{**raw, **paths})


def _require(
    name: str,
    value: float,
    *,
    at_least: float = -math.inf,
    above: float = -math.inf,
    below: float = math.inf,
) -> None:
    if math.isfinite(value) and at_least <= value and above < value < below:
        return
    bounds = {"at least": at_least, "above": above, "below": below}
    allowed = " and ".join(
        f"{word} {bound:g}" for word, bound in bounds.items() if abs(bound) < math.inf
    )
    raise ConfigError(f"{name} is {value}; choose a number {allowed}.")
