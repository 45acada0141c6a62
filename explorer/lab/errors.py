"""The error of the lab."""

from __future__ import annotations


class LabError(ValueError):
    """A setting that an experiment cannot have; the message is a sentence for the user."""
