"""A run or a sweep that was asked for, and the command line that says the same."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from explorer.bundle.errors import BundleError
from explorer.bundle.presets import PRESETS
from explorer.bundle.strict import parse, plain
from explorer.data import DataError, DataSpec
from explorer.data.sources import resolve
from explorer.vae.config import ConfigError, ModelConfig
from explorer.vae.schedules import Warmup, WarmupKind

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = "train_cli.py"
DEFAULT_OUT = "checkpoints"
ORDER_VERSION = 1
MAX_NAME, MAX_CELLS, MAX_EPOCHS = 64, 100, 10_000
# No path, nothing hidden, nothing that the command line would take for an option.
NAME = re.compile(rf"[^\W_][\w .+-]{{0,{MAX_NAME - 1}}}(?<![ .])")

Task = Literal["train", "sweep", "resume"]


@dataclass(frozen=True)
class Order:
    """What is to be trained; all that is None or empty is left to the preset.

    Attributes:
        name: Of the bundle or the sweep, a plain folder name.
        task: One run, a grid of them, or to go on with a run that was stopped.
        data: Source of the pictures.
        root: Where they are, if not in ``data/<source>``.
        preset: Settings known to work; None for those of the data.
        betas: Weights of the KL term; one for a run.
        latent_dims: Lengths of a code; at most one for a run.
        epochs: Passes over the training pictures.
        limit: Only the first so many pictures.
        width: Of the network.
        warmup: How beta grows at the start.
        warmup_epochs: Length of the warm-up.
        free_bits: Nats per dimension that cost nothing.
        seed: Of weights, order and noise.
        overwrite: Replace the bundle or the run of that name.
        format_version: Of its file.
    """

    name: str
    task: Task = "train"
    data: str = "toy-faces"
    root: str | None = None
    preset: str | None = None
    betas: tuple[float, ...] = (1.0,)
    latent_dims: tuple[int, ...] = ()
    epochs: int | None = None
    limit: int | None = None
    width: int | None = None
    warmup: WarmupKind = "none"
    warmup_epochs: float = 0.0
    free_bits: float = 0.0
    seed: int = 0
    overwrite: bool = False
    format_version: int = ORDER_VERSION

    def __post_init__(self) -> None:
        """Refuse what would reach beyond a folder of bundles, or is of another version."""
        require_name(self.name)
        if self.task not in ("train", "sweep", "resume"):
            raise ValueError(f"task is {self.task!r}; train, sweep or resume is needed.")
        if self.format_version != ORDER_VERSION:
            raise ValueError(
                f"format_version is {self.format_version}; this Latent Explorer reads "
                f"{ORDER_VERSION}."
            )

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        if self.task == "resume":
            return "the rest of a run"
        betas = ", ".join(f"{beta:g}" for beta in self.betas)
        dims = ", ".join(map(str, self.latent_dims)) or "the preset's"
        return f"{self.data} · β {betas} · latent_dim {dims}"

    def words(self, out: Path) -> list[str]:
        """The arguments of ``train_cli.py``; a folder of this program is named relative to it."""
        if self.task == "resume":
            return ["resume", _short(out / self.name)]
        words = [self.task, "--data", self.data]
        words += _option("root", self.root and _short(Path(self.root)))
        words += _option("preset", self.preset)
        if self.task == "sweep":
            words += _option("betas", *map(_number, self.betas))
            words += _option("latent-dims", *self.latent_dims)
            words += [] if self.warmup == "none" else _option("warmups", self.warmup)
        else:
            words += _option("beta", *map(_number, self.betas))
            words += _option("latent-dim", *self.latent_dims)
            words += [] if self.warmup == "none" else _option("warmup", self.warmup)
        if self.warmup != "none":
            words += _option("warmup-epochs", _number(self.warmup_epochs))
        for option, value in (
            ("free-bits", _number(self.free_bits) if self.free_bits else None),
            ("epochs", self.epochs),
            ("limit", self.limit),
            ("width", self.width),
            ("seed", self.seed or None),
            ("name", self.name),
            ("out", None if _short(out) == DEFAULT_OUT else _short(out)),
        ):
            words += _option(option, value)
        return words + (["--overwrite"] if self.overwrite else [])

    def command(self, out: Path) -> str:
        """What a person types to the same end, in the folder of this program."""
        return shlex.join(["python", SCRIPT, *self.words(out)])

    def long_command(self, out: Path) -> str:
        """The same with a line for each option, which a shell takes for one."""
        return self.command(out).replace(" --", " \\\n  --")


def require_name(name: str) -> None:
    """Refuse a name that is none for a folder of bundles.

    Raises:
        ValueError: Naming it.
    """
    if not NAME.fullmatch(name):
        raise ValueError(
            f"name is {name!r}; choose letters, digits, spaces and . _ + - only, beginning with "
            f"a letter or a digit, at most {MAX_NAME}."
        )


def check_order(order: Order) -> None:
    """Refuse what cannot be trained, as far as that can be told without pictures.

    The command line checks again and knows more; this tells it before anything is queued.

    Raises:
        BundleError: With a sentence naming the value and the remedy.
    """
    if order.task == "resume":
        return
    try:
        _check(order)
    except (ConfigError, DataError, ValueError) as error:
        raise BundleError(str(error)) from error


def to_bytes(order: Order) -> bytes:
    """The order as its file holds it."""
    return (json.dumps(plain(order), indent=2, ensure_ascii=False) + "\n").encode()


def from_bytes(blob: bytes) -> Order:
    """The inverse of :func:`to_bytes`.

    Raises:
        ValueError: It is damaged, or holds what cannot be; naming the field.
    """
    return parse(Order, json.loads(blob.decode("utf-8")))


def _check(order: Order) -> None:
    from explorer.vae.objective import ObjectiveConfig  # torch

    root = None if order.root is None else Path(order.root)
    spec = resolve(DataSpec(source=order.data, root=root, limit=order.limit, seed=order.seed))
    if order.preset is not None and order.preset not in PRESETS:
        raise ValueError(f"preset is {order.preset!r}; choose one of {', '.join(PRESETS)}.")
    for name, value in (("epochs", order.epochs), ("width", order.width)):
        if value is not None and not 1 <= value <= MAX_EPOCHS:
            raise ValueError(f"{name} is {value}; choose a whole number from 1 to {MAX_EPOCHS}.")
    _require_axis("beta", order.betas, empty=False, is_grid=order.task == "sweep")
    _require_axis("latent_dim", order.latent_dims, empty=True, is_grid=order.task == "sweep")
    if (cells := len(order.betas) * max(1, len(order.latent_dims))) > MAX_CELLS:
        raise ValueError(f"the grid has {cells} cells; choose values that make {MAX_CELLS}.")
    for beta in order.betas:
        ObjectiveConfig(beta=beta, free_bits=order.free_bits)
    Warmup(kind=order.warmup, epochs=order.warmup_epochs)
    for dim in order.latent_dims or (32,):
        ModelConfig(image_size=spec.image_size or 64, latent_dim=dim, width=order.width or 32)


def _require_axis(name: str, values: tuple[float, ...], *, empty: bool, is_grid: bool) -> None:
    if not values and not empty:
        raise ValueError(f"{name} is missing; give at least one value.")
    if len(values) > 1 and not is_grid:
        raise ValueError(f"{name} has {len(values)} values; a single run takes one.")
    for value in values:
        if values.count(value) > 1:
            raise ValueError(f"{name} holds {value:g} twice; give each value once.")


def _option(name: str, *values: object) -> list[str]:
    given = [str(value) for value in values if value is not None]
    return [f"--{name}", *given] if given else []


def _number(value: float) -> str:
    return f"{value:.12g}"


def _short(path: Path) -> str:
    """A folder of this program relative to it, any other in full."""
    full = path.expanduser().resolve()
    return str(full.relative_to(ROOT)) if full.is_relative_to(ROOT) else str(full)
