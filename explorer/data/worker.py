"""A process that makes its share of the pictures; started by `explorer.data.decode`.

Reads a job as JSON from stdin, writes pictures into the memory map and one line of JSON per
block to stdout.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from explorer.data.decode import FileDraw, blocks
from explorer.data.listing import Draw
from explorer.data.pictures import Frame, quiet_decoding
from explorer.data.store import open_store
from explorer.data.toy_faces import FaceDraw


def main() -> None:
    """Do one job."""
    job = json.load(sys.stdin)
    out = np.load(job["out"], mmap_mode="r+", allow_pickle=False)
    draw = _draw(job)
    with quiet_decoding():
        for block in blocks(len(out), first=job["first"], stride=job["stride"]):
            failures = draw(block, out[block[0] : block[-1] + 1])
            step = {"count": len(block), "failures": [asdict(failure) for failure in failures]}
            print(json.dumps(step), flush=True)


def _draw(job: dict[str, Any]) -> Draw:
    if "store" in job:
        return FileDraw(open_store(Path(job["store"])), job["names"], Frame(**job["frame"]))
    return FaceDraw(seed=job["seed"], channels=job["channels"])


if __name__ == "__main__":
    main()
