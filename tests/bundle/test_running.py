from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from explorer import BundleError
from explorer.bundle import running as module
from explorer.bundle.running import LOCK, held, is_held, is_running, require_idle, running

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys, time
from pathlib import Path
from explorer.bundle.running import running
with running(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "PATIENCE_S", 0.1)
    return tmp_path / "out" / "run"


def test_a_run_that_goes_on_is_seen_and_leaves_nothing(bundle: Path) -> None:
    assert not is_running(bundle)
    with running(bundle):
        assert is_running(bundle)
        assert [path.name for path in (bundle / ".resume").iterdir()] == [LOCK]
    assert not is_running(bundle)
    assert not bundle.exists()


def test_what_a_run_wrote_stays_without_the_lock(bundle: Path) -> None:
    with running(bundle):
        (bundle / ".resume" / "state.pt").write_text("kept")
    assert [path.name for path in (bundle / ".resume").iterdir()] == ["state.pt"]


def test_the_second_run_in_a_folder_is_refused(bundle: Path) -> None:
    sentence = "another process trains there now; wait for it, or choose another --name"
    with running(bundle):
        with pytest.raises(BundleError, match=sentence), running(bundle):
            pass
        with pytest.raises(BundleError, match=sentence):
            require_idle(bundle)
        assert is_running(bundle)
    require_idle(bundle)
    with running(bundle):
        assert is_running(bundle)


def test_the_lock_dies_with_its_process(bundle: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(bundle)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert is_running(bundle)
        with pytest.raises(BundleError, match="another process trains there"), running(bundle):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert not is_running(bundle)
        assert (bundle / ".resume" / LOCK).exists()
        with running(bundle):
            assert is_running(bundle)
    finally:
        holder.kill()
        holder.communicate()


def test_a_disk_that_refuses_is_a_sentence(bundle: Path) -> None:
    bundle.parent.write_text("no folder")
    sentence = r"run/\.resume: cannot be written \(.+\); free some space or choose another --out"
    with pytest.raises(BundleError, match=sentence), running(bundle):
        pass


def test_any_file_can_be_held(tmp_path: Path) -> None:
    path = tmp_path / "notes" / "sweep.lock"
    with held(path, busy="taken"):
        assert is_held(path)
        with pytest.raises(BundleError, match="taken"), held(path, busy="taken"):
            pass
    assert not is_held(path)
    assert not path.exists()
