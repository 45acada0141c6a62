"""How the weight of the KL term grows during training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from explorer.vae.config import ConfigError

WarmupKind = Literal["none", "linear", "cyclical"]
WARMUPS: tuple[str, ...] = get_args(WarmupKind)
# Fu et al. 2019 ramp during the first half of each cycle and hold during the second.
CYCLE_RAMP = 0.5


@dataclass(frozen=True)
class Warmup:
    """A factor in [0, 1] on beta, as a function of the (fractional) epoch.

    Attributes:
        kind: ``none``; ``linear`` (Bowman et al. 2016): 0 to 1 over ``epochs``; ``cyclical``
            (Fu et al. 2019): ``cycles`` equal cycles over ``epochs``, each a ramp and a plateau.
        epochs: Length of the ramp (linear) or of all cycles together (cyclical).
        cycles: Number of cycles (cyclical).
    """

    kind: WarmupKind = "none"
    epochs: float = 0.0
    cycles: int = 4

    def __post_init__(self) -> None:
        """Refuse schedules that mean nothing.

        Raises:
            ConfigError: Naming the field, its value and the remedy.
        """
        if self.kind not in WARMUPS:
            raise ConfigError(f"warmup is {self.kind!r}; choose one of {', '.join(WARMUPS)}.")
        if self.kind != "none" and not self.epochs > 0:
            raise ConfigError(
                f"warmup_epochs is {self.epochs} with a {self.kind} warm-up; "
                "choose more than 0, or set the warm-up to none."
            )
        if self.cycles < 1:
            raise ConfigError(f"cycles is {self.cycles}; choose 1 or more.")

    def factor(self, epoch: float) -> float:
        """The factor on beta at ``epoch`` (0.5 is the middle of the first epoch)."""
        if self.kind == "none" or epoch >= self.epochs:
            return 1.0
        if self.kind == "linear":
            return epoch / self.epochs
        within_cycle = (epoch / self.epochs * self.cycles) % 1.0
        return min(1.0, within_cycle / CYCLE_RAMP)
