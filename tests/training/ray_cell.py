"""A quick cell that leaves word of the Ray node it ran on; one named ``wait`` is to be stopped."""

from __future__ import annotations

import time
from pathlib import Path

import ray

from explorer.training.cell import STOPPED
from tests.training import quick_cell


def run_cell(path: Path) -> int:
    path.with_suffix(".node").write_text(ray.get_runtime_context().get_node_id())
    if path.stem != "wait":
        return quick_cell.run_cell(path)
    try:
        while True:
            time.sleep(0.01)
    except KeyboardInterrupt:
        return STOPPED
