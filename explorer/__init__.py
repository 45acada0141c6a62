"""Latent Explorer: train, open and explore variational autoencoders.

Importing this package is cheap: torch and streamlit are only loaded by what needs them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explorer.bundle import Bundle, BundleError, catalogue, load

__version__ = "0.1.0"
__all__ = ["Bundle", "BundleError", "catalogue", "load"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("explorer.bundle"), name)
    raise AttributeError(f"module 'explorer' has no attribute {name!r}")
