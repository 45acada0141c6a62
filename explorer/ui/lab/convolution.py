"""Experiment 1: a transposed convolution, step by step."""

from __future__ import annotations

from explorer.ui.lab.experiment import Experiment
from explorer.ui.lab.pieces import explain, measured


def draw() -> None:
    """The experiment."""
    explain("A transposed convolution makes a small grid of numbers into a larger one.")
    measured("The numbers in each cell.")


EXPERIMENT = Experiment(
    key="convolution",
    title="Transposed convolution",
    question="How does a decoder make a small grid of numbers into a large picture?",
    draw=draw,
)
