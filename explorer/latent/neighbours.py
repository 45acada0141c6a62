"""Nearest codes in all D dimensions."""

from __future__ import annotations


class CodeIndex:
    """First version."""
