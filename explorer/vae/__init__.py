"""The networks, the variational autoencoder and its objective; nothing else."""

from explorer.vae.config import (
    ARCHITECTURES,
    IMAGE_SIZES,
    LOGVAR_MIN,
    OUTPUTS,
    ConfigError,
    ModelConfig,
)
from explorer.vae.model import VAE, Posterior
from explorer.vae.objective import LIKELIHOODS, ElboTerms, Objective, ObjectiveConfig, kl_per_dim
from explorer.vae.principal import PrincipalComponents, principal_components, start_at
from explorer.vae.schedules import WARMUPS, Warmup

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
