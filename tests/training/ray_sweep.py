"""A sweep on a Ray cluster of two node processes, started for it; then a cell that is stopped.

    python -m tests.training.ray_sweep OUT train_cli's options of a sweep ...

Prints, as JSON, the nodes, the sweep's exit code, and the exit code of the stopped cell.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from ray.cluster_utils import Cluster

import train_cli
from explorer.training import cell
from explorer.training.ray_engine import RayEngine
from tests.training.runs import make_settings


def stopped_code(out: Path) -> int | None:
    """The exit code of a cell that is stopped once it is there."""
    engine = RayEngine(make_settings(out), slots=1)
    started = engine.start(out / "wait.json", out / "wait.log", slot=0)
    while not (out / "wait.node").exists():
        assert started.poll() is None
        time.sleep(0.05)
    started.stop()
    started.end(30)
    code = started.poll()
    engine.close()
    return code


if __name__ == "__main__":
    cell.MODULE = "tests.training.ray_cell"
    node = {"num_cpus": 1, "object_store_memory": 100 * 2**20}
    cluster = Cluster(initialize_head=True, head_node_args=node | {"include_dashboard": False})
    cluster.add_node(**node)
    os.environ["RAY_ADDRESS"] = cluster.address
    found = {
        "nodes": sorted(one.node_id for one in cluster.list_all_nodes()),
        "code": train_cli.main(["sweep", "--engine", "ray", *sys.argv[2:]]),
        "stopped": stopped_code(Path(sys.argv[1])),
    }
    cluster.shutdown()
    print(json.dumps(found))
