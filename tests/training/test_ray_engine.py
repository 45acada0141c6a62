from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.bundle.sweeps import read_sweep
from explorer.training import TrainingError
from explorer.training.cell import STOPPED
from explorer.training.ray_engine import RayEngine
from explorer.vae import ConfigError
from tests.training.runs import make_settings

ROOT = Path(__file__).parents[2]
SWEEP = (
    "--data digits --limit 64 --batch-size 16 --epochs 1 --width 8 --betas 0 4 --latent-dims 2 "
    "--architectures mlp --device cpu --precision fp32 --name grid"
)


def test_without_ray_there_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(TrainingError, match=r"pip install -r requirements-ray\.txt"):
        RayEngine(make_settings(tmp_path), slots=1)


def test_no_job_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="jobs is 0"):
        RayEngine(make_settings(tmp_path), slots=0)


def test_a_sweep_on_a_cluster_of_two_nodes(tmp_path: Path) -> None:
    """In a process of its own, since Ray leaves threads and handlers behind."""
    command = [sys.executable, "-m", "tests.training.ray_sweep", str(tmp_path)]
    done = subprocess.run(
        [*command, *SWEEP.split(), "--out", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["code"] == 0, done.stderr
    sweep = read_sweep(tmp_path / "grid")
    assert [cell.status for cell in sweep.cells] == ["done", "done"]
    assert str(sweep.cells[0].path) in done.stdout.splitlines()
    # Each node has one core, so the cells ran beside each other.
    nodes = [path.read_text() for path in (tmp_path / "grid" / ".runs").glob("*.node")]
    assert sorted(nodes) == found["nodes"]
    assert len(set(nodes)) == 2
    assert found["stopped"] == STOPPED
