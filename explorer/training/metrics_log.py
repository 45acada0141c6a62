"""The curves of a run: one JSON object per line, the truth from which all plots are drawn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from explorer.training.errors import TrainingError


class MetricsLog:
    """An append-only ``metrics.jsonl``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, event: dict[str, Any]) -> None:
        """Append one event.

        Raises:
            TrainingError: The disk refuses.
        """
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(event) + "\n")
        except OSError as error:
            raise self._refused(error) from error

    def read(self) -> list[dict[str, Any]]:
        """All whole events; a line cut short by a kill is left out."""
        if not self.path.exists():
            return []
        events = []
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                events.append(json.loads(line))
            except json.JSONDecodeError:
                continue
        return events

    def rewind(self, epoch: int) -> None:
        """Forget events of epochs that the saved state does not hold, before they run again.

        Raises:
            TrainingError: The disk refuses.
        """
        kept = [event for event in self.read() if event["epoch"] <= epoch]
        staging = self.path.with_suffix(".writing")
        text = "".join(json.dumps(event) + "\n" for event in kept)
        try:
            staging.write_text(text, encoding="utf-8")
            staging.replace(self.path)
        except OSError as error:
            raise self._refused(error) from error

    def _refused(self, error: OSError) -> TrainingError:
        return TrainingError(
            f"{self.path}: cannot be written ({error.strerror or error}); free some space, then "
            f"go on with: python train_cli.py resume {self.path.parent.parent}"
        )
