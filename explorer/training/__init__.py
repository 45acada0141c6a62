"""From settings to a bundle: the loop, its state on disk, its progress."""

from explorer.training.errors import TrainingError
from explorer.training.run import resume, train
from explorer.training.settings import Optimisation, RunSettings

__all__ = ["Optimisation", "RunSettings", "TrainingError", "resume", "train"]
