from __future__ import annotations

import json
from dataclasses import asdict
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from explorer.data import worker
from explorer.data.pictures import Frame


def test_a_worker_fills_its_share_and_reports_it(
    tmp_path: Path,
    make_pictures,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = make_pictures(tmp_path / "set", 140)
    (tmp_path / "set" / names[65]).write_bytes(b"")
    np.save(tmp_path / "out.npy", np.zeros((140, 28, 28, 3), np.uint8))
    job = {
        "store": str(tmp_path / "set"),
        "out": str(tmp_path / "out.npy"),
        "frame": asdict(Frame(28, 3)),
        "names": names,
        "first": 1,
        "stride": 2,
    }
    monkeypatch.setattr("sys.stdin", StringIO(json.dumps(job)))
    worker.main()
    steps = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [step["count"] for step in steps] == [64]
    reason = "065.png: the file is empty (0 bytes)"
    assert steps[0]["failures"] == [{"index": 65, "reason": reason}]
    out = np.load(tmp_path / "out.npy")
    assert out[64:128].any(axis=(1, 2, 3)).sum() == 63
    assert not out[:64].any()
    assert not out[128:].any()
