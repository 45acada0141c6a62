"""The curves of a run: one JSON object per line, the truth from which all plots are drawn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


class MetricsLog:
    """An append-only ``metrics.jsonl``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, event: dict[str, Any]) -> None:
        """Append one event."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(event) + "\n")

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
        """Forget events of epochs that the saved state does not hold, before they run again."""
        kept = [event for event in self.read() if event["epoch"] <= epoch]
        staging = self.path.with_suffix(".writing")
        staging.write_text("".join(json.dumps(event) + "\n" for event in kept), encoding="utf-8")
        staging.replace(self.path)
