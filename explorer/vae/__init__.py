"""The networks, the variational autoencoder and its objective; nothing else.

Settings come without torch; it is imported with the first name that needs it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from explorer.vae.config import (
    ARCHITECTURES,
    IMAGE_SIZES,
    LOGVAR_MIN,
    OUTPUTS,
    ConfigError,
    ModelConfig,
)
from explorer.vae.schedules import WARMUPS, Warmup

if TYPE_CHECKING:
    from explorer.vae.model import VAE, Posterior
    from explorer.vae.objective import (
        LIKELIHOODS,
        ElboTerms,
        Objective,
        ObjectiveConfig,
        kl_per_dim,
    )
    from explorer.vae.principal import PrincipalComponents, principal_components, start_at

__all__ = [
    "ARCHITECTURES",
    "IMAGE_SIZES",
    "LIKELIHOODS",
    "LOGVAR_MIN",
    "OUTPUTS",
    "VAE",
    "WARMUPS",
    "ConfigError",
    "ElboTerms",
    "ModelConfig",
    "Objective",
    "ObjectiveConfig",
    "Posterior",
    "PrincipalComponents",
    "Warmup",
    "kl_per_dim",
    "principal_components",
    "start_at",
]

_HOMES = {
    "ElboTerms": "objective",
    "LIKELIHOODS": "objective",
    "Objective": "objective",
    "ObjectiveConfig": "objective",
    "Posterior": "model",
    "PrincipalComponents": "principal",
    "VAE": "model",
    "kl_per_dim": "objective",
    "principal_components": "principal",
    "start_at": "principal",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"explorer.vae.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'explorer.vae' has no attribute {name!r}")
