from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys, time
try:
    print("ready", __name__, *sys.argv[1:], flush=True)
    while True:
        time.sleep(0.01)
except KeyboardInterrupt:
    print("stopped")
    sys.exit(130)
"""


def test_a_script_stops_when_its_pipe_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(SCRIPT)
    process = subprocess.Popen(
        [sys.executable, "-m", "explorer.bundle.tended", str(path), "--name", "two words"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready __main__ --name two words\n"
    out, _ = process.communicate(timeout=60)
    assert (out, process.returncode) == ("stopped\n", 130)
