"""Downloading the standard sets through torchvision."""

from __future__ import annotations

from pathlib import Path

from explorer.data.dataset import DataError

CLASSES = {"mnist": "MNIST", "fashion-mnist": "FashionMNIST", "cifar10": "CIFAR10"}


def download(source: str, root: Path) -> None:
    """Fetch a set into a folder; torchvision shows its progress and checks its sums.

    Raises:
        DataError: without network, or where nothing can be written.
    """
    from torchvision import datasets

    try:
        getattr(datasets, CLASSES[source])(str(root), download=True)
    except (OSError, RuntimeError) as error:
        raise DataError(
            f"{source} is not at {root} and cannot be downloaded: {_first_line(error)}. "
            "Give --root the folder that has it, or use the source digits, which needs none."
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
