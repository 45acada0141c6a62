"""The one error of this package."""

from __future__ import annotations


class BundleError(ValueError):
    """A bundle cannot be read, written or used so; the message is a sentence for the user."""
