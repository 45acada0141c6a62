"""The networks, the variational autoencoder and its objective; nothing else."""

from explorer.vae.config import ARCHITECTURES, IMAGE_SIZES, LOGVAR_MIN, ConfigError, ModelConfig
from explorer.vae.model import VAE, Posterior
from explorer.vae.objective import LIKELIHOODS, ElboTerms, Objective, kl_per_dim
from explorer.vae.schedules import WARMUPS, Warmup

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
    "Posterior",
    "Warmup",
    "kl_per_dim",
]
