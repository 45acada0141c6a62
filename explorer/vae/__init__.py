"""The networks, the variational autoencoder and its objective; nothing else.

Settings come without torch; it is imported with the first name that needs it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from explorer.vae.config import (
    ARCHITECTURES,
    IMAGE_SIZES,
    LIKELIHOODS,
    LOGVAR_MIN,
    ConfigError,
    ModelConfig,
)
from explorer.vae.schedules import WARMUPS, Warmup

if TYPE_CHECKING:
    from explorer.vae.model import VAE, Posterior
    from explorer.vae.objective import (
        ElboTerms,
        Objective,
        ObjectiveConfig,
        kl_per_dim,
    )

__all__ = [
    "ARCHITECTURES",
    "IMAGE_SIZES",
    "LIKELIHOODS",
    "LOGVAR_MIN",
    "VAE",
    "WARMUPS",
    "ConfigError",
    "ElboTerms",
    "ModelConfig",
    "Objective",
    "ObjectiveConfig",
    "Posterior",
    "Warmup",
    "kl_per_dim",
]

_HOMES = {
    "ElboTerms": "objective",
    "Objective": "objective",
    "ObjectiveConfig": "objective",
    "Posterior": "model",
    "VAE": "model",
    "kl_per_dim": "objective",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"explorer.vae.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'explorer.vae' has no attribute {name!r}")
