"""What an experiment of the lab is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Experiment:
    """One section of the lab.

    Attributes:
        key: The ``experiment`` of its link.
        title: A few words, for the chooser.
        question: What the course asks, in one sentence.
        draw: Draws the experiment and, last, what was measured; its controls are in the link.
    """

    key: str
    title: str
    question: str
    draw: Callable[[], None]
