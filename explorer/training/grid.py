"""The cells of a sweep: every combination of the values of its axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any, Literal

from explorer.bundle.sweeps import CellIndex
from explorer.training.settings import RunSettings
from explorer.vae.config import Architecture, ConfigError
from explorer.vae.schedules import Warmup, WarmupKind

Kind = Literal["vae", "ae"]
# Where and how fast a run happens, but not what comes out of it.
MACHINE = ("name", "out", "device", "compile", "threads")


@dataclass(frozen=True)
class Axes:
    """What a sweep goes through.

    Attributes:
        betas: Weights of the KL term.
        latent_dims: Lengths of a code.
        architectures: ``conv`` or ``mlp``.
        kinds: ``vae``, or ``ae`` for an autoencoder, to which beta and warm-up mean nothing.
        warmups: How beta grows at the start.
        kl_thresholds: Nats per dimension that cost nothing (free bits).
    """

    betas: Sequence[float]
    latent_dims: Sequence[int]
    architectures: Sequence[Architecture] = ("conv",)
    kinds: Sequence[Kind] = ("vae",)
    warmups: Sequence[WarmupKind] = ("none",)
    kl_thresholds: Sequence[float] = (0.0,)

    def __post_init__(self) -> None:
        """Refuse an axis without values or with one twice.

        Raises:
            ConfigError: Naming the axis and the value.
        """
        for name, values in asdict(self).items():
            option = f"--{name.replace('_', '-')}"
            if not values:
                raise ConfigError(f"{name} is empty; give {option} at least one value.")
            for value in values:
                if list(values).count(value) > 1:
                    raise ConfigError(
                        f"{name} holds {_text(value)} twice; give each value to {option} once."
                    )


@dataclass(frozen=True)
class Run:
    """A cell and the run that trains it."""

    index: CellIndex
    settings: RunSettings


def runs_of(base: RunSettings, axes: Axes) -> tuple[Run, ...]:
    """The runs of a sweep: ``base`` with the values of each cell.

    Args:
        base: What the cells share; its folder is the sweep's.
        axes: In what they differ.

    Raises:
        ConfigError: A value that no run can have.
    """
    return tuple(_run(base, cell) for cell in _cells(axes))


def _cells(axes: Axes) -> list[CellIndex]:
    found = []
    for architecture, kind, dim in product(axes.architectures, axes.kinds, axes.latent_dims):
        if kind == "ae":
            found.append(_cell(architecture, dim, variational=False))
            continue
        for warmup, free, beta in product(axes.warmups, axes.kl_thresholds, axes.betas):
            found.append(_cell(architecture, dim, beta=beta, warmup=warmup, free_bits=free))
    return found


def _cell(
    architecture: str,
    dim: int,
    *,
    variational: bool = True,
    beta: float = 0.0,
    warmup: str = "none",
    free_bits: float = 0.0,
) -> CellIndex:
    beta, free_bits = float(beta) + 0.0, float(free_bits) + 0.0  # -0.0 is 0
    # All axes are in the name, so that a sweep can be extended along any of them.
    words = [f"beta-{_text(beta)}" if variational else "ae", f"dim-{dim}", architecture]
    words += [warmup] if warmup != "none" else []
    words += [f"free-{_text(free_bits)}"] if free_bits else []
    return CellIndex("_".join(words), beta, dim, architecture, variational, warmup, free_bits)


def _text(value: Any) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _run(base: RunSettings, cell: CellIndex) -> Run:
    shape = ("architecture", "latent_dim", "variational")
    model: dict[str, Any] = {name: getattr(cell, name) for name in shape}
    warmup = Warmup()
    if cell.warmup != "none":
        warmup = replace(base.warmup, kind=cell.warmup)  # type: ignore[arg-type]
    return Run(
        cell,
        replace(
            base,
            name=cell.name,
            out=base.folder,
            model=replace(base.model, **model),
            objective=replace(base.objective, beta=cell.beta, free_bits=cell.free_bits),
            warmup=warmup,
        ),
    )


def difference(one: RunSettings, other: RunSettings) -> str:
    """The first setting in which two runs differ, in words; empty when they come to the same."""
    first, second = (_flat(asdict(settings)) for settings in (one, other))
    for name, value in first.items():
        if name not in MACHINE and second[name] != value:
            return f"{name} is {value}, not {second[name]}"
    return ""


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = str(value)
    return found
