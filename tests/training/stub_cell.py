"""A cell that trains nothing: what it does stands in a file, so that no test waits for torch.

``STUB_CELLS`` names a folder. CELL.json there is ``{"do": "finish" | "fail" | "die" | "wait"}``;
a bundle of that name there is what a cell that finishes leaves.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path


def wait(run: Path) -> int:
    """Be trained until the pipe is closed, as a real cell."""
    (run / ".resume").mkdir(parents=True, exist_ok=True)
    event = {"split": "train", "step": 3, "epoch": 2, "elbo": -1.5, "rate": 1.0}
    event |= {"distortion": 0.5, "images_per_s": 9.0}
    (run / ".resume" / "metrics.jsonl").write_text(json.dumps(event) + "\n")
    (run / ".resume" / "pid").write_text(str(os.getpid()))
    while os.read(0, 1):
        pass
    return 130


def main(settings: Path) -> int:
    shelf, run = Path(os.environ["STUB_CELLS"]), settings.parent.parent / settings.stem
    print("started", os.environ["OMP_NUM_THREADS"], file=sys.stderr)
    action = json.loads((shelf / settings.name).read_text())["do"]
    if action == "wait":
        return wait(run)
    if action == "die":
        (run / ".resume").mkdir(parents=True)
        os.kill(os.getpid(), signal.SIGKILL)
    if action == "fail":
        print("\nthe loss is nan, so the run stopped before that step.", file=sys.stderr)
        return 1
    shutil.copytree(shelf / settings.stem, run, dirs_exist_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
