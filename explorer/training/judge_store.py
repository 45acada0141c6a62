"""Judges kept in the cache: weights as safetensors, all else as JSON in the file's head."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from explorer.bundle.atomic import replace_file
from explorer.data import DataError
from explorer.data.cache import default_cache
from explorer.training.judge_network import JudgeNetwork

FACTS = "judge"


@dataclass(frozen=True)
class Facts:
    """What a judge is besides its weights.

    Attributes:
        attribute_names: A of them, the first outputs.
        label_names: Classes of the label, the other outputs.
        prior: Log-odds of each attribute and log-frequency of each class in training.
        accuracy: Balanced accuracy of each on held-out pictures, None where it has none.
    """

    attribute_names: tuple[str, ...]
    label_names: tuple[str, ...]
    prior: tuple[float, ...]
    accuracy: tuple[float | None, ...] = ()


def judge_file(source: str, *, key: str) -> Path:
    """Where the judge with this key is kept, there or not."""
    return default_cache() / "judges" / f"{source}-{key}.safetensors"


def read_judge(path: Path, network: JudgeNetwork) -> Facts | None:
    """Fill ``network`` from a file; None when there is none or it is damaged in any way."""
    try:
        with safe_open(path, framework="pt") as file:
            weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            facts = json.loads(file.metadata()[FACTS])
        network.load_state_dict(weights)
        return Facts(**{name: tuple(values) for name, values in facts.items()})
    except (OSError, SafetensorError, RuntimeError, ValueError, KeyError, TypeError):
        return None


def write_judge(path: Path, network: JudgeNetwork, facts: Facts) -> None:
    """Write a judge so that a kill leaves nothing or all of it.

    Raises:
        DataError: The cache cannot be written.
    """
    weights = {name: value.contiguous() for name, value in network.state_dict().items()}
    blob = save(weights, metadata={FACTS: json.dumps(asdict(facts))})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, blob, staging=path.parent)
    except OSError as error:
        raise DataError(
            f"The judge cannot be kept at {path}: {error.strerror or error}. Make room there, or "
            "point LATENT_EXPLORER_CACHE to another folder."
        ) from error
