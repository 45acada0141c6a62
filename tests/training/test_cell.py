from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import explorer
from explorer.bundle.running import running
from explorer.training.cell import DONE, FAILED, STOPPED, run_cell
from explorer.training.settings import to_json
from explorer.training.trainer import Trainer
from tests.training.runs import make_settings


@pytest.fixture
def settings(tmp_path: Path, quick_umap: None) -> Path:
    """A cell's file; what it says of the folder is from before the sweep was moved."""
    path = tmp_path / "sweep" / ".runs" / "beta-0.075_dim-4.json"
    path.parent.mkdir(parents=True)
    path.write_text(to_json(make_settings(tmp_path / "elsewhere", name="old")))
    return path


@pytest.fixture
def bundle(settings: Path) -> Path:
    return settings.parent.parent / "beta-0.075_dim-4"


def test_a_cell_is_stopped_and_goes_on_where_it_was(
    settings: Path, bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take = Trainer._take_step

    def stop(self: Trainer, *given: Any) -> Any:
        if self.step == 4:
            raise KeyboardInterrupt
        return take(self, *given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trainer, "_take_step", stop)
        assert run_cell(settings) == STOPPED
    assert (bundle / ".resume" / "state.pt").is_file()
    assert run_cell(settings) == DONE
    assert explorer.load(bundle).name == "beta-0.075_dim-4"
    assert len(explorer.load(bundle).metrics.query("split == 'valid'")) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1] == str(bundle)


def test_what_goes_wrong_is_the_last_line(
    settings: Path, bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(bundle):
        assert run_cell(settings) == FAILED
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith(f"{bundle}: another process trains there now")
    settings.write_text("{}")
    assert run_cell(settings) == FAILED
    assert "the saved settings do not fit" in capsys.readouterr().err.splitlines()[-1]
