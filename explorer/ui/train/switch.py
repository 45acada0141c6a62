"""The one setting that keeps visitors of a public server from training."""

from __future__ import annotations

import os
from collections.abc import Mapping

from explorer.bundle import BundleError

VARIABLE = "LATENT_EXPLORER_TRAINING"
ON = ("", "on", "1", "true", "yes")


def is_on(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether runs may be started from the app: unless ``LATENT_EXPLORER_TRAINING`` says no.

    A word that is neither yes nor no counts as no: a slip must not open a public server.
    """
    return environ.get(VARIABLE, "").strip().lower() in ON


def require_on() -> None:
    """Refuse to do anything where training is switched off.

    Raises:
        BundleError: Naming the setting.
    """
    if not is_on():
        raise BundleError(
            f"Training from the app is switched off here ({VARIABLE}); the command line still "
            "trains."
        )
